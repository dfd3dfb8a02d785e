package pages

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"garner/db"
	"garner/export"
	"garner/health"
	"garner/query"
	"garner/ui"
)

// newestNight redirects to the requested night, or to the newest one.
func (s *Site) newestNight(r *http.Request) (answer, error) {
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	night, err := dateOr(r, "date", func() (health.Day, error) {
		return s.reader(r, time.Now()).NewestNight(r.Context(), person)
	})
	if err != nil {
		return answer{}, err
	}
	return redirect(fmt.Sprintf("/p/%s/sleep/%s", person.Slug, night))
}

// sleepNight shows the night that ends on a date.
func (s *Site) sleepNight(r *http.Request) (answer, error) {
	date, err := dateOf(r)
	if err != nil {
		return answer{}, err
	}
	p, err := s.base(r, "Night to "+ui.Date(date), ui.NavSleep)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	night, err := s.reader(r, p.Now).Night(r.Context(), person, date)
	if err != nil {
		return answer{}, err
	}
	p.Title += " · " + person.Name
	return render(ui.Sleep(p, ui.NewSleepView(p, p.UnitsOf(person.Units), night)))
}

// sleepCompare shows two nights side by side; without parameters the newest two.
func (s *Site) sleepCompare(r *http.Request) (answer, error) {
	p, err := s.base(r, "Two nights", ui.NavSleep)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	q := s.reader(r, p.Now)
	b, err := dateOr(r, "b", func() (health.Day, error) { return q.NewestNight(r.Context(), person) })
	if err != nil {
		return answer{}, err
	}
	a, err := dateOr(r, "a", func() (health.Day, error) { return b - 1, nil })
	if err != nil {
		return answer{}, err
	}
	var nights [2]query.FullNight
	for i, date := range []health.Day{a, b} {
		if nights[i], err = q.Night(r.Context(), person, date); err != nil {
			return answer{}, err
		}
	}
	p.Title += " · " + person.Name
	return render(ui.CompareNights(p, ui.NewCompareView(p, p.UnitsOf(person.Units), nights[0], nights[1])))
}

// sleepWeeks shows four weeks of nights.
func (s *Site) sleepWeeks(r *http.Request) (answer, error) {
	p, err := s.base(r, "Nights of four weeks", ui.NavSleep)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	nights, err := weeksOf(r, s.reader(r, p.Now), person)
	if err != nil {
		return answer{}, err
	}
	p.Title += " · " + p.Person.Name
	return render(ui.Weeks(p, ui.NewWeeksView(p, nights)))
}

// weeksOf are the nights of four weeks up to the date in the address, or to today.
func weeksOf(r *http.Request, q *query.Reader, person *db.Person) (query.Nights, error) {
	to, err := dateOr(r, "to", func() (health.Day, error) { return 0, nil })
	if err != nil {
		return query.Nights{}, err
	}
	return q.Nights(r.Context(), person, to)
}

// sleepWeeksCSV is what sleepWeeks shows. export.WriteNights has the columns.
func (s *Site) sleepWeeksCSV(r *http.Request, q *query.Reader, person *db.Person) (sent, error) {
	nights, err := weeksOf(r, q, person)
	if err != nil {
		return sent{}, err
	}
	name := fmt.Sprintf("%s_nights_%s_%s.csv", person.Slug, nights.From, nights.To)
	return csvFile(name, func(out io.Writer) error { return export.WriteNights(out, nights) }), nil
}
