package query

import (
	"context"
	"errors"
	"iter"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// TypeDay is the state of one type on one day, with what arrived.
type TypeDay struct {
	CoverageDay
	// Records counts what arrived, simulated records only if there are no others; Simulated
	// means that there are no others.
	Records   int
	Simulated bool
}

// typeDays is how many days of TypeDay are read at a time.
const typeDays = 92

// CoverageOfTypes yields the coverage of a person from from to to, both included, day by
// day and within a day in the order of garmin.Types, days without any expectation included.
// It begins no earlier than the first data and ends today. types are keys; nil stands for
// those that come regularly, or have come. For a person without data, it yields nothing.
func (q *Reader) CoverageOfTypes(ctx context.Context, person int64, types []string,
	from, to health.Day) iter.Seq2[TypeDay, error] {
	return func(yield func(TypeDay, error) bool) {
		if err := q.Viewer.sees(person); err != nil {
			yield(TypeDay{}, err)
			return
		}
		c, err := q.Coverage(ctx, person)
		if errors.Is(err, db.ErrNotFound) {
			return // added after the last check
		}
		if err != nil {
			yield(TypeDay{}, err)
			return
		}
		first := c.First()
		if first == forever {
			return
		}
		to := min(to, max(first, c.Today))
		for from := max(from, first); from <= to; from += typeDays {
			list, err := q.typeDays(ctx, c, c.typesOr(types), from, min(to, from+typeDays-1))
			if err != nil {
				yield(TypeDay{}, err)
				return
			}
			for _, day := range list {
				if !yield(day, nil) {
					return
				}
			}
		}
	}
}

// typesOr are types in the order of garmin.Types, or the person's that come regularly or
// have come.
func (c *Coverage) typesOr(types []string) (out []string) {
	for _, t := range garmin.Types {
		if types != nil {
			if slices.Contains(types, t.Key) {
				out = append(out, t.Key)
			}
		} else if j, ok := c.Type(t.Key); ok && (c.wants[j].Rhythmic || c.wants[j].First != forever) {
			out = append(out, t.Key)
		}
	}
	return out
}

// typeDays reads some days of some types.
func (q *Reader) typeDays(ctx context.Context, c *Coverage, types []string, from, to health.Day) ([]TypeDay, error) {
	arrived, err := q.Store.Coverage(ctx, c.person().ID, from, to)
	if err != nil {
		return nil, err
	}
	type typeDay struct {
		typ string
		day health.Day
	}
	covers := make(map[typeDay]db.Cover, len(arrived))
	for _, a := range arrived {
		covers[typeDay{a.Type, a.Day}] = a
	}
	states := make([][]health.DayState, len(types))
	for i, typ := range types {
		if j, ok := c.Type(typ); ok {
			if states[i], err = c.Days(ctx, j, from, to); err != nil {
				return nil, err
			}
		}
	}
	var out []TypeDay
	for day := from; day <= to; day++ {
		for i, typ := range types {
			d := TypeDay{CoverageDay: CoverageDay{Type: typ, Day: day, State: health.DayState{Absence: health.NotExpected}}}
			if states[i] != nil {
				d.State = states[i][day-from]
			}
			cover := covers[typeDay{typ, day}]
			d.Records, d.Simulated = cover.Records, cover.Simulated
			out = append(out, d)
		}
	}
	return out, nil
}
