package pages

import (
	"io"
	"iter"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"garner/export"
	"garner/ui"
)

// coverageCSV is GET /coverage.csv and /p/{slug}/coverage.csv: for each person,
// rhythmic type and day on which data was expected, its state. The
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
	q := s.reader(v.p.Now)
	s.stream(w, r, func(out io.Writer) error {
		var list []iter.Seq2[export.CoverageRow, error]
		for _, at := range people {
			p := &v.facts.People[at]
			days := q.CoverageDays(r.Context(), p.ID, export.OpenFrom, export.OpenTo)
			list = append(list, export.CoverageOf(p.Name, days))
		}
		_, err := export.WriteCoverage(out, export.CSV, export.Chained(list...))
		return err
	})
}
