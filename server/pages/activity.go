package pages

import (
	"net/http"

	"github.com/gorilla/mux"

	"garner/ui"
)

// activity is GET /p/{slug}/activities/{id}?x=.
func (s *Site) activity(r *http.Request) (answer, error) {
	p, err := s.base(r, "Activity", ui.NavActivities)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	d, err := s.reader(r, p.Now).ActivityDetail(r.Context(), person.ID, mux.Vars(r)["id"])
	if err != nil {
		return answer{}, err
	}
	v := ui.NewActivityView(p, p.UnitsOf(person.Units), r.URL.Query().Get("x"), d)
	p.Title = d.Name + " · " + person.Name
	p.Plots, p.Map, p.Tiles = v.Samples != "", v.Track != nil, s.tiles()
	p.Preload = v.Samples
	return render(ui.Activity(p, v))
}
