package pages

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"garner/db"
	"garner/query"
)

// csvKind is the content type of CSV.
const csvKind = "text/csv; charset=utf-8; header=present"

// sent is a file that a page offers for download: its content type, its name and how it is
// written.
type sent struct {
	kind, name string
	write      func(out io.Writer) error
	original   *original // nil for a file that Garner makes
}

// original is a file that is sent as it was received.
type original struct {
	size  int64
	close func() error
}

func csvFile(name string, write func(out io.Writer) error) sent {
	return sent{kind: csvKind, name: name, write: write}
}

// sends makes a handler of what makes a file of a person's values. It is recorded in the
// audit log for the person if the account is another's.
func (s *Site) sends(file func(r *http.Request, q *query.Reader, person *db.Person) (sent, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		person, err := s.person(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.send(w, r, []int64{person.ID}, func(r *http.Request, q *query.Reader) (sent, error) { return file(r, q, person) })
	}
}

// sendsFacts makes a handler of what makes a file of delivery facts, which are no values
// of anyone: no entry in the audit log is needed.
func (s *Site) sendsFacts(file func(r *http.Request, q *query.Reader) (sent, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.send(w, r, nil, file) }
}

// send sends a file with values of some people. Like every download it waits until there
// is room for it, before anything is read.
func (s *Site) send(w http.ResponseWriter, r *http.Request, values []int64,
	file func(r *http.Request, q *query.Reader) (sent, error)) {
	end, err := s.exports.begin(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer end()
	f, err := file(r, s.reader(r, time.Now()))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.auditOthers(r, db.ActionExported, values, f.name)
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	if f.original != nil {
		defer f.original.close() //nolint:errcheck // it was only read
		h.Set("Content-Security-Policy", "sandbox")
		h.Set("Content-Length", strconv.FormatInt(f.original.size, 10))
	}
	s.stream(w, r, f.write)
}
