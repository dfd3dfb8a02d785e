package pages

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
	"garner/garmin"
	"garner/health"
	"garner/query"
)

// streamStall is how long a client of a stream may take for each piece.
const streamStall = 60 * time.Second

// Each download of records holds a connection to the database and, while its
// reader is slow, the record that it is at, which can be some 10 MB. So many run
// at once; others wait for so long and are then refused.
const (
	mostExports    = 8
	exportPatience = 10 * time.Second
)

// stream sends something long. The deadline moves with each piece, so that
// only a stalled client is cut. After the first byte an error can only end the
// stream, which the client sees as a failed download.
func (s *Site) stream(w http.ResponseWriter, r *http.Request, send func(io.Writer) error) {
	err := send(&pacedWriter{w: w, ctl: http.NewResponseController(w)})
	if err != nil && r.Context().Err() == nil {
		s.log.Warn("stream ended early", "path", r.URL.Path, "err", err)
		panic(http.ErrAbortHandler) // closes the connection without a proper end
	}
}

type pacedWriter struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

func (p *pacedWriter) Write(b []byte) (int, error) {
	if err := p.ctl.SetWriteDeadline(time.Now().Add(streamStall)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.w.Write(b)
}

// file is what a download gives: its name, its form, and how it is written by a
// reader of a snapshot of the store.
type file struct {
	name   string
	form   export.Form
	marked bool // for a spreadsheet: it begins with export.Mark
	write  func(from *query.Reader, out io.Writer) error
}

// prepare makes the file of a person and a range of dates.
type prepare func(r *http.Request, person *db.Person, from, to health.Day) (file, error)

// downloads makes a handler of what prepares a file.
func (s *Site) downloads(prepare prepare) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, end, err := s.startDownload(r, prepare)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer end()
		download(w, f.form, f.name)
		s.stream(w, r, func(out io.Writer) (err error) {
			store, err := s.store.Snapshot(r.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, store.Close()) }() // it ends even with a panic
			from := s.reader(r, time.Now())
			from.Store = store
			if err := mark(out, f.marked); err != nil {
				return err
			}
			return f.write(from, out)
		})
	}
}

// startDownload prepares a file and waits until there is room to send it. end
// must be called once it was sent.
func (s *Site) startDownload(r *http.Request, prepare prepare) (f file, end func(), err error) {
	person, err := s.person(r)
	if err != nil {
		return file{}, nil, err
	}
	from, to, err := span(r.URL.Query().Get("from"), r.URL.Query().Get("to"))
	if err != nil {
		return file{}, nil, err
	}
	if f, err = prepare(r, person, from, to); err != nil {
		return file{}, nil, err
	}
	if end, err = s.exports.begin(r.Context()); err == nil {
		s.auditOthers(r, db.ActionExported, []int64{person.ID}, f.name)
	}
	return f, end, err
}

// exportRecords is GET /p/{slug}/export/{type}?from=&to=&table=&series=&format=.
func exportRecords(r *http.Request, person *db.Person, from, to health.Day) (file, error) {
	t, ok := recordType(mux.Vars(r)["type"])
	if !ok {
		return file{}, db.ErrNotFound
	}
	q := r.URL.Query()
	form, marked, err := formatOf(q)
	if err != nil {
		return file{}, err
	}
	what := export.What{Type: t, Table: q.Get("table"), Series: q.Get("series"), Form: form}
	if err := what.Check(); err != nil {
		return file{}, badRequest(err.Error())
	}
	return file{person.Slug + "_" + what.Name(), what.Form, marked, func(q *query.Reader, out io.Writer) error {
		rows := what.Read(r.Context(), q, export.Person{ID: person.ID, Name: person.Name}, from, to)
		_, err := export.Write(out, what,
			export.Without(rows, query.Damaged))
		return err
	}}, nil
}

// exportMetrics is GET /p/{slug}/export/metrics?from=&to=&format=: one row for
// each day, one column for each daily metric.
func exportMetrics(r *http.Request, person *db.Person, from, to health.Day) (file, error) {
	form, marked, err := formatOf(r.URL.Query())
	if err != nil {
		return file{}, err
	}
	name := person.Slug + "_" + export.Metrics{Form: form}.Name()
	return file{name, form, marked, func(q *query.Reader, out io.Writer) error {
		days := q.Metrics(r.Context(), person.ID, from, to)
		_, err := export.WriteMetrics(out, form, export.MetricsOf(person.Name, days))
		return err
	}}, nil
}

// download sends the headers of a file download.
func download(w http.ResponseWriter, form export.Form, name string) {
	kind := csvKind
	if form == export.JSON {
		kind = "application/jsonl; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// recordType finds a type that has records of its own.
func recordType(key string) (*garmin.Type, bool) {
	t, ok := garmin.Lookup(key)
	return t, ok && t.Key == key && t.HasRecords()
}
