package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

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
	chain, err := v.home.Chain(r.Context())
	if err != nil {
		return answer{}, err
	}
	volumes, err := v.home.Volumes(r.Context())
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	f := query.StatusFilter{Name: strings.TrimSpace(q.Get("q")), Troubled: q.Get("only") == "problems",
		BySilence: q.Get("sort") == "silence", From: number(q, "from"), Limit: syncRows}
	m := v.home.Matrix(f)
	out := ui.SyncView{Query: f.Name, Sort: "name", Troubled: f.Troubled, Lamps: v.Lamps(chain, s.inside(v)),
		Volumes: v.Volumes(volumes)}
	if f.BySilence {
		out.Sort = "silence"
	}
	out.Sentence, out.Status, out.Detail, out.Fix = v.sentence()
	v.Matrix(&out, m)
	out.Prev, out.Next = around("/sync", q, m.From, syncRows, m.Matching)
	return render(ui.Sync(v.p, out))
}

// inside is Garner's own state that is not part of the facts.
func (s *Site) inside(v *statusPage) ui.Inside {
	return ui.Inside{Public: s.Public, Stalled: s.Watch.Stalled(v.p.Now),
		Notifies: slices.ContainsFunc(s.Channels, func(c Channel) bool { return c.Key != "heartbeat" && c.Configured() })}
}

// number reads a number in the URL, 0 if there is none.
func number(q url.Values, name string) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil {
		return 0
	}
	return n
}

// around returns the URLs of the pages before and after the one that begins at
// from, empty if there is none.
func around(path string, q url.Values, from, rows, all int) (prev, next string) {
	if from > 0 {
		prev = other(path, q, "from", max(from-rows, 0))
	}
	if from+rows < all {
		next = other(path, q, "from", from+rows)
	}
	return prev, next
}

// other is the URL of another page of a list.
func other(path string, q url.Values, name string, from int) string {
	to := url.Values{}
	for k, vals := range q {
		to[k] = vals
	}
	to.Set(name, strconv.Itoa(from))
	return path + "?" + to.Encode()
}
