package pages

import (
	"io"
	"iter"
	"net/http"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
	"garner/query"
)

// coverageCSV is GET /coverage.csv and /p/{slug}/coverage.csv: for each person,
// rhythmic type and day on which data was expected, its state. The
// states are the keys of health.Absence, present among them.
func (s *Site) coverageCSV(r *http.Request, q *query.Reader) (sent, error) {
	people, err := q.People(r.Context())
	name := "coverage.csv"
	if slug := mux.Vars(r)["slug"]; slug != "" && err == nil {
		name, people = slug+"_coverage.csv", make([]*db.Person, 1)
		people[0], err = q.Person(r.Context(), slug)
	}
	if err == nil {
		_, err = q.Household(r.Context()) // fails, if it does, before the file begins
	}
	return csvFile(name, func(out io.Writer) error {
		var list []iter.Seq2[export.CoverageRow, error]
		for _, p := range people {
			days := q.CoverageDays(r.Context(), p.ID, export.OpenFrom, export.OpenTo)
			list = append(list, export.CoverageOf(p.Name, days))
		}
		_, err := export.WriteCoverage(out, export.CSV, export.Chained(list...))
		return err
	}), err
}
