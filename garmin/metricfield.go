package garmin

import (
	"math"

	"garner/garmin/element"
	"garner/health"
)

// metricField is a metric that is one field of an element, unchanged.
type metricField struct {
	health.Metric
	json    string
	aliases []string
	// Negative numbers are codes for "none" (averageStressLevel -1) unless the
	// metricField is signed; 0 is not a value either if it is strict.
	signed, strict bool
}

// amount declares a metric that may be 0 and never less.
func amount(name, label string, unit health.Unit, json string) metricField {
	return metricField{Metric: health.Metric{Name: name, Label: label, Unit: unit}, json: json}
}

// vital declares a metric that is never 0 in a living person.
func vital(name, label string, unit health.Unit, json string) metricField {
	g := amount(name, label, unit, json)
	g.strict = true
	return g
}

func (g metricField) decimals(n int) metricField {
	g.Decimals = n
	return g
}

// sum means that a day's records are added up.
func (g metricField) sum() metricField {
	g.Fold = health.Sum
	return g
}

// nearMainSleep means that only the record nearest to a day's main sleep counts.
func (g metricFields) nearMainSleep() metricFields {
	for i := range g {
		g[i].Fold = health.NearMainSleep
	}
	return g
}

// ofMainSleep means that only a day's main sleep counts.
func (g metricFields) ofMainSleep() metricFields {
	for i := range g {
		g[i].Fold = health.OfMainSleep
	}
	return g
}

func (g metricField) or(aliases ...string) metricField {
	g.aliases = aliases
	return g
}

type metricFields []metricField

// metrics lists what the metricFields yield, and others after them.
func (list metricFields) metrics(more ...health.Metric) []health.Metric {
	var out []health.Metric
	for _, g := range list {
		out = append(out, g.Metric)
	}
	return append(out, more...)
}

// read adds the readings of an element, at its start.
func (list metricFields) read(v element.Value, d *Decoded) {
	for _, g := range list {
		got, _ := find(v, g.json, g.aliases)
		x, ok := got.Float()
		if ok && (g.signed || x > 0 || x == 0 && !g.strict) {
			d.put(g.Name, x)
		}
	}
}

// readDay adds readings that belong to the day as a whole.
func (list metricFields) readDay(v element.Value, d *Decoded) {
	list.read(v, d)
	d.whole()
}

// put adds a reading if it is a number: sums of samples may overflow.
func (d *Decoded) put(metric string, x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return
	}
	d.Readings = append(d.Readings, health.Reading{Metric: metric, Day: d.Day, At: d.Start, Value: x})
}

// whole makes the readings belong to the day as a whole.
func (d *Decoded) whole() {
	for i := range d.Readings {
		d.Readings[i].At = 0
	}
}
