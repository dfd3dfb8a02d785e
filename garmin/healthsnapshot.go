package garmin

import (
	"slices"
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// HealthSnapshot is a measurement of two minutes that a person starts (Health
// API). Its last sample may be one second after its end.
var HealthSnapshot = &Type{
	Key: "healthSnapshot", Title: "Health snapshot", Permission: healthExport, Pull: "healthSnapshot",
	Backfill:   "healthSnapshot",
	NaturalKey: []string{"startTimeInSeconds"}, clock: spanClock,
	Fields: []Field{f("durationInSeconds", "Length")},
	Tables: []Table{{Name: "summaries", JSON: "summaries", Title: "Summaries", Fields: []Field{
		text("summaryType", "Measure"), f("minValue", "Lowest"), f("maxValue", "Highest"), f("avgValue", "Average"),
	}}},
	Series: []Series{
		snapshotSeries("heart_rate", "Heart rate", health.BPM, "heart_rate"),
		snapshotSeries("respiration", "Respiration", health.BreathsPerMin, "respiration"),
		snapshotSeries("stress", "Stress", health.None, "stress"),
		snapshotSeries("spo2", "Blood oxygen", health.Percent, "spo2", "pulse_ox"),
	},
	Metrics:  snapshotMetrics(),
	held:     map[string]func(element.Value, string) bool{"summaries": snapshotHeld},
	identify: keyByStart,
	read:     readSnapshot,
}

// snapshotMeasures are the types of summaries. Garmin's text says spo2, a
// receiver's code expects pulse_ox.
var snapshotMeasures = []struct {
	metricField
	kinds []string
}{
	{vital("snapshot_heart_rate", "Snapshot heart rate", health.BPM, "avgValue"), []string{"heart_rate"}},
	{vital("snapshot_respiration", "Snapshot respiration", health.BreathsPerMin, "avgValue").decimals(1),
		[]string{"respiration"}},
	{amount("snapshot_stress", "Snapshot stress", health.None, "avgValue"), []string{"stress"}},
	{vital("snapshot_spo2", "Snapshot blood oxygen", health.Percent, "avgValue"), []string{"spo2", "pulse_ox"}},
	{vital("snapshot_rmssd", "Snapshot HRV (RMSSD)", health.Millisecond, "avgValue"), []string{"rmssd_hrv"}},
	{vital("snapshot_sdrr", "Snapshot HRV (SDRR)", health.Millisecond, "avgValue"), []string{"sdrr_hrv"}},
}

func snapshotMetrics() []health.Metric {
	var out []health.Metric
	for _, m := range snapshotMeasures {
		out = append(out, m.Metric)
	}
	return out
}

func readSnapshot(v element.Value, d *Decoded) {
	for _, m := range snapshotMeasures {
		metricFields{m.metricField}.read(snapshotSummary(v, m.kinds...), d)
	}
}

// SnapshotSummary is the summary whose average is a metric; absent if the snapshot has
// none.
func SnapshotSummary(v element.Value, metric string) element.Value {
	for _, m := range snapshotMeasures {
		if m.Name == metric {
			return snapshotSummary(v, m.kinds...)
		}
	}
	return element.Value{}
}

// snapshotSummary finds one measure's summary by its type, the first of them.
func snapshotSummary(v element.Value, kinds ...string) element.Value {
	for item := range v.Get("summaries").Items() {
		for _, kind := range kinds {
			if strings.EqualFold(item.Get("summaryType").Text(), kind) {
				return item
			}
		}
	}
	return element.Value{}
}

// snapshotKinds are the types whose samples a series holds.
var snapshotKinds = []string{"heart_rate", "respiration", "stress", "spo2", "pulse_ox"}

func snapshotHeld(item element.Value, name string) bool {
	kind := strings.ToLower(item.Get("summaryType").Text())
	return name == "epochSummaries" && slices.Contains(snapshotKinds, kind)
}

func snapshotSeries(name, label string, unit health.Unit, kinds ...string) Series {
	s := Series{Name: name, Label: label, Unit: unit, Cadence: 5 * time.Second, JSON: "summaries", Reason: StressReason}
	s.each = func(v element.Value, start int64, yield func(int64, element.Num) bool) {
		eachPoint(snapshotSummary(v, kinds...).Get("epochSummaries"), start, yield)
	}
	return s
}
