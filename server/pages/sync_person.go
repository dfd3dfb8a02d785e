package pages

import (
	"net/http"

	"garner/db"
	"garner/ui"
)

// lookAt starts a page about how one person's data arrives.
func (s *Site) lookAt(r *http.Request) (*statusPage, *db.Person, error) {
	v, err := s.look(r, "Sync", ui.NavSync)
	if err != nil {
		return nil, nil, err
	}
	person, err := s.of(r, &v.p)
	if err != nil {
		return nil, nil, err
	}
	v.p.Title = "Sync of " + person.Name
	return v, person, nil
}

func (s *Site) personSync(r *http.Request) (answer, error) {
	return s.personSyncPage(r, ui.PauseForm{}, ui.LimitForm{}, http.StatusOK)
}

// personSyncPage shows one person, with forms as filled in.
func (s *Site) personSyncPage(r *http.Request, pause ui.PauseForm, limit ui.LimitForm, status int) (answer, error) {
	v, person, err := s.lookAt(r)
	if err != nil {
		return answer{}, err
	}
	known, err := v.home.PersonStatus(r.Context(), person)
	if err != nil {
		return answer{}, err
	}
	out := v.PersonSync(known, limit)
	out.Pause, out.Notice = pause, r.URL.Query().Get("flash")
	if out.Paused, err = s.pausesOf(r, v, person.ID, ""); err != nil {
		return answer{}, err
	}
	return answer{view: ui.PersonSync(v.p, out), status: status}, nil
}
