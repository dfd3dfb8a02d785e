package pages

import (
	"io"
	"net/http"
	"time"

	"garner/db"
	"garner/export"
)

// activitiesCSV is GET /p/{slug}/activities.csv: what the list shows, all pages of it.
func (s *Site) activitiesCSV(w http.ResponseWriter, r *http.Request) {
	person, units, err := s.personInUnits(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f, form := activityFilter(r.URL.Query(), units)
	if form.Error != "" {
		s.fail(w, r, badRequest(form.Error))
		return
	}
	f.After = ""
	list, err := s.reader(r, time.Now()).Activities(r.Context(), person.ID, f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	name := person.Slug + "_activities.csv"
	s.auditOthers(r, db.ActionExported, []int64{person.ID}, name)
	download(w, export.CSV, name)
	s.stream(w, r, func(out io.Writer) error { return export.WriteActivities(out, person.Name, list.Rows) })
}
