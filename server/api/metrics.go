package api

import (
	"slices"

	"garner/export"
	"garner/garmin"
	"garner/garmin/element"
)

// metricNames are the names of all daily metrics.
var metricNames = func() (names []string) {
	for _, m := range garmin.Metrics() {
		names = append(names, m.Name)
	}
	return names
}()

// metrics lists the days of a person that have any of the metrics asked for.
func (r *request) metrics() (any, error) {
	l, err := r.listing("names", metricNames)
	if err != nil {
		return nil, err
	}
	var at place
	if has, err := r.after(&at); err != nil {
		return nil, err
	} else if has {
		l.from = max(l.from, at.Day+1)
	}
	out := newPage()
	for day, err := range r.query.Metrics(r.Context(), l.person.ID, l.from, l.to) {
		if err != nil {
			return nil, err
		}
		values := appendMetrics(nil, day.Values, l.words)
		if len(values) <= len("{}") {
			continue
		}
		if out.full(l.limit) {
			next, err := r.next(at)
			return out.end(next), err
		}
		out.item()
		out.b = element.AppendQuoted(append(out.b, `{"date":`...), day.Day.String())
		out.b = append(append(append(out.b, `,"values":`...), values...), '}')
		at.Day = day.Day
	}
	return out.end(""), nil
}

// appendMetrics appends an object of a day's metrics: all, or those of some names if there
// are any. Numbers are as in the export, a status is its word.
func appendMetrics(b []byte, values map[string]float64, names []string) []byte {
	b = append(b, '{')
	begun := false
	for _, m := range garmin.Metrics() {
		x, ok := values[m.Name]
		if !ok || names != nil && !slices.Contains(names, m.Name) {
			continue
		}
		if begun {
			b = append(b, ',')
		}
		begun = true
		b = export.AppendMetricJSON(append(element.AppendQuoted(b, m.Name), ':'), m, x)
	}
	return append(b, '}')
}
