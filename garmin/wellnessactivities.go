package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// WellnessActivities are breathing exercises, meditations and the like (Personal API).
// Health snapshots are records of HealthSnapshot.
var WellnessActivities = &Type{
	Key: "wellnessActivities", Title: "Wellness activities", PersonalOnly: true,
	NaturalKey: []string{"uuid"}, clock: spanClock,
	Fields: []Field{
		text("uuid", "Garmin's id"),
		text("wellnessActivityType", "Kind"),
		text("activityName", "Name"),
		f("durationInSeconds", "Length"),
		text("notes", "Notes"),
	},
	Tables: []Table{
		{Name: "summaries", JSON: "summaries", Title: "Summaries", Fields: []Field{
			text("summaryType", "Measure"), f("minValue", "Lowest"), f("maxValue", "Highest"), f("avgValue", "Average"),
		}},
		{Name: "zones", JSON: "zones", Title: "Time in heart rate zones", Fields: []Field{
			f("zoneNumber", "Zone"), fu("zoneLowBoundary", "From", health.BPM),
			fu("millisInZone", "Time", health.Millisecond),
		}},
	},
	identify: func(v element.Value, d *Decoded) { d.Key = scalar(v.Get("uuid")) },
}
