package jobs

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// place files the measurements of a day that came without a clock of their own,
// as weigh-ins from a scale may, under the day that the person's other records
// of that time tell. Where no other record tells, their day is that of UTC. It
// is the same whatever came first, since a record with a clock asks for it anew.
func place(ctx context.Context, store *db.Store, day db.DirtyDay) error {
	clocks := clocksOf{ctx: ctx, store: store}
	var moved []*health.Record
	held := 0
	for _, t := range []*garmin.Type{garmin.BodyComps, garmin.BloodPressures} {
		for rec, err := range store.Each(ctx, day.Person, t.Key, day.Day, day.Day) {
			if errors.Is(err, db.ErrDamaged) {
				continue
			}
			if err != nil {
				return err
			}
			to, err := refiled(&clocks, t, rec)
			if err != nil {
				return err
			}
			if to != nil && to.Day != rec.Day {
				rec.Version = *to
				moved, held = append(moved, rec), held+len(to.Body)
			}
			if len(moved) == refileRows || held > refileBytes {
				if err := store.Refile(ctx, time.Now(), moved); err != nil {
					return err
				}
				moved, held = nil, 0
			}
		}
	}
	if len(moved) == 0 {
		return nil
	}
	return store.Refile(ctx, time.Now(), moved)
}

// One transaction files so much elsewhere.
const (
	refileRows  = 50
	refileBytes = 1 << 20
)

// clocksOf remembers the clocks around the days of one person's measurements,
// since a day may have a thousand of them.
type clocksOf struct {
	ctx   context.Context
	store *db.Store
	days  map[health.Day][]health.Sighting
}

func (c *clocksOf) offset(person, at int64) (int32, error) {
	day := health.DayOf(at, 0)
	known, ok := c.days[day]
	if !ok {
		var err error
		if known, err = c.store.Clocks(c.ctx, person, day-health.ClockDays, day+health.ClockDays); err != nil {
			return 0, err
		}
		health.SortSightings(known)
		if c.days == nil {
			c.days = map[health.Day][]health.Sighting{}
		}
		c.days[day] = known
	}
	offset, _ := health.OffsetAt(at, health.Nearest(at, known)) // else 0
	return offset, nil
}

// refiled is a record as it is to be filed; nil where that is for itself to say:
// it has a clock or names its date.
func refiled(clocks *clocksOf, t *garmin.Type, rec *health.Record) (*health.Version, error) {
	if rec.Offset != nil {
		return nil, nil
	}
	body, err := element.Unpack(rec.Body)
	if err != nil || t.NamesDate(body) {
		return nil, err
	}
	v, err := Redo(rec)
	if err != nil || v == nil {
		return nil, err
	}
	offset, err := clocks.offset(v.Person, v.Start)
	if err != nil {
		return nil, err
	}
	v.Day = health.DayOf(v.Start, offset)
	for i := range v.Readings {
		v.Readings[i].Day = v.Day
	}
	return v, nil
}
