package pages

import (
	"cmp"
	"context"
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

// streamStall is how long a reader of a stream may take for each piece.
const streamStall = 60 * time.Second

// Each download of records holds a connection to the database and, while its
// reader is slow, the record that it is at, which can be some 10 MB. So many run
// at once; others wait for so long and are then told to come again.
const (
	mostExports    = 8
	exportPatience = 10 * time.Second
)

// startExport waits until there is room for another download.
func (s *Site) startExport(ctx context.Context) (end func(), err error) {
	wait, cancel := context.WithTimeout(ctx, exportPatience)
	defer cancel()
	select {
	case s.exports <- struct{}{}:
		return func() { <-s.exports }, nil
	case <-wait.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil,
			&statusError{http.StatusServiceUnavailable, "Too many downloads are running. Try again when one has ended."}
	}
}

// stream sends something long. The deadline moves with each piece, so that
// only a reader that stands still is cut. After the first byte an error can
// only end the stream, which the reader notices as a broken download.
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

// export is GET /p/{slug}/export/{type}?from=&to=&table=&series=&format=.
func (s *Site) export(w http.ResponseWriter, r *http.Request) {
	if err := s.Broken(); err != nil {
		s.fail(w, r, err)
		return
	}
	person, err := s.store.PersonBySlug(r.Context(), mux.Vars(r)["slug"])
	if err != nil {
		s.fail(w, r, err)
		return
	}
	t, ok := recordType(mux.Vars(r)["type"])
	if !ok {
		s.fail(w, r, db.ErrNotFound)
		return
	}
	q := r.URL.Query()
	from, to, err := span(q.Get("from"), q.Get("to"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	what := export.What{Type: t, Table: q.Get("table"), Series: q.Get("series"), Form: export.Form(q.Get("format"))}
	if what.Form == "" {
		what.Form = export.CSV
	}
	if err := what.Check(); err != nil {
		s.fail(w, r, badRequest(err.Error()))
		return
	}
	end, err := s.startExport(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer end()
	download(w, what.Form, person.Slug+"_"+what.Name())
	s.stream(w, r, func(out io.Writer) (err error) {
		store, err := s.store.Snapshot(r.Context())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }() // it ends even with a panic
		rows := what.Read(r.Context(), store, person.Name, person.ID, from, to)
		_, err = export.Write(out, what, export.Without(rows, func(err error) bool { return errors.Is(err, db.ErrDamaged) }))
		return err
	})
}

// download names what follows as a file to keep.
func download(w http.ResponseWriter, form export.Form, name string) {
	kind := "text/csv; charset=utf-8; header=present"
	if form == export.JSON {
		kind = "application/jsonl; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// exportMetrics is GET /p/{slug}/export/metrics?from=&to=&format=: one row for
// each day, every daily metric a column.
func (s *Site) exportMetrics(w http.ResponseWriter, r *http.Request) {
	if err := s.Broken(); err != nil {
		s.fail(w, r, err)
		return
	}
	person, err := s.store.PersonBySlug(r.Context(), mux.Vars(r)["slug"])
	if err != nil {
		s.fail(w, r, err)
		return
	}
	q := r.URL.Query()
	from, to, err := span(q.Get("from"), q.Get("to"))
	form := export.Form(cmp.Or(q.Get("format"), string(export.CSV)))
	if err == nil && form != export.CSV && form != export.JSON {
		err = badRequest("The format is csv or json.")
	}
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
	download(w, form, person.Slug+"_"+export.Metrics{Form: form}.Name())
	s.stream(w, r, func(out io.Writer) (err error) {
		store, err := s.store.Snapshot(r.Context())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		days := query.Metrics(r.Context(), query.Operator(), store, person.ID, from, to)
		_, err = export.WriteMetrics(out, form, export.MetricsOf(person.Name, days))
		return err
	})
}

// recordType finds a type that has records of its own.
func recordType(key string) (*garmin.Type, bool) {
	t, ok := garmin.Lookup(key)
	return t, ok && t.Key == key && !t.Notice && !t.PingOnly && t.VersionOf == ""
}

// span reads a range of dates, open where empty.
func span(from, to string) (first, last health.Day, err error) {
	first, last = export.OpenFrom, export.OpenTo
	if from != "" {
		if first, err = health.ParseDay(from); err != nil {
			return 0, 0, badRequest("From: " + err.Error())
		}
	}
	if to != "" {
		if last, err = health.ParseDay(to); err != nil {
			return 0, 0, badRequest("To: " + err.Error())
		}
	}
	if first > last {
		return 0, 0, badRequest("The range ends before it begins.")
	}
	return first, last, nil
}
