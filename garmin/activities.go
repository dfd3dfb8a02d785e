package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// Activities are workouts (Activity API). Garmin gives no order between
// two accounts of one activity but that of their arrival. Two devices on one
// workout give two activities.
var Activities = &Type{
	Key: "activities", Title: "Activity", Permission: activityExport, Pull: "activities", Backfill: "activities",
	NaturalKey: []string{"activityId"}, clock: spanClock,
	Fields: activityFields,
	Metrics: activityGauges.metrics(health.Metric{
		Name: "activity_count", Label: "Activities", Fold: health.Sum,
		Rule: "1 for each activity; the parts of a multisport activity count with their parent, for these as for time, distance, energy and ascent.",
	}),
	identify: identifyActivity(health.Final),
	read:     readActivity,
}

// identifyActivity knows an activity by its id. The newest arrival of a class
// stands, so Reach and UploadEnd are nothing.
func identifyActivity(class health.Class) func(element.Value, *Decoded) {
	return func(v element.Value, d *Decoded) {
		if d.Key = activityKey(v); d.Key == "" {
			d.Fault = "no activity id"
		}
		d.Class, d.Reach, d.UploadEnd = class, 0, 0
	}
}

var activityGauges = gauges{
	amount("activity_time", "Activity time", health.Second, "durationInSeconds").sum(),
	amount("activity_distance", "Activity distance", health.Meter, "distanceInMeters").sum(),
	// Unlike in dailies, resting energy is part of it.
	amount("activity_energy", "Activity energy", health.Kilocalorie, "activeKilocalories").sum(),
	amount("activity_ascent", "Ascent", health.Meter, "totalElevationGainInMeters").height().sum(),
}

// readActivity adds up to the day, so the parts of a multisport activity,
// which their parent holds already, add nothing.
func readActivity(v element.Value, d *Decoded) {
	if PartOf(v) != "" {
		return
	}
	d.put("activity_count", 1)
	activityGauges.read(v, d)
}

// PartOf is the summary id of the multisport activity that an activity is a
// part of; empty for one that stands for itself.
func PartOf(v element.Value) string {
	if parent := scalar(v.Get("parentSummaryId")); parent != "0" {
		return parent
	}
	return ""
}
