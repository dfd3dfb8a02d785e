package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// BloodPressures are single measurements (Health API 3.11).
var BloodPressures = &Type{
	Key: "bloodPressures", Title: "Blood pressure", Permission: healthExport, Pull: "bloodPressures", Backfill: "bloodPressures",
	NaturalKey: []string{"measurementTimeInSeconds"}, clock: momentClock,
	Fields: []Field{
		fu("systolic", "Systolic", health.MMHG),
		fu("diastolic", "Diastolic", health.MMHG),
		fu("pulse", "Pulse", health.BPM),
		text("sourceType", "Source"),
	},
	Metrics: []health.Metric{
		{Name: "systolic", Label: "Blood pressure, systolic", Unit: health.MMHG},
		{Name: "diastolic", Label: "Blood pressure, diastolic", Unit: health.MMHG},
		{Name: "pulse", Label: "Pulse when measured", Unit: health.BPM},
	},
	identify: keyByStart,
	read: func(v element.Value, d *Decoded) {
		d.positive("systolic", v, "systolic")
		d.positive("diastolic", v, "diastolic")
		d.positive("pulse", v, "pulse")
	},
}
