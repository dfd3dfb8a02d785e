package query

import (
	"context"
	"errors"
	"iter"

	"garner/db"
	"garner/health"
)

// CoverageDay is the state of one type on one day.
type CoverageDay struct {
	Type  string
	Day   health.Day
	State health.DayState
}

// CoverageDays yields the coverage of a person from from to to, both included: for
// each type that comes regularly, one type after the other, the days on which data
// was expected. For a person without data, it yields nothing.
func (q *Reader) CoverageDays(ctx context.Context, person int64, from, to health.Day) iter.Seq2[CoverageDay, error] {
	return func(yield func(CoverageDay, error) bool) {
		if err := q.Viewer.sees(person); err != nil {
			yield(CoverageDay{}, err)
			return
		}
		c, err := q.Coverage(ctx, person)
		if errors.Is(err, db.ErrNotFound) {
			return // added after the last check
		}
		if err != nil {
			yield(CoverageDay{}, err)
			return
		}
		c.Expected(ctx, from, to)(yield)
	}
}

// Delivered is what came on each day from from to to, both included, of the types that
// come regularly.
func (c *Coverage) Delivered(ctx context.Context, from, to health.Day) ([]health.Delivered, error) {
	of := make([][]health.DayState, int(to-from)+1)
	for j, want := range c.wants {
		if !want.Rhythmic {
			continue
		}
		states, err := c.Days(ctx, j, from, to)
		if err != nil {
			return nil, err
		}
		for i, state := range states {
			of[i] = append(of[i], state)
		}
	}
	out := make([]health.Delivered, len(of))
	for i, states := range of {
		out[i] = health.DeliveredOn(states)
	}
	return out, nil
}

// Expected yields each day up to today on which data of a type that comes regularly
// was expected or came, one type after the other; none if no data ever came.
func (c *Coverage) Expected(ctx context.Context, from, to health.Day) iter.Seq2[CoverageDay, error] {
	return func(yield func(CoverageDay, error) bool) {
		first := c.First()
		if first == forever {
			return
		}
		from, to := max(first, from), min(max(first, c.Today), to)
		for j, want := range c.wants {
			if !want.Rhythmic || from > to {
				continue
			}
			states, err := c.Days(ctx, j, from, to)
			if err != nil {
				yield(CoverageDay{}, err)
				return
			}
			if !yieldExpected(c.typ(j).Key, from, states, yield) {
				return
			}
		}
	}
}

func yieldExpected(typ string, from health.Day, states []health.DayState, yield func(CoverageDay, error) bool) bool {
	for i, state := range states {
		if state.Absence != health.NotExpected && !yield(CoverageDay{typ, from + health.Day(i), state}, nil) {
			return false
		}
	}
	return true
}
