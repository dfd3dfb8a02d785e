package pages

import (
	"net/http"
	"strings"

	"garner/query"
	"garner/ui"
)

func (s *Site) home(r *http.Request) (answer, error) {
	v, err := s.look(r, "Home", ui.NavHome)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	f := query.HomeFilter{Search: strings.TrimSpace(q.Get("q")), By: query.ByTrouble, From: number(q, "from")}
	if by, ok := ui.Orders[q.Get("sort")]; ok {
		f.By = by
	}
	home, err := v.q.Home(r.Context(), f)
	if err != nil {
		return answer{}, err
	}
	backlog, err := v.q.Backlog(r.Context())
	if err != nil {
		return answer{}, err
	}
	if s.Demo {
		v.p.DemoProgress = ui.DemoProgress(backlog)
	}
	view := v.names.Home(v.p, home, v.home.Status(), backlog)
	view.SetUp, err = s.offeredSetUp(r)
	return answer{view: ui.Home(v.p, view)}, err
}
