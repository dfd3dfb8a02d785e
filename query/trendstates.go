package query

import (
	"context"
	"slices"

	"garner/garmin"
	"garner/health"
)

// states says of each day why there is no value, or whether it is whole.
func (r *trendReader) states(ctx context.Context, t *Trend) error {
	states, err := r.statesOf(ctx, t.Name)
	if err != nil {
		return err
	}
	for i := range t.Days {
		d := &t.Days[i]
		d.State = health.DayState{Absence: health.NotExpected}
		if states != nil {
			d.State = states[i]
		}
		switch {
		case !d.Has:
			d.State = without(t.Name, d.State)
		case !d.State.Came() || d.State.Absence == health.OffBody:
			d.State = health.DayState{}
		}
	}
	return nil
}

// without is the state of a metric that a day's records do not have. A sport without the
// measure, such as strength training without a distance, is not a fault of the watch.
func without(metric string, s health.DayState) health.DayState {
	if s.Came() && slices.Contains(garmin.MetricTypes(metric), garmin.Activities) {
		return health.DayState{Absence: health.NotExpected, Why: health.AsItComes}
	}
	return s.Within()
}

// statesOf are the states of the first type of a metric of which the person has any
// data, or else of the first one; nil if the watch knows none.
func (r *trendReader) statesOf(ctx context.Context, metric string) ([]health.DayState, error) {
	if r.coverage == nil {
		return nil, nil
	}
	found := -1
	for _, typ := range garmin.MetricTypes(metric) {
		j, ok := r.coverage.Type(typ.Key)
		if !ok {
			continue
		}
		if came := r.coverage.wants[j].First != forever; found < 0 || came {
			found = j
			if came {
				break
			}
		}
	}
	if found < 0 {
		return nil, nil
	}
	return r.coverage.Days(ctx, found, r.from, r.to)
}

// AllMetrics are all that may be asked for, in the order of the types that have them.
func AllMetrics() []health.Metric { return garmin.Metrics() }

// MetricNamed finds one of them.
func MetricNamed(name string) (health.Metric, bool) { return garmin.MetricNamed(name) }
