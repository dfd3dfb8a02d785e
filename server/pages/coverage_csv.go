package pages

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
	"garner/health"
	"garner/ui"
)

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
		person, err := s.store.PersonBySlug(r.Context(), slug)
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

// coverageLines writes one person's lines, a type at a time.
func (s *Site) coverageLines(r *http.Request, v *statusPage, at int, out io.Writer) error {
	p := &v.facts.People[at]
	first, err := s.firstDay(r, p.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := v.home.Coverage(r.Context(), at)
	if err != nil {
		return err
	}
	for j, pair := range p.Types {
		typ := v.facts.Types[pair.Type]
		if !typ.Rhythmic {
			continue
		}
		states, err := c.Days(r.Context(), j, first, max(first, c.Today))
		if err != nil {
			return err
		}
		var lines []byte
		for i, state := range states {
			if day := first + health.Day(i); state.Absence != health.NotExpected {
				lines = export.AppendRow(lines, p.Name, typ.Key, day.String(), state.Key())
			}
		}
		if _, err := out.Write(lines); err != nil {
			return err
		}
	}
	return nil
}
