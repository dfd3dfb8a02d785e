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
	var moved []*health.Record
	for _, t := range []*garmin.Type{garmin.BodyComps, garmin.BloodPressures} {
		for rec, err := range store.Each(ctx, day.Person, t.Key, day.Day, day.Day) {
			if errors.Is(err, db.ErrDamaged) {
				continue
			}
			if err != nil {
				return err
			}
			to, err := refiled(ctx, store, t, rec)
			if err != nil {
				return err
			}
			if to != nil && to.Day != rec.Day {
				rec.Version = *to
				moved = append(moved, rec)
			}
		}
	}
	if len(moved) == 0 {
		return nil
	}
	return store.Refile(ctx, time.Now(), moved)
}

// refiled is a record as it is to be filed; nil where that is for itself to say:
// it has a clock or names its date.
func refiled(ctx context.Context, store *db.Store, t *garmin.Type, rec *health.Record) (*health.Version, error) {
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
	at := health.DayOf(v.Start, 0)
	clocks, err := store.Clocks(ctx, v.Person, at-health.ClockDays, at+health.ClockDays)
	if err != nil {
		return nil, err
	}
	offset, _ := health.OffsetAt(v.Start, clocks) // else 0
	v.Day = health.DayOf(v.Start, offset)
	for i := range v.Readings {
		v.Readings[i].Day = v.Day
	}
	return v, nil
}
