package pages

import (
	"net/http"

	"garner/ui"
)

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
	out := v.names.PersonSync(known, limit)
	out.Pause, out.Notice = pause, said(r, "flash")
	if out.Paused, err = s.pausesOf(r, v.q, person.ID, ""); err != nil {
		return answer{}, err
	}
	return answer{view: ui.PersonSync(v.p, out), status: status}, nil
}
