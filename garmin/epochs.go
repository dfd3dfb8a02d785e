package garmin

import "garner/health"

// Epochs are slices of fifteen minutes, one record per kind of activity in a
// slice (Health API). A slice that was synced in part comes again in full.
// It is not documented whether a kind that is missing from a slice sent again
// must be deleted; it stays.
var Epochs = &Type{
	Key: "epochs", Title: "Fifteen-minute slices", Permission: healthExport, Pull: "epochs", Backfill: "epochs",
	NaturalKey: []string{"startTimeInSeconds", "activityType"}, Packed: true, Rhythm: severalADay, clock: spanClock,
	Fields: []Field{
		text("activityType", "Activity type"),
		f("durationInSeconds", "Length"),
		f("activeTimeInSeconds", "Time in this activity"),
		f("steps", "Steps"),
		f("pushes", "Pushes"),
		f("distanceInMeters", "Distance"),
		f("pushDistanceInMeters", "Push distance"),
		f("activeKilocalories", "Active energy"),
		fu("met", "Metabolic equivalent", health.MET),
		text("intensity", "Intensity"),
		f("meanHeartRateInBeatsPerMinute", "Mean heart rate"),
		f("meanMotionIntensity", "Mean motion intensity"),
		f("maxMotionIntensity", "Highest motion intensity"),
	},
	identify: keyByStartAndActivity,
}
