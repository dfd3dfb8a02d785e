package pages

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"garner/health"
	"garner/ui"
)

// newestDay redirects to the requested day, or to the newest with data.
func (s *Site) newestDay(r *http.Request) (answer, error) {
	q := s.reader(r, time.Now())
	person, err := s.person(r)
	if err != nil {
		return answer{}, err
	}
	var day health.Day
	if date := r.URL.Query().Get("date"); date != "" {
		if day, err = health.ParseDay(date); err != nil {
			return answer{}, badRequest("That is no date such as 2026-11-23.")
		}
	} else if day, err = q.NewestDay(r.Context(), person); err != nil {
		return answer{}, err
	}
	return redirect(fmt.Sprintf("/p/%s/day/%s", person.Slug, day))
}

// day shows one date of a person.
func (s *Site) day(r *http.Request) (answer, error) {
	date, err := health.ParseDay(mux.Vars(r)["date"])
	if err != nil {
		return answer{}, &statusError{http.StatusNotFound, "That is no date such as 2026-11-23."}
	}
	p, err := s.base(r, ui.Date(date), ui.NavDay)
	if err != nil {
		return answer{}, err
	}
	person, err := s.of(r, &p)
	if err != nil {
		return answer{}, err
	}
	day, err := s.reader(r, p.Now).Day(r.Context(), person, date)
	if err != nil {
		return answer{}, err
	}
	p.Title = ui.ShortDate(date) + " · " + person.Name
	return render(ui.Day(p, ui.NewDayView(p, p.UnitsOf(person.Units), day)))
}
