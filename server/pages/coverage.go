package pages

import (
	"net/http"

	"garner/query"
	"garner/ui"
)

const (
	// coverRows is how many people the coverage page counts at once.
	coverRows = 20
	// gapRows is how many gaps it lists.
	gapRows = 60
)

// coverage shows what is missing for the household.
func (s *Site) coverage(r *http.Request) (answer, error) {
	v, err := s.look(r, "Coverage", ui.NavCoverage)
	if err != nil {
		return answer{}, err
	}
	people, err := v.q.People(r.Context())
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	out := ui.CoverageView{Person: q.Get("person"), Type: q.Get("type"), OnlyGaps: q.Get("only") == "gaps"}
	f := query.ShareFilter{Type: out.Type, OnlyGaps: out.OnlyGaps, From: number(q, "from"), Limit: coverRows}
	if out.Person != "" {
		f.Person = -1 // no person, unless one has this name
	}
	for _, p := range people {
		out.AllPeople = append(out.AllPeople, link(p))
		if out.Person == p.Slug {
			f.Person = p.ID
		}
	}
	shares, err := v.home.Shares(r.Context(), f)
	if err != nil {
		return answer{}, err
	}
	v.names.Coverage(&out, shares)
	out.Prev, out.Next = around("/coverage", q, shares.From, coverRows, shares.Matching)
	from := min(max(number(q, "gaps"), 0), len(shares.Gaps))
	to := min(from+gapRows, len(shares.Gaps))
	out.Gaps = v.names.Gaps(shares.Gaps[from:to])
	if to < len(shares.Gaps) {
		out.MoreGaps = other("/coverage", q, "gaps", to)
	}
	return render(ui.Coverage(v.p, out))
}
