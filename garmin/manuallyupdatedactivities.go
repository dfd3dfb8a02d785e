package garmin

import "garner/health"

// ManuallyUpdatedActivities are activities that someone edited on Garmin
// Connect: versions of the same records, with priority over the device's. Here
// "manual" means edited; the record may have all that a device measured.
var ManuallyUpdatedActivities = &Type{
	Key: "manuallyUpdatedActivities", Title: "Edited activity", Permission: activityExport,
	Pull:       "manuallyUpdatedActivities",
	VersionOf:  "activities",
	NaturalKey: []string{"activityId"}, clock: spanClock,
	Fields:   activityFields,
	identify: identifyActivity(health.Edited),
}
