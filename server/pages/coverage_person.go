package pages

import (
	"net/http"
	"time"

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
	out := v.names.Calendar(link(person), calendar)
	out.Month = time.Month(month)
	return render(ui.PersonCoverage(v.p, out))
}
