package pages

import (
	"io"
	"net/http"

	"garner/db"
	"garner/export"
	"garner/query"
)

// activitiesCSV is GET /p/{slug}/activities.csv: what the list shows, all pages of it.
func (s *Site) activitiesCSV(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
	p, err := s.preferences(r)
	if err != nil {
		return sent{}, err
	}
	f, form := activityFilter(r.URL.Query(), p.UnitsOf(person.Units))
	if form.Error != "" {
		return sent{}, badRequest(form.Error)
	}
	f.After = ""
	list, err := q.Activities(r.Context(), person.ID, f)
	if err != nil {
		return sent{}, err
	}
	return csvFile(person.Slug+"_activities.csv", func(out io.Writer) error {
		return export.WriteActivities(out, person.Name, list.Rows)
	}), nil
}
