package jobs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// deriveDays is how many dirty days are derived at a time: few enough that
// new deliveries do not wait long.
const deriveDays = 32

// deriveTime is the time after which no further day is started.
const deriveTime = 500 * time.Millisecond

// derive makes the metrics across records of some dirty days. It runs when
// there is nothing to drain; it reports whether there was anything to do.
func (d *Drain) derive(ctx context.Context) (bool, error) {
	dirty, err := d.Store.Dirty(ctx, deriveDays)
	if err != nil || len(dirty) == 0 {
		return false, err
	}
	out := make([]db.Derived, 0, len(dirty))
	began := time.Now()
	for _, day := range dirty {
		if time.Since(began) > deriveTime {
			break // new deliveries go first
		}
		readings, err := deriveDay(ctx, d.Store, day)
		failed := err != nil && !passing(ctx, err)
		if err != nil && !failed {
			return false, fmt.Errorf("derive %s: %w", day.Day, err)
		}
		if failed { // a day that cannot be derived does not delay others
			d.Log.Error("day not derived", "day", day.Day, "err", err)
			d.Store.FoundDamage(fmt.Errorf("metrics of %s cannot be derived: %w", day.Day, err))
		}
		out = append(out, db.Derived{DirtyDay: day, Readings: readings, Failed: failed})
	}
	if err := d.Store.PutDerived(ctx, out); err != nil {
		return false, err
	}
	if d.Changed != nil {
		d.Changed()
	}
	return true, nil
}

// passing reports whether an error is temporary or affects the whole file,
// rather than the data that was read.
func passing(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, db.ErrBusy) || errors.Is(err, db.ErrFull) || errors.Is(err, db.ErrBroken)
}

func deriveDay(ctx context.Context, store *db.Store, day db.DirtyDay) ([]health.Reading, error) {
	if day.Family == health.FromNights {
		return deriveNights(ctx, store, day)
	}
	if day.Family == health.Placement {
		return nil, place(ctx, store, day)
	}
	if day.Family == health.FromActivities {
		return deriveActivities(ctx, store, day)
	}
	// A night begins on the evening before, so it takes neighbouring days to
	// tell day from night: the nights of the day and the next, the samples of
	// the day and the one before.
	var in garmin.Samples
	for _, part := range []struct {
		t        *garmin.Type
		from, to health.Day
		into     *[]garmin.Part
	}{
		{garmin.Sleeps, day.Day, day.Day + 1, &in.Sleeps},
		{garmin.PulseOx, day.Day - 1, day.Day, &in.PulseOx},
		{garmin.AllDayRespiration, day.Day - 1, day.Day, &in.Respiration},
	} {
		parts, err := gather(store.Each(ctx, day.Person, part.t.Key, part.from, part.to), whole)
		if err != nil {
			return nil, err
		}
		*part.into = parts
	}
	return garmin.DeriveSamples(day.Day, in), nil
}

func deriveNights(ctx context.Context, store *db.Store, day db.DirtyDay) ([]health.Reading, error) {
	var readings []health.Reading
	for _, t := range []*garmin.Type{garmin.HRV, garmin.Sleeps} {
		more, err := store.ReadingsOf(ctx, day.Person, t.Key, day.Day-health.UsualDays+1, day.Day)
		if err != nil {
			return nil, err
		}
		readings = append(readings, more...)
	}
	return garmin.DeriveNights(day.Day, readings), nil
}

// deriveActivities sums a day's activities, and those that are known only from
// details. What begins after midnight may be a part of an activity of the day
// before.
func deriveActivities(ctx context.Context, store *db.Store, day db.DirtyDay) ([]health.Reading, error) {
	list, err := gather(store.Each(ctx, day.Person, garmin.Activities.Key, day.Day-1, day.Day), whole)
	if err != nil {
		return nil, err
	}
	for _, of := range []health.Day{day.Day - 1, day.Day} {
		details := store.Unmatched(ctx, day.Person, garmin.ActivityDetails.Key, garmin.Activities.Key, of)
		alone, err := gather(details, garmin.SummaryOf)
		if err != nil {
			return nil, err
		}
		list = append(list, alone...)
	}
	return garmin.DeriveActivities(day.Day, list), nil
}

func whole(v element.Value) (element.Value, bool) { return v, true }

// gather reads the needed part of each record that has it. If one record of a day
// is damaged, the others still count.
func gather(records iter.Seq2[*health.Record, error],
	take func(element.Value) (element.Value, bool)) (out []garmin.Part, err error) {
	for rec, err := range db.Intact(records) {
		if err != nil {
			return nil, err
		}
		v, err := element.Unpack(rec.Body)
		if err != nil {
			return nil, err
		}
		if v, ok := take(v); ok {
			out = append(out, garmin.Part{Key: rec.Key, Start: rec.Start, End: rec.End, Day: rec.Day, Order: rec.Order, Value: v,
				Simulated: rec.Simulated()})
		}
	}
	return out, nil
}
