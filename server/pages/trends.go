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
	p, _, v, err := s.figuresView(r, spec)
	if err != nil {
		return answer{}, err
	}
	return render(ui.Trends(p, v))
}

// figuresView reads them.
func (s *Site) figuresView(r *http.Request, spec ui.FigurePage) (p ui.Page, person *db.Person, v ui.TrendsView,
	err error) {
	if p, err = s.base(r, spec.Title, spec.Nav); err != nil {
		return p, nil, v, err
	}
	if person, err = s.of(r, &p); err != nil {
		return p, nil, v, err
	}
	p.Title = spec.Title + " · " + person.Name
	q := s.reader(r, p.Now)
	window, err := windowOf(r, q, person)
	if err != nil {
		return p, nil, v, err
	}
	f := &ui.FigureMaker{Page: p, Person: link(person), Units: p.UnitsOf(person.Units), Window: window}
	if f.Trends, err = q.Trends(r.Context(), person, ui.Metrics(spec.Specs), window.From, window.To); err != nil {
		return p, nil, v, err
	}
	if f.Notes, err = q.DayNotes(r.Context(), person.ID, window.From, window.To); err != nil {
		return p, nil, v, err
	}
	compare := r.URL.Query().Get("compare") != "" && window.Range != query.AllDays
	if compare {
		before := window.Before()
		if f.Before, err = q.Trends(r.Context(), person, ui.Metrics(spec.Specs), before.From, before.To); err != nil {
			return p, nil, v, err
		}
	}
	return p, person, ui.NewTrendsView(f, spec, compare), nil
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
