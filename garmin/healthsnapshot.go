package garmin

import (
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// HealthSnapshot is a measurement of two minutes that a person starts (Health
// API 3.9). Its last sample may lie one second past its duration.
var HealthSnapshot = &Type{
	Key: "healthSnapshot", Title: "Health snapshot", Permission: healthExport, Pull: "healthSnapshot", Backfill: "healthSnapshot",
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
	Metrics: []health.Metric{
		{Name: "snapshot_rmssd", Label: "Snapshot HRV (RMSSD)", Unit: health.Millisecond},
		{Name: "snapshot_sdrr", Label: "Snapshot HRV (SDRR)", Unit: health.Millisecond},
		{Name: "snapshot_heart_rate", Label: "Snapshot heart rate", Unit: health.BPM},
	},
	identify: keyByStart,
	read: func(v element.Value, d *Decoded) {
		for metric, kind := range map[string]string{"snapshot_rmssd": "rmssd_hrv", "snapshot_sdrr": "sdrr_hrv", "snapshot_heart_rate": "heart_rate"} {
			d.positive(metric, snapshotSummary(v, kind), "avgValue")
		}
		sortReadings(d.Readings)
	},
}

// snapshotSummary finds one measure's summary by its type.
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

func snapshotSeries(name, label string, unit health.Unit, kinds ...string) Series {
	s := Series{Name: name, Label: label, Unit: unit, Cadence: 5 * time.Second, JSON: "summaries"}
	s.each = func(v element.Value, start int64, yield func(int64, element.Num) bool) {
		for at, n := range snapshotSummary(v, kinds...).Get("epochSummaries").Points() {
			if !yield((start+at)*1000, n) {
				return
			}
		}
	}
	if name == "stress" {
		s.Reason = StressReason
	}
	return s
}
