package query

import (
	"context"
	"slices"
	"time"

	"garner/garmin"
	"garner/health"
)

// Pressure is one reading of the blood pressure.
type Pressure struct {
	Day health.Day
	// At is on the record's clock.
	At                         time.Time
	Systolic, Diastolic, Pulse Quantity
	// ByHand means that it was typed in, not measured by a device that sent it.
	ByHand    bool
	Delivery  int64
	Simulated bool
}

// Pressures are the readings from from to to, both included, the newest first.
func (q *Reader) Pressures(ctx context.Context, person int64, from, to health.Day) (out []Pressure, err error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	for u, err := range intact(q.Store.Each(ctx, person, garmin.BloodPressures.Key, from, to)) {
		if err != nil {
			return nil, err
		}
		out = append(out, Pressure{Day: u.Day, At: onWatch(u.Start, u.Offset), Systolic: quantity(u.v, "systolic"),
			Diastolic: quantity(u.v, "diastolic"), Pulse: quantity(u.v, "pulse"),
			ByHand: u.v.Get("sourceType").Text() == "MANUAL", Delivery: u.Order.Arrival.Delivery, Simulated: u.Simulated()})
	}
	slices.Reverse(out)
	return out, nil
}
