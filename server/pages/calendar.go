package pages

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
	"garner/query"
	"garner/ui"
)

// newestYear leads to the newest year with data.
func (s *Site) newestYear(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	year, err := s.reader(r, time.Now()).NewestYear(r.Context(), person)
	if err != nil {
		return answer{}, err
	}
	to := fmt.Sprintf("/p/%s/calendar/%d", person.Slug, year)
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	return redirect(to)
}

// calendarYear shows a metric through a year.
func (s *Site) calendarYear(r *http.Request) (answer, error) {
	p, err := s.base(r, "Calendar", ui.NavCalendar)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	year, err := s.metricYear(r, s.reader(r, p.Now), person)
	if err != nil {
		return answer{}, err
	}
	p.Title = fmt.Sprintf("%d of %s", year.Year, person.Name)
	return render(ui.CalendarYear(p, ui.NewCalendar(p, link(person), p.UnitsOf(person.Units), year)))
}

// metricYear is the metric and the year of an address.
func (s *Site) metricYear(r *http.Request, q *query.Reader, person *db.Person) (*query.MetricYear, error) {
	year, err := strconv.Atoi(mux.Vars(r)["year"])
	if err != nil {
		return nil, db.ErrNotFound
	}
	metric := cmp.Or(r.URL.Query().Get("m"), "steps")
	out, err := q.MetricYear(r.Context(), person, metric, year)
	if errors.Is(err, query.ErrNoMetric) {
		err = &leading{
			&statusError{http.StatusNotFound, fmt.Sprintf("The calendar has no metric named %.40q.", metric)},
			ui.Link{Text: "Back to the calendar", URL: "/p/" + person.Slug + "/calendar"}}
	}
	return out, err
}

// calendarMonth shows the days of a month.
func (s *Site) calendarMonth(r *http.Request) (answer, error) {
	p, err := s.base(r, "Calendar", ui.NavCalendar)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	days, err := monthOf(r, s.reader(r, p.Now), person)
	if err != nil {
		return answer{}, err
	}
	p.Title = days.First.Midnight().Format("January 2006") + " · " + person.Name
	return render(ui.CalendarMonthPage(p, ui.NewMonth(p, link(person), p.UnitsOf(person.Units), days)))
}

// monthOf is the month of an address.
func monthOf(r *http.Request, q *query.Reader, person *db.Person) (*query.Month, error) {
	year, err1 := strconv.Atoi(mux.Vars(r)["year"])
	month, err2 := strconv.Atoi(mux.Vars(r)["month"])
	if err1 != nil || err2 != nil || month < 1 || month > 12 {
		return nil, db.ErrNotFound
	}
	return q.Month(r.Context(), person, query.FirstOfMonth(year, time.Month(month)))
}

// monthCSV is what the page of a month shows. export.WriteMonth has the columns.
func (s *Site) monthCSV(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
	month, err := monthOf(r, q, person)
	if err != nil {
		return sent{}, err
	}
	name := fmt.Sprintf("%s_%s.csv", person.Slug, month.First.Midnight().Format("2006-01"))
	return csvFile(name, func(out io.Writer) error { return export.WriteMonth(out, person.Name, month) }), nil
}

// calendarCSV is what the page of a year shows: its days with the value or the key of
// health.Absence.
func (s *Site) calendarCSV(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
	year, err := s.metricYear(r, q, person)
	if err != nil {
		return sent{}, err
	}
	name := fmt.Sprintf("%s_%d_%s.csv", person.Slug, year.Year, year.Metric.Name)
	file := export.Trends{Person: person.Name, List: []query.Trend{year.Trend}, Notes: year.Notes}
	return csvFile(name, file.Write), nil
}
