package ui

import (
	"slices"

	"garner/query"
)

// metricOrder puts the metrics in order for people; what is not named here comes
// last.
var metricOrder = []struct {
	title string
	names []string
}{
	{"Sleep", []string{"sleep", "sleep_score", "deep_sleep", "light_sleep", "rem_sleep", "awake_in_bed",
		"sleep_efficiency", "unmeasurable_sleep", "naps"}},
	{"Heart", []string{"resting_heart_rate", "lowest_heart_rate", "highest_heart_rate", "average_heart_rate_7_days",
		"hrv", "hrv_5_minute_high", "hrv_7_days", "hrv_band_low", "hrv_band_high", "hrv_status",
		"garmin_hrv_night", "garmin_hrv_5_minute_high", "garmin_hrv_7_days", "garmin_hrv_band_low",
		"garmin_hrv_band_high"}},
	{"Stress and Body Battery", []string{"average_stress", "highest_stress", "stress_time", "rest_stress_time",
		"low_stress_time", "medium_stress_time", "high_stress_time", "activity_stress_time",
		"body_battery_high", "body_battery_low", "body_battery_charged", "body_battery_drained"}},
	{"Movement", []string{"steps", "steps_goal", "distance", "floors_climbed", "active_time", "moderate_intensity",
		"vigorous_intensity", "active_energy", "resting_energy", "activity_count", "activity_time",
		"activity_distance", "activity_energy", "activity_ascent"}},
	{"Breath and blood oxygen", []string{"respiration_night", "respiration_day", "spo2_night", "spo2_day",
		"spo2_lowest", "spo2_lowest_night", "spo2_highest_night", "spo2_lowest_day", "spo2_highest_day"}},
	{"Food and drink", []string{"hydration", "sweat_loss", "food_energy", "food_carbohydrates", "food_protein",
		"food_fat"}},
}

// metricGroups is the table of every metric of the day.
func (w *dayWriter) metricGroups() (out []MetricGroup) {
	rest := slices.Clone(w.day.Metrics)
	for _, order := range metricOrder {
		group := MetricGroup{Title: order.title}
		for _, name := range order.names {
			i := slices.IndexFunc(rest, func(m query.DayMetric) bool { return m.Name == name })
			if i >= 0 {
				group.Rows = append(group.Rows, w.metricRow(rest[i]))
				rest = slices.Delete(rest, i, i+1)
			}
		}
		if len(group.Rows) > 0 {
			out = append(out, group)
		}
	}
	if len(rest) == 0 {
		return out
	}
	last := MetricGroup{Title: "Body and fitness"}
	for _, m := range rest {
		last.Rows = append(last.Rows, w.metricRow(m))
	}
	return append(out, last)
}

func (w *dayWriter) metricRow(m query.DayMetric) MetricRow {
	row := MetricRow{Name: m.Name, Label: m.Label, Rule: m.Rule, Value: valueOf(m.Metric, m.Value),
		Received: m.Received, Device: m.Device, Delivery: m.Delivery, Simulated: m.Simulated && !w.p.Demo}
	if m.Word != "" {
		row.Value = Word(m.Word)
	}
	if m.Median != nil {
		row.Median = valueOf(m.Metric, *m.Median)
	}
	if !row.Received.IsZero() && len(w.day.Clock) > 0 {
		row.Received = row.Received.In(w.on(w.day.From).Location())
	}
	return row
}
