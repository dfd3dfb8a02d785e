package garmin

import (
	"time"

	"garner/garmin/element"
	"garner/health"
)

// StressDetails are stress and Body Battery of a day (Health API).
// It is not documented whether Garmin may split a day: each start is a
// record.
var StressDetails = &Type{
	Key: "stressDetails", Title: "Stress and Body Battery", Permission: healthExport, Pull: "stressDetails",
	Backfill:   "stressDetails",
	NaturalKey: []string{"startTimeInSeconds"}, Rhythm: daily, clock: spanClock,
	Fields: []Field{
		f("durationInSeconds", "Length"),
		instant("bodyBatteryDynamicFeedbackEvent.eventStartTimeInSeconds", "Feedback since"),
		text("bodyBatteryDynamicFeedbackEvent.bodyBatteryLevel", "Body Battery in a word"),
		f("maxStressLevel", "Highest stress"),
		f("averageStressLevel", "Average stress").or("averageStresslevel"),
		f("bodyBatteryChargedValue", "Body Battery charged"),
		f("bodyBatteryDrainedValue", "Body Battery drained"),
	},
	Tables: []Table{{
		// One table of the specification calls the list …EventList; its
		// example and all data use the short name.
		Name: "body_battery_events", JSON: "bodyBatteryActivityEvents", Aliases: []string{"bodyBatteryActivityEventList"},
		Title: "Body Battery events",
		Fields: []Field{
			text("eventType", "Event"),
			instant("eventStartTimeInSeconds", "Start"),
			f("eventStartTimeOffsetInSeconds", "Offset").or("eventStartTimeOffsetINSeconds"),
			f("durationInSeconds", "Length").or("duration"),
			f("bodyBatteryImpact", "Change of Body Battery"),
			text("activityName", "Activity name"), text("activityType", "Activity type"), text("activityId", "Activity id"),
		},
	}},
	Series: []Series{
		{Name: "stress", Label: "Stress", Cadence: 3 * time.Minute, JSON: "timeOffsetStressLevelValues",
			Reason: StressReason},
		{Name: "body_battery", Label: "Body Battery", Cadence: 3 * time.Minute, JSON: "timeOffsetBodyBatteryValues",
			Reason: StressReason},
	},
	Metrics: stressMetricFields.metrics(
		health.Metric{Name: "body_battery_high", Label: "Body Battery, highest", Fold: health.Highest,
			Rule: "The highest of the day's Body Battery samples from 0 to 100; Garmin sends the samples and no high."},
		health.Metric{Name: "body_battery_low", Label: "Body Battery, lowest", Fold: health.Lowest,
			Rule: "The lowest of the day's Body Battery samples from 0 to 100; Garmin sends the samples and no low."},
	),
	identify: func(v element.Value, d *Decoded) {
		keyByStart(v, d)
		d.reachSamples(v, "timeOffsetStressLevelValues", "timeOffsetBodyBatteryValues")
	},
	read: readStress,
}

// StressReason explains the negative stress levels: they are reasons for a missing
// value. Older texts of Garmin have only the first two, as "not enough data" and
// "too much motion".
func StressReason(code float64) (reason string, ok bool) {
	switch {
	case code >= 0:
		return "", false
	case code == -1:
		return health.HoleOffWrist, true
	case code == -2:
		return "large motion", true
	case code == -3:
		return "not enough data", true
	case code == -4:
		return "recovering from exercise", true
	}
	return "unidentified", true
}

// For some months of 2025 these were here instead of in dailies.
var stressMetricFields = metricFields{
	amount("body_battery_charged", "Body Battery charged", health.None, "bodyBatteryChargedValue").sum(),
	amount("body_battery_drained", "Body Battery drained", health.None, "bodyBatteryDrainedValue").sum(),
}

func readStress(v element.Value, d *Decoded) {
	stressMetricFields.read(v, d)
	high, low := -1.0, 101.0
	for _, n := range pointsIn(v.Get("timeOffsetBodyBatteryValues")) {
		if x := n.Float(); x >= 0 && x <= 100 {
			high, low = max(high, x), min(low, x)
		}
	}
	if high >= low {
		d.put("body_battery_high", high)
		d.put("body_battery_low", low)
	}
	d.whole()
}
