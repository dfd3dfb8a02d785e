package pages

import (
	"io"
	"net/http"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/query"
)

// writeActivity writes an activity of a person in some form.
type writeActivity func(out io.Writer, person string, d *query.ActivityDetail) error

// activityAs is GET /p/{slug}/activities/{id}.csv, .gpx and .tcx: one activity as a file.
// There is no GPX of an activity without places.
func activityAs(form, kind string, write writeActivity) func(*http.Request, *query.Reader, *db.Person) (sent, error) {
	return func(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
		id := mux.Vars(r)["id"]
		d, err := q.ActivityRecording(r.Context(), person.ID, id)
		if err == nil && form == "gpx" && !d.Placed() {
			err = db.ErrNotFound
		}
		if err != nil {
			return sent{}, err
		}
		name := fileName(person.Slug, db.File{Activity: id, Kind: form})
		return sent{kind: kind, name: name, write: func(out io.Writer) error {
			return write(out, person.Name, d)
		}}, nil
	}
}
