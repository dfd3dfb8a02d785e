package ui

import (
	"net/url"
	"slices"
	"strings"

	"garner/health"
	"garner/query"
)

// TrendsView answers: is this changing? It is also that of Heart, Stress and Breathing.
type TrendsView struct {
	Person  PersonLink
	Spec    FigurePage
	Window  query.Window
	Compare bool
	// Sentence opens the page.
	Sentence string
	Status   Status
	Figures  []Figure
	// LeftOut says which metrics were asked for and are not shown; empty for none.
	LeftOut string
	// Devices are the names of those in use.
	Devices []string
	// Nothing are the metrics without any value in the window, of which none was due.
	Nothing []Absent
	// Empty is what stands there if the person has no data.
	Empty *Empty
	// Groups are the metrics to choose from, none on pages that have no choice.
	Groups []PickGroup
}

// Absent is a metric without any value.
type Absent struct {
	Title string
	Why   health.DayState
}

// PickGroup is metrics of one group to choose from.
type PickGroup struct {
	Title string
	// Chosen counts those that are shown.
	Chosen int
	Items  []Pick
}

// Pick is a metric to choose.
type Pick struct {
	Name, Label string
	Chosen      bool
}

// NewTrendsView makes the page.
func NewTrendsView(f *FigureMaker, spec FigurePage) TrendsView {
	v := TrendsView{Person: f.Person, Spec: spec, Window: f.Window, Compare: f.Compare,
		Devices: f.Devices, Status: NoData}
	if spec.Nav == NavTrends {
		v.Groups, v.LeftOut = pickGroups(spec), leftOut(spec)
	}
	if f.Window.First > f.Window.Today {
		v.Sentence = "No data of " + f.Person.Name + " came yet."
		v.Empty = &Empty{What: "This page shows values over days, with their usual range.",
			Why:  "Nothing was received for " + f.Person.Name + ".",
			Next: &Link{"See what is expected", personURL(f.Person.Slug) + "/sync"},
			When: "The first values come with the first sync of the watch; the usual range needs 14 days."}
		return v
	}
	if first := f.Window.First; f.Window.To < first {
		v.Sentence = "There is nothing before " + Date(first) + "."
		v.Empty = &Empty{What: "This page shows values over days, with their usual range.",
			Why:  "That is the first day with data of " + f.Person.Name + ".",
			Next: &Link{"Show the first days", v.address(f.Window.Range, v.firstTo())}}
		return v
	}
	for _, s := range spec.Specs {
		fig, ok := f.Figure(s)
		switch {
		case !ok:
		case fig.none:
			v.Nothing = append(v.Nothing, Absent{fig.finding.title, fig.why})
		default:
			fig.CSV = v.csv(s)
			v.Figures = append(v.Figures, fig)
		}
	}
	v.Status, v.Sentence = opening(v.Figures)
	return v
}

// these names the days of a window.
func these(days int) string {
	if days == 1 {
		return "this day"
	}
	return "these " + Plural(days, "day", "days")
}

// address is the page with another range or last day; to is empty for today.
func (v TrendsView) address(r query.Range, to string) string {
	q := v.params(r, to)
	return personURL(v.Person.Slug) + "/" + v.Spec.Path + "?" + q.Encode()
}

func (v TrendsView) params(r query.Range, to string) url.Values {
	q := url.Values{"range": {string(r)}}
	if to != "" {
		q.Set("to", to)
	}
	if v.Spec.Nav == NavTrends {
		for _, s := range v.Spec.Specs {
			q.Add("m", s.Metric)
		}
	}
	if v.Compare {
		q.Set("compare", "1")
	}
	return q
}

// compared is the page with or without the window before.
func (v TrendsView) compared(on bool) string {
	v.Compare = on
	return v.address(v.Window.Range, v.to())
}

// to is the last day as addresses have it: empty for today.
func (v TrendsView) to() string {
	if v.Window.To >= v.Window.Today {
		return ""
	}
	return v.Window.To.String()
}

// firstTo is the last day of a window of the same range that begins with the first day of
// data; empty for today.
func (v TrendsView) firstTo() string {
	to := v.Window.First + health.Day(v.Window.Len()) - 1
	if v.Window.Range == query.AllDays || to >= v.Window.Today {
		return ""
	}
	return to.String()
}

// csv is the address of the values of some figures.
func (v TrendsView) csv(specs ...FigureSpec) string {
	q := v.params(v.Window.Range, v.to())
	q["m"] = Metrics(specs)
	return personURL(v.Person.Slug) + "/trends.csv?" + q.Encode()
}

// Earlier and Later are the addresses of the windows beside it; empty for none.
func (v TrendsView) Earlier() string {
	if to, ok := v.Window.Earlier(); ok && v.Window.Range != query.AllDays {
		return v.address(v.Window.Range, to.String())
	}
	return ""
}

// Later is empty where the window ends today.
func (v TrendsView) Later() string {
	to, ok := v.Window.Later()
	switch {
	case !ok:
		return ""
	case to == v.Window.Today:
		return v.address(v.Window.Range, "")
	}
	return v.address(v.Window.Range, to.String())
}

// rangeNames are the ranges for people.
var rangeNames = map[query.Range]string{query.OneWeek: "7 days", query.FourWeeks: "28 days",
	query.TwelveWeeks: "12 weeks",
	query.OneYear:     "1 year", query.AllDays: "All"}

// pickGroups are all metrics that are numbers, in the order of a day's table.
func pickGroups(page FigurePage) (out []PickGroup) {
	rest := query.AllMetrics()
	for _, order := range metricOrder {
		g := PickGroup{Title: order.title}
		for _, name := range order.names {
			if m, ok := query.MetricNamed(name); ok && name != "hrv_status" {
				g.add(Pick{m.Name, m.Label, page.has(m.Name)})
			}
		}
		out = append(out, g)
	}
	last := PickGroup{Title: "Body and fitness"}
	for _, m := range rest {
		if !slices.ContainsFunc(out, func(g PickGroup) bool { return g.has(m.Name) }) && m.Name != "hrv_status" &&
			!strings.HasSuffix(m.Name, "_length") {
			last.add(Pick{m.Name, m.Label, page.has(m.Name)})
		}
	}
	return append(out, last)
}

func (g *PickGroup) add(p Pick) {
	g.Items = append(g.Items, p)
	if p.Chosen {
		g.Chosen++
	}
}

func (g *PickGroup) has(name string) bool {
	return slices.ContainsFunc(g.Items, func(p Pick) bool { return p.Name == name })
}
