package pages

import (
	"io"
	"net/http"
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
}

// sends makes a handler of what makes a file of a person's values. Like every download it
// waits until there is room for it, before anything is read, and is recorded in the audit
// log for the person if the account is another's.
func (s *Site) sends(file func(r *http.Request, q *query.Reader, person *db.Person) (sent, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		person, err := s.person(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		end, err := s.startExport(r.Context())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer end()
		f, err := file(r, s.reader(r, time.Now()), person)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.auditOthers(r, db.ActionExported, []int64{person.ID}, f.name)
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
		s.stream(w, r, f.write)
	}
}
