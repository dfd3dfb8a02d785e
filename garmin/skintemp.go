package garmin

import "garner/health"

// SkinTemp is how far a night's skin temperature was from the person's own
// baseline (Health API).
var SkinTemp = &Type{
	Key: "skinTemp", Title: "Skin temperature", Permission: healthExport, Pull: "skinTemp", Backfill: "skinTemp",
	NaturalKey: []string{"startTimeInSeconds"}, clock: spanClock,
	Fields: []Field{
		f("durationInSeconds", "Length"),
		f("avgDeviationCelsius", "Deviation from the baseline").delta(),
		// These two are known to exist; their names are derived from the average's.
		f("minDeviationCelsius", "Lowest deviation").or("minimumDeviationCelsius").delta(),
		f("maxDeviationCelsius", "Highest deviation").or("maximumDeviationCelsius").delta(),
	},
	Metrics:  skinMetricFields.metrics(),
	identify: keyByStart,
	read:     skinMetricFields.read,
}

var skinMetricFields = metricFields{{
	Metric: health.Metric{Name: "skin_temperature_deviation", Label: "Skin temperature against baseline",
		Unit: health.Celsius, Delta: true, Decimals: 1},
	json: "avgDeviationCelsius", signed: true,
}}.nearMainSleep()
