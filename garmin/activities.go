package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// Activities are workouts (Activity API). Garmin defines no order between
// two versions of one activity but that of their arrival. Two devices on one
// workout give two activities; see DeriveActivities for the sums of a day.
var Activities = &Type{
	Key: "activities", Title: "Activity", Permission: activityExport, Pull: "activities", Backfill: "activities",
	NaturalKey: []string{"activityId"}, clock: spanClock,
	Fields:   activityFields,
	Feeds:    activityFeeds,
	identify: identifyActivity(health.Final),
}

// identifyActivity identifies an activity by its id. The newest arrival of a class
// is current, so Reach and UploadEnd are 0.
func identifyActivity(class health.Class) func(element.Value, *Decoded) {
	return func(v element.Value, d *Decoded) {
		if d.Key = activityKey(v); d.Key == "" {
			d.Fault = "no activity id"
		}
		d.Class, d.Reach, d.UploadEnd = class, 0, 0
	}
}

// activityFeeds are those of activities and of their details. Parts of a multisport
// activity may begin on the day after.
var activityFeeds = []health.Feed{{Family: health.FromActivities, Days: 2}}
