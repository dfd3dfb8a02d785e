package ui

import (
	"slices"
	"strings"

	"garner/health"
	"garner/query"
)

// Tile is a key number of a day, beside its median.
type Tile struct {
	Key, Label string
	// Value is of one metric or of two, "78 / 22"; empty where Why says why there is none.
	Value string
	Why   health.DayState
	// Median is that of the 28 days before; empty where too few have a value.
	Median string
	// SoFar means that the day is not over.
	SoFar bool
	// Delivery is the one that brought it, 0 for what follows from several.
	Delivery  int64
	Simulated bool
}

// keyNumbers are the eight numbers of every day, in order, with the type of data that
// has them. What grows with the day is so far only while the day lasts.
var keyNumbers = []struct {
	label, typ string
	metrics    []string
	grows      bool
}{
	{"Asleep", "sleeps", []string{"sleep"}, false},
	{"Resting heart rate", summaryType, []string{"resting_heart_rate"}, true},
	{"HRV of the night", "hrv", []string{"hrv"}, false},
	{"Average stress by Garmin", summaryType, []string{"average_stress"}, true},
	{"Body Battery, high / low", "stressDetails", []string{"body_battery_high", "body_battery_low"}, true},
	{"Steps", summaryType, []string{"steps"}, true},
	{"Distance", summaryType, []string{"distance"}, true},
	{"Active calories", summaryType, []string{"active_energy"}, true},
}

// tiles are the key numbers of the day.
func (w *dayWriter) tiles() (out []Tile) {
	for _, k := range keyNumbers {
		t := Tile{Key: k.metrics[0], Label: k.label, Why: w.day.States[k.typ].Within()}
		var values, medians []string
		for _, name := range k.metrics {
			i := slices.IndexFunc(w.day.Metrics, func(m query.DayMetric) bool { return m.Name == name })
			if i < 0 {
				continue
			}
			row := w.metricRow(w.day.Metrics[i])
			values = append(values, w.v.Units.Format(row.Value))
			if row.Median.OK {
				medians = append(medians, w.v.Units.Format(row.Median))
			}
			t.Delivery, t.Simulated = row.Delivery, t.Simulated || row.Simulated
		}
		t.Value, t.Median = strings.Join(values, " / "), strings.Join(medians, " / ")
		t.SoFar = k.grows && w.day.Until > 0 && t.Value != ""
		out = append(out, t)
	}
	return out
}
