package query

import (
	"context"
	"errors"
	"iter"

	"garner/db"
	"garner/health"
)

// CoverageDay is what came of one type on one day.
type CoverageDay struct {
	Type  string
	Day   health.Day
	State health.DayState
}

// CoverageDays yields what came of a person from from to to, both included: of
// each type that comes regularly, a type at a time, the days on which something
// was expected. Of a person whom nothing came of, it yields nothing.
func (q *Reader) CoverageDays(ctx context.Context, person int64, from, to health.Day) iter.Seq2[CoverageDay, error] {
	return func(yield func(CoverageDay, error) bool) {
		if err := q.Viewer.sees(person); err != nil {
			yield(CoverageDay{}, err)
			return
		}
		first, err := q.FirstDay(ctx, person)
		if errors.Is(err, db.ErrNotFound) {
			return
		}
		var c *Coverage
		if err == nil {
			c, err = q.Coverage(ctx, person)
		}
		if errors.Is(err, db.ErrNotFound) {
			return // added since the watch looked
		}
		if err != nil {
			yield(CoverageDay{}, err)
			return
		}
		c.expected(ctx, max(first, from), min(max(first, c.Today), to), yield)
	}
}

// expected yields the days on which something was expected.
func (c *Coverage) expected(ctx context.Context, from, to health.Day, yield func(CoverageDay, error) bool) {
	for j := range c.person().Types {
		if !c.typ(j).Rhythmic || from > to {
			continue
		}
		states, err := c.Days(ctx, j, from, to)
		if err != nil {
			yield(CoverageDay{}, err)
			return
		}
		for i, state := range states {
			if state.Absence == health.NotExpected {
				continue
			}
			if !yield(CoverageDay{c.typ(j).Key, from + health.Day(i), state}, nil) {
				return
			}
		}
	}
}
