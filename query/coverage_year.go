package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/health"
)

// Calendar is one person's year by days and types.
type Calendar struct {
	Year  int
	Today health.Day
	// Years are those from the first with data to this one.
	Years []YearShare
	// Rows are the types with expected or received data in the year.
	Rows []CalendarRow
	// Share counts the expected pairs of day and type of the year.
	Share health.Share
	// Gaps are those of the year, the longest first.
	Gaps []Gap
}

// YearShare is how much of the data expected in a year came.
type YearShare struct {
	Year  int
	Share health.Share
}

// CalendarRow is one type, by its key, through the year.
type CalendarRow struct {
	Type string
	// Share is empty for a type that comes as it comes.
	Share health.Share
	// Days begin with 1 January.
	Days []health.DayState
}

// Calendar is a year of a person; this year for 0. A person without data has no
// years. It returns db.ErrNotFound for a year that cannot have data.
func (h *Household) Calendar(ctx context.Context, person int64, year int) (*Calendar, error) {
	c, err := h.coverageOf(ctx, person)
	if err != nil {
		return nil, err
	}
	out := &Calendar{Year: year, Today: c.Today}
	if c.First() == forever {
		return out, nil
	}
	oldest, newest := c.First().Midnight().Year(), c.Today.Midnight().Year()
	if year == 0 {
		out.Year = newest
	}
	if out.Year < oldest || out.Year > newest {
		return nil, db.ErrNotFound
	}
	if _, err := c.days(ctx, newYear(oldest), newYear(newest+1)-1); err != nil {
		return nil, err
	}
	for y := oldest; y <= newest; y++ {
		share, err := c.yearShare(ctx, y)
		if err != nil {
			return nil, err
		}
		out.Years = append(out.Years, share)
	}
	return out, c.fill(ctx, out)
}

// newYear is the first day of a year.
func newYear(year int) health.Day {
	return health.DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), 0)
}

// yearShare counts a year.
func (c *Coverage) yearShare(ctx context.Context, year int) (YearShare, error) {
	out := YearShare{Year: year}
	for j, want := range c.wants {
		if !want.Rhythmic {
			continue
		}
		states, err := c.Days(ctx, j, newYear(year), newYear(year+1)-1)
		if err != nil {
			return out, err
		}
		out.Share.Add(states)
	}
	return out, nil
}

// fill adds rows and gaps to a calendar.
func (c *Coverage) fill(ctx context.Context, out *Calendar) error {
	first, last := newYear(out.Year), newYear(out.Year+1)-1
	for j, want := range c.wants {
		states, err := c.Days(ctx, j, first, last)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(states, func(s health.DayState) bool { return s.Absence != health.NotExpected }) {
			continue
		}
		row := CalendarRow{Type: c.typ(j).Key, Days: states}
		if want.Rhythmic { // other types are not expected
			row.Share.Add(states)
			out.Share.Add(states)
		}
		out.Rows = append(out.Rows, row)
	}
	gaps, err := c.Gaps(ctx, "", first, last)
	if err != nil {
		return err
	}
	why, err := c.home.causes(ctx, []int64{c.person().ID}, first)
	out.Gaps = c.explained(gaps, why)
	longestFirst(out.Gaps)
	return err
}
