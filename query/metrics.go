package query

import (
	"context"
	"iter"

	"garner/garmin"
	"garner/health"
)

// MetricsDay is all metrics of a person's day, by name.
type MetricsDay struct {
	Day    health.Day
	Values map[string]float64
}

// metricsDays is how many days are read at a time.
const metricsDays = 92

// Metrics yields the days from from to to, both included, that have any metric, from the
// first day with records up to today, or to the last one with records. It yields an error if
// the viewer may not read the person's values.
func (q *Reader) Metrics(ctx context.Context, person int64, from, to health.Day) iter.Seq2[MetricsDay, error] {
	return func(yield func(MetricsDay, error) bool) {
		if err := q.Viewer.readsOf(person); err != nil {
			yield(MetricsDay{}, err)
			return
		}
		extents, err := q.Store.Extents(ctx, person)
		if err != nil {
			yield(MetricsDay{}, err)
			return
		}
		zone, err := q.Zone(ctx, person)
		if err != nil {
			yield(MetricsDay{}, err)
			return
		}
		oldest, newest := to+1, from-1
		for _, e := range extents { // means and ranges of weeks go on after the last record
			oldest, newest = min(oldest, e.Oldest), max(newest, e.Newest, dayAt(q.Now, zone))
		}
		from, to := max(from, oldest), min(to, newest)
		for ; from <= to; from += metricsDays {
			readings, err := q.Store.Readings(ctx, person, from, min(to, from+metricsDays-1))
			if err != nil {
				yield(MetricsDay{}, err)
				return
			}
			for _, day := range byDay(q.Viewer.shown(person, readings), from, min(to, from+metricsDays-1)) {
				if !yield(day, nil) {
					return
				}
			}
		}
	}
}

// byDay folds readings to one value for each metric and day, days in order.
func byDay(readings []health.Reading, from, to health.Day) (out []MetricsDay) {
	main, days := health.MainSleeps(readings), map[health.Day][]health.Reading{}
	for _, r := range readings {
		days[r.Day] = append(days[r.Day], r)
	}
	for day := from; day <= to; day++ {
		values := map[string]float64{}
		for _, m := range garmin.Metrics() {
			if x, _, ok := garmin.DayValue(m, days[day], main); ok {
				values[m.Name] = x
			}
		}
		if len(values) > 0 {
			out = append(out, MetricsDay{day, values})
		}
	}
	return out
}
