package garmin

// MoveIQActivities are movements that the watch recognised by itself (Activity
// API). Dailies and epochs count them already, so they yield no metric.
var MoveIQActivities = &Type{
	Key: "moveIQActivities", Title: "Recognised movement", Permission: activityExport, Pull: "moveiq", Backfill: "moveiq",
	NaturalKey: []string{"startTimeInSeconds", "activityType"}, clock: spanClock,
	Fields: []Field{
		f("durationInSeconds", "Length"),
		text("activityType", "Kind"),
		text("activitySubType", "Finer kind"),
	},
	identify: keyByStartAndActivity,
}
