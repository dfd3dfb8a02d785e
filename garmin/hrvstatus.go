package garmin

import "garner/health"

// HRVStatuses are Garmin's own judgements of a person's heart rate variability on a day:
// the average of the last seven nights compared with a range of Garmin's (Personal
// API). Ours, which follow from the nights alone, are in Derived.
var HRVStatuses = &Type{
	Key: "hrvStatus", Title: "HRV status by Garmin", PersonalOnly: true,
	NaturalKey: []string{"calendarDate"}, clock: dateClock,
	Fields: []Field{
		fu("weeklyAvg", "Average of seven nights", health.Millisecond),
		fu("lastNightAvg", "Average of the night", health.Millisecond),
		fu("lastNight5MinHigh", "Highest five minutes", health.Millisecond),
		text("status", "Status"),
		text("feedbackPhrase", "Feedback"),
		fu("baseline.lowUpper", "Low up to", health.Millisecond),
		fu("baseline.balancedLow", "Balanced from", health.Millisecond),
		fu("baseline.balancedUpper", "Balanced up to", health.Millisecond),
		f("baseline.markerValue", "Place in the range"),
	},
	Metrics:  hrvStatusMetricFields.metrics(),
	identify: keyByDate,
	read:     hrvStatusMetricFields.readDay,
}

var hrvStatusMetricFields = metricFields{
	vital("garmin_hrv_7_days", "HRV by Garmin, 7-day average", health.Millisecond, "weeklyAvg"),
	vital("garmin_hrv_night", "HRV by Garmin, average of the night", health.Millisecond, "lastNightAvg"),
	vital("garmin_hrv_5_minute_high", "HRV by Garmin, highest five minutes", health.Millisecond, "lastNight5MinHigh"),
	vital("garmin_hrv_band_low", "HRV by Garmin, balanced from", health.Millisecond, "baseline.balancedLow"),
	vital("garmin_hrv_band_high", "HRV by Garmin, balanced up to", health.Millisecond, "baseline.balancedUpper"),
}
