package pages

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
)

// The addresses of the data dictionary.
const (
	dictionaryPath = "/export/data-dictionary.md"
	columnsPath    = "/export/dictionary.csv" // for programs
)

// exportZIP is GET /export.zip, which takes what exportChoice reads. One file of
// one person is at an address of its own; for more, the password must have been given
// a short time ago. A choice that cannot be exported shows the form again, as filled
// in.
func (s *Site) exportZIP(w http.ResponseWriter, r *http.Request) {
	c, err := s.exportChoice(r, time.Now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	plan := c.plan()
	if c.problem != "" {
		s.page(func(r *http.Request) (answer, error) { return s.exportForm(r, &c) })(w, r)
		return
	}
	if to, ok := c.single(plan); ok {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	// Many files at once are what a stranger at an open browser would take.
	if again, ok := s.fresh(r, "/export?"+r.URL.RawQuery); !ok {
		http.Redirect(w, r, again.to, http.StatusSeeOther)
		return
	}
	name := "garner"
	if c.slug != "" {
		name = c.slug
	}
	s.sendExport(w, r, &c, plan.Files, func() {
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+"_export_"+c.today.String()+`.zip"`)
	}, func(out io.Writer, from *export.Source) error {
		a := &export.Archive{Plan: plan, Form: c.form, Source: from, Made: from.Reader.Now.In(c.zone), Version: s.Version,
			Demo: s.Demo, Marked: c.marked}
		return a.Write(r.Context(), out)
	})
}

// exportCoverage is GET /p/{slug}/export/coverage?from=&to=&format=.
func (s *Site) exportCoverage(w http.ResponseWriter, r *http.Request) {
	c, err := s.exportChoice(r, time.Now())
	if err == nil && c.problem != "" {
		err = &statusError{c.status, c.problem}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	file := export.Coverage{Form: c.form}
	s.sendExport(w, r, &c, []export.File{file}, func() {
		download(w, c.form, mux.Vars(r)["slug"]+"_"+file.Name())
	}, func(out io.Writer, from *export.Source) error {
		if err := mark(out, c.marked); err != nil {
			return err
		}
		_, err := file.Write(r.Context(), out, from)
		return err
	})
}

// mark writes the byte order mark of a file for a spreadsheet.
func mark(out io.Writer, marked bool) error {
	if !marked {
		return nil
	}
	_, err := io.WriteString(out, export.Mark)
	return err
}

// exportColumns is GET /export/dictionary.csv.
func (s *Site) exportColumns(w http.ResponseWriter, r *http.Request) {
	file := export.Columns{}
	download(w, export.CSV, file.Name())
	s.stream(w, r, func(out io.Writer) error {
		_, err := file.Write(r.Context(), out, nil)
		return err
	})
}

// exportDictionary is GET /export/data-dictionary.md.
func (s *Site) exportDictionary(w http.ResponseWriter, r *http.Request) {
	file := export.Dictionary{}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+file.Name()+`"`)
	s.stream(w, r, func(out io.Writer) error {
		_, err := file.Write(r.Context(), out, nil)
		return err
	})
}

// sendExport sends what is read from a snapshot, so that records that change in
// the meantime are neither repeated nor missed. An error before head is called
// shows the error page; a later one cuts the stream.
func (s *Site) sendExport(w http.ResponseWriter, r *http.Request, c *exportChoice, files []export.File, head func(),
	send func(io.Writer, *export.Source) error) {
	end, err := s.exports.begin(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer end()
	store, err := s.store.Snapshot(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	from, err := s.source(r, c, files, store)
	if err != nil {
		s.fail(w, r, errors.Join(err, store.Close()))
		return
	}
	if haveValues(files) {
		s.auditOthers(r, db.ActionExported, ids(c.people), fileKeys(files))
	}
	head()
	s.stream(w, r, func(out io.Writer) (err error) {
		defer func() { err = errors.Join(err, store.Close()) }() // also after a panic
		return send(out, from)
	})
}

// source reads a choice from a snapshot. What the coverage needs from the watch is
// read at once.
func (s *Site) source(r *http.Request, c *exportChoice, files []export.File, store *db.Store) (*export.Source, error) {
	from := &export.Source{Reader: s.reader(r, time.Now()), From: c.first, To: c.last}
	from.Reader.Store = store
	for _, p := range c.people {
		from.People = append(from.People, export.Person{ID: p.ID, Name: p.Name})
	}
	var err error
	if slices.Contains(files, export.File(export.Coverage{Form: c.form})) {
		_, err = from.Reader.Household(r.Context())
	}
	return from, err
}

// haveValues reports whether one of some files has values, and not delivery facts
// only.
func haveValues(files []export.File) bool {
	return slices.ContainsFunc(files, func(f export.File) bool {
		switch f.(type) {
		case export.Coverage, export.Dictionary, export.Columns:
			return false
		}
		return true
	})
}

// fileKeys names files in the audit log, where everything has many.
func fileKeys(files []export.File) string {
	const most = 5
	var keys []string
	for _, f := range files[:min(len(files), most)] {
		keys = append(keys, f.Key())
	}
	if more := len(files) - most; more > 0 {
		keys = append(keys, strconv.Itoa(more)+" more")
	}
	return strings.Join(keys, ", ")
}
