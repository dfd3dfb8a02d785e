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
		t.Days[i].State = states[i].With(t.Days[i].Has)
	}
	return nil
}

// statesOf are the states of the first type of a metric of which the person has any
// data, or else of the first one.
func (r *trendReader) statesOf(ctx context.Context, metric string) ([]health.DayState, error) {
	types := garmin.MetricTypes(metric)
	came := func(t *garmin.Type) bool {
		j, ok := r.coverage.Type(t.Key)
		return ok && r.coverage.wants[j].First != forever
	}
	at := max(0, slices.IndexFunc(types, came))
	return r.coverage.States(ctx, types[at].Key, r.from, r.to)
}

// AllMetrics are all that may be asked for, in the order of the types that have them.
func AllMetrics() []health.Metric { return garmin.Metrics() }

// MetricNamed finds one of them.
func MetricNamed(name string) (health.Metric, bool) { return garmin.MetricNamed(name) }
