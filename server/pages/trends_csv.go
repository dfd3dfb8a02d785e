package pages

import (
	"io"
	"net/http"
	"time"

	"garner/export"
)

// trendsCSV is GET /p/{slug}/trends.csv: the days of the window of the address with the
// values of its metrics, in the units in which Garmin sends them, their states and the note
// on the day. The states are the keys of health.Absence, and so_far for a day that is not over.
func (s *Site) trendsCSV(w http.ResponseWriter, r *http.Request) {
	q := s.reader(r, time.Now())
	person, err := s.person(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	window, err := windowOf(r, q, person)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, err := q.Trends(r.Context(), person, r.URL.Query()["m"], window.From, window.To)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	notes, err := q.DayNotes(r.Context(), person.ID, window.From, window.To)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+person.Slug+"_trends_"+window.To.String()+`.csv"`)
	s.stream(w, r, func(out io.Writer) error { return export.WriteTrends(out, person.Name, list, notes) })
}
