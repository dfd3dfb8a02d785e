package garmin

import (
	"slices"
	"strings"

	"garner/health"
)

// MetricTypes are the types whose records have a metric, or that it is derived from, in
// the order of Types; none for one that is not known.
func MetricTypes(metric string) []*Type { return typesByMetric[metric] }

var typesByMetric = func() map[string][]*Type {
	out := map[string][]*Type{}
	for _, t := range Types {
		for _, m := range t.allMetrics() {
			out[m.Name] = append(out[m.Name], t)
		}
	}
	return out
}()

// IsDerived reports whether a metric is derived across records, so that its readings
// have no type.
func IsDerived(metric string) bool {
	return slices.ContainsFunc(Derived, func(m health.Metric) bool { return m.Name == metric })
}

// Grows reports whether the value of a metric changes until its day is over. What is
// measured at night is whole in the morning, and a measurement is whole at once.
func Grows(metric string) bool {
	if strings.HasSuffix(metric, "_night") {
		return false
	}
	return slices.ContainsFunc(MetricTypes(metric), func(t *Type) bool {
		return t.Rhythm == daily || t.Rhythm == severalADay || t == Activities || t == Hydration || t == FoodLogs
	})
}
