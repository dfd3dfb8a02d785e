package pages

import (
	"net/http"

	"github.com/gorilla/mux"

	"garner/ui"
)

func (s *Site) typeSync(r *http.Request) (answer, error) {
	return s.typeSyncPage(r, ui.PauseForm{}, ui.LimitForm{}, http.StatusOK)
}

// typeSyncPage shows one type of one person, with forms as filled in.
func (s *Site) typeSyncPage(r *http.Request, pause ui.PauseForm, limit ui.LimitForm, status int) (answer, error) {
	v, person, err := s.lookAt(r)
	if err != nil {
		return answer{}, err
	}
	known, err := v.home.TypeDetail(r.Context(), person.ID, mux.Vars(r)["type"])
	if err != nil {
		return answer{}, err
	}
	out := v.names.TypeSync(link(person), known, limit)
	out.Pause, out.Notice = pause, said(r, "flash")
	if out.Paused, err = s.pausesOf(r, v.q, person.ID, known.Type); err != nil {
		return answer{}, err
	}
	return answer{view: ui.TypeSync(v.p, out), status: status}, nil
}
