package pages

import (
	"net/http"
	"strconv"
	"time"

	"garner/db"
	"garner/ui"
)

// personCoverage is one person's calendar of a year: days by types.
func (s *Site) personCoverage(r *http.Request) (answer, error) {
	v, person, err := s.lookAt(r)
	if err != nil {
		return answer{}, err
	}
	v.p.Active, v.p.Title = ui.NavCoverage, "Coverage of "+person.Name
	year, err := within(r, "year", 1, 9999)
	if err != nil {
		return answer{}, err
	}
	month, err := within(r, "month", 1, 12)
	if err != nil {
		return answer{}, err
	}
	calendar, err := v.home.Calendar(r.Context(), person.ID, year)
	if err != nil {
		return answer{}, err
	}
	out := v.Calendar(link(person), calendar)
	out.Month = time.Month(month)
	return render(ui.PersonCoverage(v.p, out))
}

// within reads a number in the URL, 0 if there is none; db.ErrNotFound if it is
// not a number or out of range.
func within(r *http.Request, name string, lowest, highest int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lowest || n > highest {
		return 0, db.ErrNotFound
	}
	return n, nil
}
