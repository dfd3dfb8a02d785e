package query

import (
	"context"

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
			d.State = d.State.Within()
		case !d.State.Came() || d.State.Absence == health.OffBody:
			d.State = health.DayState{}
		}
	}
	return nil
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
