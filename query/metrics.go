package query

import (
	"context"
	"iter"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// DayValue is the value of a metric on a day, and the reading that it is; of a
// sum, the last of them.
type DayValue struct {
	Value float64
	From  db.DayReading
}

// DayValues folds the readings of one day to one value for each metric: by the
// rule of the metric where there are several records, and where two types have
// it, of the type that garmin lists first.
func DayValues(today []db.DayReading) map[string]DayValue {
	type source struct{ metric, typ string }
	groups := map[source][]db.DayReading{}
	plain := make([]health.Reading, 0, len(today))
	for _, r := range today {
		plain = append(plain, r.Reading)
	}
	main := health.MainSleeps(plain)
	for _, r := range today {
		if m, ok := garmin.MetricNamed(r.Metric); ok && m.Counts(r.Reading, main) {
			key := source{r.Metric, r.Type}
			groups[key] = append(groups[key], r)
		}
	}
	out := map[string]DayValue{}
	for key, list := range groups {
		have, known := out[key.metric]
		if known && rank(have.From.Type) < rank(key.typ) {
			continue
		}
		if v, ok := fold(list, main[list[0].Day]); ok {
			out[key.metric] = v
		}
	}
	return out
}

func fold(list []db.DayReading, main int64) (DayValue, bool) {
	m, _ := garmin.MetricNamed(list[0].Metric)
	plain := make([]health.Reading, 0, len(list))
	for _, r := range list {
		plain = append(plain, r.Reading)
	}
	x, from, ok := m.OfDay(plain, main)
	return DayValue{x, list[from]}, ok
}

// rank orders types as garmin lists them; what is derived across records comes
// first.
func rank(typ string) int {
	if typ == "" {
		return -1
	}
	return ranks[typ]
}

var ranks = func() map[string]int {
	out := map[string]int{}
	for i, t := range garmin.Types {
		out[t.Key] = i
	}
	return out
}()

// MetricsDay is every metric that a person's day has.
type MetricsDay struct {
	Day    health.Day
	Values map[string]DayValue
}

// metricsDays is how many days are read at a time.
const metricsDays = 92

// Metrics yields the days from from to to, both included, that have any metric,
// within the days of which any record is there.
func Metrics(ctx context.Context, store *db.Store, person int64, from, to health.Day) iter.Seq2[MetricsDay, error] {
	return func(yield func(MetricsDay, error) bool) {
		extents, err := store.Extents(ctx, person)
		if err != nil {
			yield(MetricsDay{}, err)
			return
		}
		oldest, newest := to+1, from-1
		for _, e := range extents {
			oldest, newest = min(oldest, e.Oldest), max(newest, e.Newest)
		}
		from, to := max(from, oldest), min(to, newest)
		for ; from <= to; from += metricsDays {
			byDay, err := metricsOf(ctx, store, person, from, min(to, from+metricsDays-1))
			if err != nil {
				yield(MetricsDay{}, err)
				return
			}
			for day := from; day <= min(to, from+metricsDays-1); day++ {
				list := byDay[day]
				if len(list) > 0 && !yield(MetricsDay{day, DayValues(list)}, nil) {
					return
				}
			}
		}
	}
}

func metricsOf(ctx context.Context, store *db.Store, person int64, from, to health.Day) (map[health.Day][]db.DayReading, error) {
	out := map[health.Day][]db.DayReading{}
	for _, typ := range append([]string{""}, recordTypes...) {
		readings, err := store.ReadingsOf(ctx, person, typ, from, to)
		if err != nil {
			return nil, err
		}
		for _, r := range readings {
			out[r.Day] = append(out[r.Day], db.DayReading{Reading: r, Type: typ})
		}
	}
	return out, nil
}

// recordTypes are those whose records yield metrics.
var recordTypes = func() (keys []string) {
	for _, t := range garmin.Types {
		if len(t.Metrics) > 0 && t.VersionOf == "" {
			keys = append(keys, t.Key)
		}
	}
	return keys
}()
