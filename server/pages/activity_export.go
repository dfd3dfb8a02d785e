package pages

import (
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/query"
)

// writeActivity writes an activity of a person in some form.
type writeActivity func(out io.Writer, person string, d *query.ActivityDetail) error

// activityAs is GET /p/{slug}/activities/{id}.csv, .gpx and .tcx: one activity as a file.
// There is no GPX of an activity without places.
func (s *Site) activityAs(form, kind string, write writeActivity) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		person, err := s.person(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		id := mux.Vars(r)["id"]
		d, err := s.reader(r, time.Now()).ActivityRecording(r.Context(), person.ID, id)
		if err == nil && form == "gpx" && !d.Placed() {
			err = db.ErrNotFound
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		name := fileName(person.Slug, db.File{Activity: id, Kind: form})
		s.auditOthers(r, db.ActionExported, []int64{person.ID}, name)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		s.stream(w, r, func(out io.Writer) error { return write(out, person.Name, d) })
	}
}
