package pages

import (
	"net/http"
	"net/url"
	"slices"

	"garner/db"
	"garner/health"
	"garner/query"
	"garner/ui"
)

// trends shows the metrics that the address names over days.
func (s *Site) trends(r *http.Request) (answer, error) {
	return s.figures(r, ui.TrendsPage(r.URL.Query()["m"]))
}

// figurePage shows the figures of a page that declares them.
func (s *Site) figurePage(spec ui.FigurePage) func(*http.Request) (answer, error) {
	return func(r *http.Request) (answer, error) { return s.figures(r, spec) }
}

// figures shows the figures of a page over the window of the address.
func (s *Site) figures(r *http.Request, spec ui.FigurePage) (answer, error) {
	o, err := s.overDays(r, spec.Title, spec.Nav)
	if err != nil {
		return answer{}, err
	}
	v, err := o.view(r, spec)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Trends(o.page, v))
}

// overDays is what a page over days begins with.
type overDays struct {
	page   ui.Page
	person *db.Person
	q      *query.Reader
	window query.Window
}

func (s *Site) overDays(r *http.Request, title string, nav ui.Nav) (o overDays, err error) {
	if o.page, err = s.base(r, title, nav); err != nil {
		return o, err
	}
	if o.person, err = s.of(r, &o.page); err != nil {
		return o, err
	}
	o.page.Title = title + " · " + o.person.Name
	o.q = s.reader(r, o.page.Now)
	o.window, err = windowOf(r, o.q, o.person)
	return o, err
}

// view reads the figures of a page.
func (o *overDays) view(r *http.Request, spec ui.FigurePage) (v ui.TrendsView, err error) {
	ctx, names, w := r.Context(), ui.Metrics(spec.Specs), o.window
	f := &ui.FigureMaker{Page: o.page, Person: link(o.person), Units: o.page.UnitsOf(o.person.Units), Window: w,
		Compare: comparing(r, w)}
	if f.Trends, err = o.q.Trends(ctx, o.person, names, w.From, w.To); err != nil {
		return v, err
	}
	if f.Notes, err = o.q.DayNotes(ctx, o.person.ID, w.From, w.To); err != nil {
		return v, err
	}
	if f.Compare {
		if f.Before, err = o.q.Trends(ctx, o.person, names, w.Before().From, w.Before().To); err != nil {
			return v, err
		}
	}
	if f.Devices, err = o.q.MetricDevices(ctx, o.person.ID, names, w.From, w.To); err != nil {
		return v, err
	}
	return ui.NewTrendsView(f, spec), nil
}

// comparing reports whether the address asks for the days before a window too; before all
// days there are none.
func comparing(r *http.Request, w query.Window) bool {
	return r.URL.Query().Get("compare") != "" && w.Range != query.AllDays
}

// windowOf is the window that the address names: four weeks up to today without any.
func windowOf(r *http.Request, q *query.Reader, person *db.Person) (query.Window, error) {
	b, err := q.Bounds(r.Context(), person.ID)
	if err != nil {
		return query.Window{}, err
	}
	return windowIn(r.URL.Query(), b)
}

func windowIn(values url.Values, b query.Bounds) (query.Window, error) {
	long, to := query.FourWeeks, b.Today
	if name := values.Get("range"); name != "" {
		if long = query.Range(name); !slices.Contains(query.Ranges, long) {
			return query.Window{}, badRequest("range: want 7d, 28d, 12w, 1y or all.")
		}
	}
	if date := values.Get("to"); date != "" {
		var err error
		if to, err = health.ParseDay(date); err != nil {
			return query.Window{}, badRequest("to: that is no date such as 2026-11-23.")
		}
	}
	return b.Window(long, to), nil
}
