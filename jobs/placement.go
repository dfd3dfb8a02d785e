package jobs

import (
	"context"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// place assigns the measurements of a day that came without an offset, such as
// weigh-ins from a scale, to the day that the person's other records of that time
// show. If no other record shows one, it is the UTC day. The order of arrival does
// not matter, since a record with an offset triggers it again.
func place(ctx context.Context, store *db.Store, day db.DirtyDay) error {
	p := &placing{store: store, person: day.Person, clocks: map[health.Day]health.Clock{}}
	var moved []*health.Record
	held := 0
	for _, t := range []*garmin.Type{garmin.BodyComps, garmin.BloodPressures} {
		for rec, err := range db.Intact(store.Each(ctx, day.Person, t.Key, day.Day, day.Day)) {
			if err != nil {
				return err
			}
			to, err := p.refiled(ctx, t, rec)
			if err != nil {
				return err
			}
			if to != nil && to.Day != rec.Day {
				rec.Version = *to
				moved, held = append(moved, rec), held+len(to.Body)
			}
			if len(moved) == mostMoved || held > mostMovedBytes {
				if err := store.Refile(ctx, time.Now(), moved); err != nil {
					return err
				}
				moved, held = nil, 0
			}
		}
	}
	return store.Refile(ctx, time.Now(), moved)
}

// One transaction moves a limited number.
const (
	mostMoved      = 50
	mostMovedBytes = 1 << 20
)

// placing is the state for one person and day.
type placing struct {
	store  *db.Store
	person int64
	// clocks caches the known offsets by the UTC day of a measurement: all
	// measurements of a day need the same.
	clocks map[health.Day]health.Clock
}

func (p *placing) clock(ctx context.Context, day health.Day) (health.Clock, error) {
	if clock, ok := p.clocks[day]; ok {
		return clock, nil
	}
	seen, err := p.store.Clocks(ctx, p.person, day-health.ClockDays, day+health.ClockDays)
	p.clocks[day] = health.KnownClock(seen)
	return p.clocks[day], err
}

// refiled returns a record with its new day, or nil if the record itself has an
// offset or names its date.
func (p *placing) refiled(ctx context.Context, t *garmin.Type, rec *health.Record) (*health.Version, error) {
	if rec.Offset != nil {
		return nil, nil
	}
	body, err := element.Unpack(rec.Body)
	if err != nil || t.NamesDate(body) {
		return nil, err
	}
	v, err := Redecode(rec)
	if err != nil || v == nil {
		return nil, err
	}
	clock, err := p.clock(ctx, health.DayOf(v.Start, 0))
	if err != nil {
		return nil, err
	}
	v.Day = health.DayOf(v.Start, clock.Offset(v.Start))
	for i := range v.Readings {
		v.Readings[i].Day = v.Day
	}
	return v, nil
}
