package garmin

import (
	"strings"

	"garner/health"
)

// Lookup finds a type by its callback key, or by another name that Garmin uses
// for it in paths, ignoring case.
func Lookup(key string) (*Type, bool) {
	if t, ok := byKey[key]; ok {
		return t, true
	}
	t, ok := byKey[strings.ToLower(key)]
	return t, ok
}

var byKey = func() map[string]*Type {
	m := map[string]*Type{"file": ActivityFiles} // an old key, seen in the wild
	for _, t := range Types {
		m[strings.ToLower(t.Pull)] = t
	}
	for _, t := range Types { // callback keys have priority over path names
		m[strings.ToLower(t.Key)] = t
		m[t.Key] = t
	}
	delete(m, "")
	return m
}()

// MetricNamed finds the declaration of a metric.
func MetricNamed(name string) (health.Metric, bool) {
	m, ok := metricsByName[name]
	return m, ok
}

var metricsByName = func() map[string]health.Metric {
	out := map[string]health.Metric{}
	for _, m := range Metrics() {
		out[m.Name] = m
	}
	return out
}()
