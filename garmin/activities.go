package garmin

import (
	"strings"

	"garner/garmin/element"
	"garner/health"
)

// Activities are workouts (Activity API 4.1). Garmin gives no order between
// two accounts of one activity but that of their arrival. Two devices on one
// workout give two activities.
var Activities = &Type{
	Key: "activities", Title: "Activity", Permission: activityExport, Pull: "activities", Backfill: "activities",
	NaturalKey: []string{"activityId"}, clock: spanClock,
	Fields: activityFields(""),
	Metrics: []health.Metric{
		{Name: "activity_time", Label: "Activity time", Unit: health.Second},
		{Name: "activity_distance", Label: "Activity distance", Unit: health.Meter},
		{Name: "activity_energy", Label: "Activity energy", Unit: health.Kilocalorie},
		{Name: "activity_ascent", Label: "Ascent", Unit: health.Meter},
	},
	identify: identifyActivity(health.Final),
	read:     readActivity,
}

// ManuallyUpdatedActivities are activities that somebody edited on Garmin
// Connect: versions of the same records, and over what the device said.
var ManuallyUpdatedActivities = &Type{
	Key: "manuallyUpdatedActivities", Title: "Edited activity", Permission: activityExport, Pull: "manuallyUpdatedActivities",
	VersionOf:  "activities",
	NaturalKey: []string{"activityId"}, clock: spanClock,
	Fields: Activities.Fields, Metrics: Activities.Metrics,
	identify: identifyActivity(health.Edited),
	read:     readActivity,
}

// activityFields are the fields of an activity; path is where they stand.
func activityFields(path string) []Field {
	fields := []Field{
		text("activityId", "Activity id"),
		text("activityName", "Name"),
		text("activityDescription", "Description"),
		text("activityType", "Kind"),
		f("durationInSeconds", "Length"),
		f("averageHeartRateInBeatsPerMinute", "Average heart rate"),
		f("maxHeartRateInBeatsPerMinute", "Highest heart rate"),
		f("averageRunCadenceInStepsPerMinute", "Average run cadence"),
		f("maxRunCadenceInStepsPerMinute", "Highest run cadence"),
		f("averageBikeCadenceInRoundsPerMinute", "Average bike cadence"),
		f("maxBikeCadenceInRoundsPerMinute", "Highest bike cadence"),
		f("averageSwimCadenceInStrokesPerMinute", "Average swim cadence"),
		f("averagePushCadenceInPushesPerMinute", "Average push cadence"),
		f("maxPushCadenceInPushesPerMinute", "Highest push cadence"),
		f("averageSpeedInMetersPerSecond", "Average speed"),
		f("maxSpeedInMetersPerSecond", "Highest speed"),
		f("averagePaceInMinutesPerKilometer", "Average pace"),
		f("maxPaceInMinutesPerKilometer", "Best pace"),
		f("distanceInMeters", "Distance"),
		f("activeKilocalories", "Energy"),
		f("steps", "Steps"),
		f("pushes", "Pushes"),
		f("numberOfActiveLengths", "Lengths swum"),
		f("totalElevationGainInMeters", "Ascent"),
		f("totalElevationLossInMeters", "Descent"),
		f("startingLatitudeInDegree", "Latitude of start"),
		f("startingLongitudeInDegree", "Longitude of start"),
		text("deviceName", "Device"),
		flag("isParent", "Multisport parent"),
		text("parentSummaryId", "Part of"),
		flag("manual", "By hand"),
		flag("isWebUpload", "Uploaded on the web"),
	}
	for i := range fields {
		fields[i].JSON = path + fields[i].JSON
	}
	return fields
}

// identifyActivity knows an activity by its id: a number or a string, and in
// older data only in the summaryId. The newest arrival of a class stands, so
// Reach is nothing.
func identifyActivity(class health.Class) func(element.Value, *Decoded) {
	return func(v element.Value, d *Decoded) {
		d.Key, d.Class, d.Reach, d.UploadEnd = activityKey(v), class, 0, 0
	}
}

func activityKey(v element.Value) string {
	if id := v.Get("activityId"); id.Kind() == element.Number || id.Kind() == element.String && id.Text() != "" {
		return id.Text()
	}
	id := v.Get("summaryId").Text()
	id = strings.TrimSuffix(strings.TrimSuffix(id, "-detail"), "-file")
	if len(id) > 0 && strings.Trim(id, "0123456789") == "" {
		return id
	}
	return ""
}

// readActivity adds up to the day, so parts of a multisport activity, which
// their parent holds already, add nothing.
func readActivity(v element.Value, d *Decoded) {
	if parent := v.Get("parentSummaryId"); parent.Kind() > element.Null && parent.Text() != "" {
		return
	}
	d.amount("activity_time", v, "durationInSeconds")
	d.amount("activity_distance", v, "distanceInMeters")
	d.amount("activity_energy", v, "activeKilocalories")
	d.amount("activity_ascent", v, "totalElevationGainInMeters")
}
