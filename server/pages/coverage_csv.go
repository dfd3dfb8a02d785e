package pages

import (
	"io"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"garner/export"
	"garner/ui"
)

// flushBytes is how much of a file is gathered before it is written.
const flushBytes = 64 << 10

// coverageCSV is GET /coverage.csv and /p/{slug}/coverage.csv: for each person,
// rhythmic type and day on which something was expected, what came of it. The
// states are the keys of health.Absence, present among them.
func (s *Site) coverageCSV(w http.ResponseWriter, r *http.Request) {
	if err := s.Broken(); err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.look(r, "Coverage", ui.NavCoverage)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	name, people := "coverage.csv", make([]int, len(v.facts.People))
	for i := range people {
		people[i] = i
	}
	if slug := mux.Vars(r)["slug"]; slug != "" {
		person, err := s.reader(v.p.Now).Person(r.Context(), slug)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		name = slug + "_coverage.csv"
		people = slices.DeleteFunc(people, func(i int) bool { return v.facts.People[i].ID != person.ID })
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	s.stream(w, r, func(out io.Writer) error {
		if _, err := out.Write(export.AppendRow(nil, "person", "type", "calendar_date", "state")); err != nil {
			return err
		}
		for _, at := range people {
			if err := s.coverageLines(r, v, at, out); err != nil {
				return err
			}
		}
		return nil
	})
}

// coverageLines writes one person's lines.
func (s *Site) coverageLines(r *http.Request, v *statusPage, at int, out io.Writer) error {
	c, err := v.home.Coverage(r.Context(), at)
	if err != nil {
		return err
	}
	var lines []byte
	for d, err := range c.Expected(r.Context()) {
		if err != nil {
			return err
		}
		lines = export.AppendRow(lines, v.facts.People[at].Name, d.Type, d.Day.String(), d.State.Key())
		if len(lines) >= flushBytes {
			if _, err := out.Write(lines); err != nil {
				return err
			}
			lines = lines[:0]
		}
	}
	_, err = out.Write(lines)
	return err
}
