package query

import (
	"context"
	"errors"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// Cycle is a menstrual cycle as Garmin sends it. Numbers of days are 0 if unknown.
type Cycle struct {
	// Start is the first day of the period.
	Start health.Day
	// DayInCycle, Phase and UntilNext are as of Updated.
	DayInCycle, UntilNext int
	Phase                 string
	Period, Length        int
	// FertileStart is the day in the cycle on which the fertile window begins.
	FertileStart, Fertile int
	Predicted             bool
	// Updated is on the record's clock; zero if unknown.
	Updated  time.Time
	Delivery int64
}

// cyclesRead is how many days of cycles are read: about a year of them.
const cyclesRead = 400

// ReadsPrivate returns nil for who reads what is never shared: the person themselves, and
// the operator. Others get db.ErrNotFound.
func (q *Reader) ReadsPrivate(person int64) error {
	if q.Viewer.readsPrivate(person) {
		return nil
	}
	return db.ErrNotFound
}

// Cycles are the newest cycles of a person, the newest first. Only who reads what is
// private gets any; others get db.ErrNotFound.
func (q *Reader) Cycles(ctx context.Context, person int64) (out []Cycle, err error) {
	if err := q.ReadsPrivate(person); err != nil {
		return nil, err
	}
	_, last, err := q.Store.TypeDays(ctx, person, garmin.MCT.Key)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for u, err := range intact(q.Store.Each(ctx, person, garmin.MCT.Key, last-cyclesRead, last)) {
		if err != nil {
			return nil, err
		}
		out = append(out, cycleOf(u))
	}
	slices.Reverse(out)
	return out, nil
}

func cycleOf(u unpacked) Cycle {
	c := Cycle{Start: u.Day, DayInCycle: cycleDays(u.v, "dayInCycle"), UntilNext: cycleDays(u.v, "daysUntilNextPhase"),
		Phase:  garmin.Shorten(u.v.Get("currentPhaseType").Text(), mostName),
		Period: cycleDays(u.v, "periodLength"), Length: cycleDays(u.v, "cycleLength"),
		FertileStart: cycleDays(u.v, "fertileWindowStart"), Fertile: cycleDays(u.v, "lengthOfFertileWindow"),
		Delivery: u.Order.Arrival.Delivery}
	c.Predicted, _ = u.v.Get("isPredictedCycle").Bool()
	if c.Length == 0 {
		c.Length = cycleDays(u.v, "predictedCycleLength")
	}
	if at, ok := u.v.Get("lastUpdatedTimeInSeconds").Int(); ok && at > 0 {
		c.Updated = onWatch(at, u.Offset)
	}
	return c
}

// mostCycleDays is the longest cycle that is drawn.
const mostCycleDays = 366

// cycleDays is a number of days; 0 for what is none.
func cycleDays(v element.Value, name string) int {
	n, ok := v.Get(name).Int()
	if !ok || n < 0 || n > mostCycleDays {
		return 0
	}
	return int(n)
}
