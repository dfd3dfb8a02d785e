package pages

import (
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/gorilla/mux"

	"garner/ui"
)

// activity is GET /p/{slug}/activities/{id}?x=&colour=.
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
	q := r.URL.Query()
	v := ui.NewActivityView(p, p.UnitsOf(person.Units), q.Get("x"), q.Get("colour"), d)
	p.Title = d.Name + " · " + person.Name
	p.Plots, p.Map, p.Tiles = v.Samples != "", v.Track != nil, s.tiles()
	p.Preload = v.Samples
	return render(ui.Activity(p, v))
}

// activityThumb is GET /p/{slug}/activities/{id}/track.svg: the image of its track in the
// list. It has an address of its own since the samples of a page of activities take long to
// read. An activity without places has an empty image: the list does not know of it.
func (s *Site) activityThumb(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	d, err := s.reader(r, time.Now()).ActivityRecording(r.Context(), person.ID, mux.Vars(r)["id"])
	if err != nil {
		return answer{}, err
	}
	image, ok := ui.ActivityThumb(d)
	if !ok {
		image = templ.Raw(`<svg xmlns="http://www.w3.org/2000/svg"/>`)
	}
	return answer{kind: "image/svg+xml", view: image}, nil
}
