package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// UserMetrics have no clock, only a date (Health API 3.6).
var UserMetrics = &Type{
	Key: "userMetrics", Title: "Fitness", Permission: healthExport, Pull: "userMetrics", Backfill: "userMetrics",
	NaturalKey: []string{"calendarDate"}, clock: dateClock,
	Fields: []Field{
		fu("vo2Max", "VO2max, running", health.VO2Max),
		fu("vo2MaxCycling", "VO2max, cycling", health.VO2Max),
		fu("fitnessAge", "Fitness age", health.Year),
		flag("enhanced", "By the newer model"),
	},
	Metrics: []health.Metric{
		{Name: "vo2_max", Label: "VO2max, running", Unit: health.VO2Max, Decimals: 1},
		{Name: "vo2_max_cycling", Label: "VO2max, cycling", Unit: health.VO2Max, Decimals: 1},
		{Name: "fitness_age", Label: "Fitness age", Unit: health.Year},
	},
	identify: keyByDate,
	read: func(v element.Value, d *Decoded) {
		d.positive("vo2_max", v, "vo2Max")
		d.positive("vo2_max_cycling", v, "vo2MaxCycling")
		d.positive("fitness_age", v, "fitnessAge")
	},
}
