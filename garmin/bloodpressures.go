package garmin

import "garner/health"

// BloodPressures are single measurements (Health API).
var BloodPressures = &Type{
	Key: "bloodPressures", Title: "Blood pressure", Permission: healthExport, Pull: "bloodPressures",
	Backfill:   "bloodPressures",
	NaturalKey: []string{"measurementTimeInSeconds"}, clock: momentClock,
	Feeds: []health.Feed{{Family: health.Placement, Days: 1}},
	Fields: []Field{
		fu("systolic", "Systolic", health.MMHG),
		fu("diastolic", "Diastolic", health.MMHG),
		fu("pulse", "Pulse", health.BPM),
		text("sourceType", "Source"),
	},
	Metrics:  pressureMetricFields.metrics(),
	identify: keyByStart,
	read:     pressureMetricFields.read,
}

var pressureMetricFields = metricFields{
	vital("systolic", "Blood pressure, systolic", health.MMHG, "systolic"),
	vital("diastolic", "Blood pressure, diastolic", health.MMHG, "diastolic"),
	vital("pulse", "Pulse when measured", health.BPM, "pulse"),
}
