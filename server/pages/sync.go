package pages

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"garner/query"
	"garner/ui"
)

// syncRows is how many people the matrix shows at once.
const syncRows = 100

// sync shows whether data arrives, and if not, where it stops.
func (s *Site) sync(r *http.Request) (answer, error) {
	v, err := s.look(r, "Sync", ui.NavSync)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	f := query.StatusFilter{Name: strings.TrimSpace(q.Get("q")), Troubled: q.Get("only") == "problems",
		By: ui.Orders[q.Get("sort")], From: number(q, "from"), Limit: syncRows}
	m, err := v.home.Matrix(r.Context(), f)
	if err != nil {
		return answer{}, err
	}
	out := ui.SyncView{Summary: v.names.Summarise(v.home.Status(), s.demoLoads()), Query: f.Name,
		Sorting: ui.Sorting{Path: "/sync", Search: f.Name, By: f.By}, Troubled: f.Troubled}
	if f.Troubled {
		out.Sorting.Only = "problems"
	}
	if err := s.syncBox(r, &v, &out); err != nil {
		return answer{}, err
	}
	v.names.Matrix(&out, m)
	out.Prev, out.Next = around("/sync", q, m.From, syncRows, m.Matching)
	return render(ui.Sync(v.p, out))
}

// syncBox adds what is about the whole installation, for those who run it.
func (s *Site) syncBox(r *http.Request, v *arrivals, out *ui.SyncView) error {
	if !v.q.Viewer.Operates() {
		return nil
	}
	chain, err := v.home.Chain(r.Context())
	if err != nil {
		return err
	}
	volumes, err := v.home.Volumes(r.Context())
	out.Lamps, out.Volumes = v.names.Lamps(chain, s.inside(v.p.Now)), v.names.Volumes(volumes)
	return err
}

// inside is Garner's own state that is not part of the facts.
func (s *Site) inside(now time.Time) ui.Inside {
	return ui.Inside{Public: s.live.Load().Address != "", Stalled: s.Watch.Stalled(now),
		Notifies: slices.ContainsFunc(s.live.Load().Channels, func(c Channel) bool {
			return c.Key != query.HeartbeatChannel && c.Configured()
		})}
}
