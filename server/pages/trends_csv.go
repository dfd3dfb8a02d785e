package pages

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"time"

	"garner/export"
	"garner/health"
	"garner/query"
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
	s.stream(w, r, func(out io.Writer) error { return writeTrends(out, window, list, notes) })
}

func writeTrends(out io.Writer, window query.Window, list []query.Trend, notes []health.Note) error {
	w := csv.NewWriter(out)
	row := []string{"date"}
	for i := range list {
		name := list[i].Name
		if unit := string(list[i].Unit); unit != "" {
			name += "_" + unit
		}
		row = append(row, name, list[i].Name+"_state")
	}
	if err := w.Write(append(row, "note")); err != nil {
		return err
	}
	for i := range window.Len() {
		row = append(row[:0], (window.From + health.Day(i)).String())
		for j := range list {
			row = append(row, cellsOf(&list[j].Days[i])...)
		}
		row = append(row, export.Guard(health.NoteOn(notes, window.From+health.Day(i))))
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// cellsOf are the value of a day, empty if there is none, and its state.
func cellsOf(d *query.TrendDay) []string {
	switch {
	case d.SoFar:
		return []string{strconv.FormatFloat(d.Value, 'f', -1, 64), "so_far"}
	case d.Has:
		return []string{strconv.FormatFloat(d.Value, 'f', -1, 64), d.State.Key()}
	}
	return []string{"", d.State.Key()}
}
