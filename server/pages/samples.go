package pages

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/gorilla/mux"

	"garner/ui"
)

// data answers with a value for scripts.
func data(v any) (answer, error) {
	text, err := json.Marshal(v)
	return answer{kind: "application/json", view: templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(text)
		return err
	})}, err
}

// activitySamples is GET /p/{slug}/activities/{id}/samples.json.
func (s *Site) activitySamples(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	p, err := s.preferences(r)
	if err != nil {
		return answer{}, err
	}
	d, err := s.reader(r, time.Now()).ActivityRecording(r.Context(), person.ID, mux.Vars(r)["id"])
	if err != nil {
		return answer{}, err
	}
	return data(ui.NewActivitySamples(p.UnitsOf(person.Units), p.Clock, d))
}
