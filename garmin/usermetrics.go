package garmin

import "garner/health"

// UserMetrics have no clock, only a date (Health API).
var UserMetrics = &Type{
	Key: "userMetrics", Title: "Fitness", Permission: healthExport, Pull: "userMetrics", Backfill: "userMetrics",
	NaturalKey: []string{"calendarDate"}, clock: dateClock,
	Fields: []Field{
		fu("vo2Max", "VO2max, running", health.VO2Max),
		fu("vo2MaxCycling", "VO2max, cycling", health.VO2Max),
		fu("fitnessAge", "Fitness age", health.Year),
		flag("enhanced", "By the newer model"),
	},
	Metrics:  fitnessMetricFields.metrics(),
	identify: keyByDate,
	read:     fitnessMetricFields.readDay,
}

var fitnessMetricFields = metricFields{
	vital("vo2_max", "VO2max, running", health.VO2Max, "vo2Max").decimals(1),
	vital("vo2_max_cycling", "VO2max, cycling", health.VO2Max, "vo2MaxCycling").decimals(1),
	vital("fitness_age", "Fitness age", health.Year, "fitnessAge"),
}
