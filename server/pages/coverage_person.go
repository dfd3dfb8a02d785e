package pages

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"garner/db"
	"garner/health"
	"garner/query"
	"garner/ui"
)

// personCoverage is one person's calendar of a year: days by types.
func (s *Site) personCoverage(r *http.Request) (answer, error) {
	v, at, err := s.lookAt(r)
	if err != nil {
		return answer{}, err
	}
	v.p.Active, v.p.Title = ui.NavCoverage, "Coverage of "+v.p.Person.Name
	p := v.facts.People[at]
	c, err := v.home.Coverage(r.Context(), at)
	if err != nil {
		return answer{}, err
	}
	out := ui.PersonCoverageView{Person: *v.p.Person, Status: ui.OK}
	out.Today = c.Today
	first, err := s.reader(v.p.Now).FirstDay(r.Context(), p.ID)
	if errors.Is(err, db.ErrNotFound) {
		out.Sentence, out.Status = "Nothing has come of "+p.Name+" yet.", ui.NoData
		out.Empty = &ui.Empty{What: "A calendar of days and types will stand here.", Why: "No data have come yet.",
			When: "The first arrive after the next sync of the watch."}
		return render(ui.PersonCoverage(v.p, out))
	}
	if err != nil {
		return answer{}, err
	}
	if err := readYear(r, &out, first); err != nil {
		return answer{}, err
	}
	if err := yearShares(r, v, at, c, &out, first); err != nil {
		return answer{}, err
	}
	if err := s.yearRows(r, v, at, c, &out); err != nil {
		return answer{}, err
	}
	return render(ui.PersonCoverage(v.p, out))
}

// readYear takes the year and month from the address.
func readYear(r *http.Request, out *ui.PersonCoverageView, first health.Day) error {
	out.Year = out.Today.Midnight().Year()
	if text := r.URL.Query().Get("year"); text != "" {
		year, err := strconv.Atoi(text)
		if err != nil || year < first.Midnight().Year() || year > out.Year {
			return db.ErrNotFound
		}
		out.Year = year
	}
	if text := r.URL.Query().Get("month"); text != "" {
		month, err := strconv.Atoi(text)
		if err != nil || month < 1 || month > 12 {
			return db.ErrNotFound
		}
		out.Month = time.Month(month)
	}
	return nil
}

func dayIn(year int, month time.Month, day int) health.Day {
	return health.DayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 0)
}

// yearShares counts each year.
func yearShares(r *http.Request, v *statusPage, at int, c *query.Coverage, out *ui.PersonCoverageView,
	first health.Day) error {
	for year := first.Midnight().Year(); year <= out.Today.Midnight().Year(); year++ {
		entry := ui.CoverageYear{Year: year}
		for j, pair := range v.facts.People[at].Types {
			if !v.facts.Types[pair.Type].Rhythmic {
				continue
			}
			states, err := c.Days(r.Context(), j, dayIn(year, 1, 1), dayIn(year, 12, 31))
			if err != nil {
				return err
			}
			entry.Share.Add(states)
		}
		out.Years = append(out.Years, entry)
	}
	return nil
}

// yearRows fills the chosen year, and lists its gaps.
func (s *Site) yearRows(r *http.Request, v *statusPage, at int, c *query.Coverage, out *ui.PersonCoverageView) error {
	first := dayIn(out.Year, 1, 1)
	why, err := s.reasons(r, v, v.facts.People[at].ID, first)
	if err != nil {
		return err
	}
	var all health.Share
	for j, pair := range v.facts.People[at].Types {
		typ := v.facts.Types[pair.Type]
		states, err := c.Days(r.Context(), j, first, dayIn(out.Year, 12, 31))
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(states, func(a health.DayState) bool { return a.Absence != health.NotExpected }) {
			continue
		}
		row := ui.CoverageTypeRow{Type: v.types[typ.Key]}
		for _, state := range states {
			row.Days = append(row.Days, ui.CoverageDay{State: state})
		}
		if typ.Rhythmic { // of the others nothing is expected
			row.Share.Add(states)
			all.Add(states)
		}
		out.Rows = append(out.Rows, row)
		for _, g := range health.GapsOf(states, first) {
			out.Gaps = append(out.Gaps, v.gapRow(out.Person, typ.Key, g, c.Today, why))
		}
	}
	out.Gaps = together(out.Gaps)
	slices.SortStableFunc(out.Gaps, func(a, b ui.GapRow) int { return b.Days() - a.Days() })
	switch missing := all.Of - all.Got; {
	case all.Of == 0:
		out.Sentence, out.Status = fmt.Sprintf("Nothing was expected of %s in %d.", out.Person.Name, out.Year), ui.NoData
	case missing == 0:
		out.Sentence = fmt.Sprintf("Nothing is missing of %s in %d.", out.Person.Name, out.Year)
	default:
		out.Sentence = fmt.Sprintf("%d%% of what was expected of %s in %d is here.", all.Got*100/all.Of, out.Person.Name,
			out.Year)
		if slices.ContainsFunc(out.Gaps, func(g ui.GapRow) bool { return g.Open }) {
			out.Status = ui.Late
		}
	}
	return nil
}
