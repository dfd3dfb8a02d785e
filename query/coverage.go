package query

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
)

// Coverage tells what came of one person on each day, and why something did
// not. All pages, exports and notifications ask it.
type Coverage struct {
	home *Household
	at   int
	zone *time.Location
	// Today is the person's.
	Today health.Day
	// parked are the days on which something of a type came that could not be
	// processed.
	parked map[db.ParkedDay]bool
	// left are the days without connection, once they are known.
	left []health.Excuse
}

// Coverage is that of the person at a place of the facts.
func (h *Household) Coverage(ctx context.Context, at int) (*Coverage, error) {
	person := h.Facts.People[at].ID
	if err := h.Viewer.sees(person); err != nil {
		return nil, err
	}
	if err := h.load(ctx); err != nil {
		return nil, err
	}
	zone := Zone(ctx, h.Viewer, h.Store, person)
	c := &Coverage{home: h, at: at, zone: zone, Today: dayAt(h.Facts.Now, zone), parked: map[db.ParkedDay]bool{}}
	list, err := h.Store.ParkedDays(ctx, person)
	for _, k := range list {
		c.parked[k] = true
	}
	return c, err
}

// DayAt is the person's date at an instant.
func (c *Coverage) DayAt(t time.Time) health.Day { return dayAt(t, c.zone) }

// Type finds the place of a type among the person's pairs.
func (c *Coverage) Type(key string) (pair int, ok bool) {
	for j, pair := range c.person().Types {
		if c.home.Facts.Types[pair.Type].Key == key {
			return j, true
		}
	}
	return 0, false
}

// Of gives the state of one day for a type by its key.
func (c *Coverage) Of(ctx context.Context, key string, day health.Day) (health.DayState, error) {
	j, ok := c.Type(key)
	if !ok {
		return health.DayState{Absence: health.NotExpected}, nil
	}
	states, err := c.Days(ctx, j, day, day)
	if err != nil {
		return health.DayState{}, err
	}
	return states[0], nil
}

// Days gives the state of each day from from to to, both included, for one of
// the person's pairs.
func (c *Coverage) Days(ctx context.Context, j int, from, to health.Day) ([]health.DayState, error) {
	typ := c.typ(j)
	want, err := c.expectation(ctx, j)
	if err != nil {
		return nil, err
	}
	got, err := c.records(ctx, typ.Key, from, to)
	if err != nil {
		return nil, err
	}
	out := make([]health.DayState, 0, int(to-from)+1)
	for day := from; day <= to; day++ {
		out = append(out, want.State(day, got[day], c.parked[db.ParkedDay{Type: typ.Key, Day: day}]))
	}
	return out, nil
}

func (c *Coverage) person() *alert.Person { return &c.home.Facts.People[c.at] }

func (c *Coverage) typ(j int) *alert.Type { return &c.home.Facts.Types[c.person().Types[j].Type] }

// state is how the pair is doing now.
func (c *Coverage) state(j int) alert.State { return c.home.Found.People[c.at].Types[j].State }

func (c *Coverage) expectation(ctx context.Context, j int) (*health.Expectation, error) {
	typ := c.typ(j)
	e := &health.Expectation{Today: c.Today, Rhythmic: typ.Rhythmic, Unsupported: c.state(j) == alert.Unsupported ||
		c.person().Types[j].Off,
		Overdue: c.state(j) == alert.Overdue}
	var err error
	e.First, e.Last, err = c.home.Store.TypeDays(ctx, c.person().ID, typ.Key)
	if errors.Is(err, db.ErrNotFound) {
		e.First, e.Last, err = forever, 0, nil // never came
	}
	if err != nil || !typ.Rhythmic {
		return e, err
	}
	e.Excuses, err = c.excuses(ctx, j)
	return e, err
}

// withoutWatch adds the nights without the watch, as the sleeps tell: what is
// measured in sleep was not measured then, whatever else is missing.
func (c *Coverage) withoutWatch(ctx context.Context, days map[health.Day]*health.DayRecord, from, to health.Day) error {
	classes, err := c.home.Store.Classes(ctx, c.person().ID, garmin.Sleeps.Key, from, to)
	for day, class := range classes {
		if days[day] == nil && class == health.OffWrist {
			days[day] = &health.DayRecord{Class: health.OffWrist}
		}
	}
	return err
}

// records gives what stands for each day on which anything came.
func (c *Coverage) records(ctx context.Context, typ string, from, to health.Day) (map[health.Day]*health.DayRecord,
	error) {
	store, person := c.home.Store, c.person().ID
	covers, err := store.CoverageOf(ctx, person, typ, from, to)
	if err != nil {
		return nil, err
	}
	out := make(map[health.Day]*health.DayRecord, len(covers))
	for _, g := range covers {
		out[g.Day] = &health.DayRecord{Class: health.Final}
	}
	switch typ {
	case garmin.Sleeps.Key:
		classes, err := store.Classes(ctx, person, typ, from, to)
		for day, class := range classes {
			if out[day] != nil {
				out[day].Class = class
			}
		}
		return out, err
	case garmin.HRV.Key, garmin.SkinTemp.Key:
		return out, c.withoutWatch(ctx, out, from, to)
	case garmin.Dailies.Key, garmin.StressDetails.Key:
		reaches, err := store.Reaches(ctx, person, typ, from, to+1)
		for day, r := range reaches {
			if out[day] != nil {
				out[day].Start, out[day].End, out[day].NextStart = r.Start, r.End, reaches[day+1].Start
			}
		}
		return out, err
	}
	return out, nil
}
