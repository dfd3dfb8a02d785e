package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
)

// Coverage is what came from one person on each day, and why data did not come.
// All pages, exports and notifications use it. A nil Coverage is that of a person whom
// the watch does not know yet; States says what holds then.
type Coverage struct {
	home *Household
	at   int
	zone *time.Location
	// Today is the person's.
	Today health.Day
	// parked are the days on which an element of a type came that could not be
	// processed.
	parked map[db.ParkedDay]bool
	// wants are the expectations of each of the person's types.
	wants []health.Expectation
	// read are the days that were read.
	read []*days
}

// DayAt is the person's date at an instant.
func (c *Coverage) DayAt(t time.Time) health.Day { return dayAt(t, c.zone) }

// Type finds the index of a type among the person's types.
func (c *Coverage) Type(key string) (pair int, ok bool) {
	if c == nil {
		return 0, false
	}
	for j, pair := range c.person().Types {
		if c.home.Facts.Types[pair.Type].Key == key {
			return j, true
		}
	}
	return 0, false
}

// Of returns the state of one day for a type by its key.
func (c *Coverage) Of(ctx context.Context, key string, day health.Day) (health.DayState, error) {
	states, err := c.States(ctx, key, day, day)
	if err != nil {
		return health.DayState{}, err
	}
	return states[0], nil
}

// States returns the state of each day from from to to, both included, for a type by its
// key. Of a person or type that the watch does not know yet, no data was expected so far.
func (c *Coverage) States(ctx context.Context, key string, from, to health.Day) ([]health.DayState, error) {
	if j, ok := c.Type(key); ok {
		return c.Days(ctx, j, from, to)
	}
	nothing := []health.DayState{{Absence: health.NotExpected, Why: health.NothingYet}}
	return slices.Repeat(nothing, int(max(0, to-from+1))), nil
}

// Days returns the state of each day from from to to, both included, for one of
// the person's types.
func (c *Coverage) Days(ctx context.Context, j int, from, to health.Day) ([]health.DayState, error) {
	if to < from {
		return nil, nil
	}
	days, err := c.days(ctx, from, to)
	if err != nil {
		return nil, err
	}
	typ, got := c.typ(j).Key, days.of[c.typ(j).Key]
	out := make([]health.DayState, 0, int(to-from)+1)
	for day := from; day <= to; day++ {
		parked := c.parked[db.ParkedDay{PersonType: db.PersonType{Person: c.person().ID, Type: typ}, Day: day}]
		state := c.wants[j].State(day, got.on(day), parked)
		if state.Absence == health.Missing {
			state.Why = days.pulled.why(typ, day, c.person().Key != nil)
		}
		out = append(out, state)
	}
	return out, nil
}

// days returns the days from from to to as they were read, or reads them.
func (c *Coverage) days(ctx context.Context, from, to health.Day) (*days, error) {
	for _, d := range c.read {
		if from >= d.from && to <= d.to {
			return d, nil
		}
	}
	if err := readDays(ctx, c.home.Store, []*Coverage{c}, from, to); err != nil {
		return nil, err
	}
	return c.read[len(c.read)-1], nil
}

func (c *Coverage) person() *alert.Person { return &c.home.Facts.People[c.at] }

func (c *Coverage) typ(j int) *alert.Type { return &c.home.Facts.Types[c.person().Types[j].Type] }

// state is the current state of the person's type.
func (c *Coverage) state(j int) alert.State { return c.home.Found.People[c.at].Types[j].State }

// expect sets what is expected of each type, without its excuses.
func (c *Coverage) expect(spans map[db.PersonType]db.Days) {
	p := c.person()
	c.wants = make([]health.Expectation, len(p.Types))
	for j, pair := range p.Types {
		typ := c.typ(j)
		e := health.Expectation{Today: c.Today, Rhythmic: typ.Rhythmic, Overdue: c.state(j) == alert.Overdue,
			Unsupported: c.state(j) == alert.Unsupported || pair.Off, First: forever} // never came
		if span, ok := spans[db.PersonType{Person: p.ID, Type: typ.Key}]; ok {
			e.First, e.Last = span.First, span.Last
		}
		c.wants[j] = e
	}
}
