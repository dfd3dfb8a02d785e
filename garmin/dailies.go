package garmin

import (
	"time"

	"garner/garmin/element"
	"garner/health"
)

// Dailies are one record per person and calendar day, midnight to midnight on
// the device's clock (Health API 3.1). The running day comes many times, each
// time longer.
var Dailies = &Type{
	Key: "dailies", Title: "Daily summary", Permission: healthExport, Pull: "dailies", Backfill: "dailies",
	NaturalKey: []string{"calendarDate"}, Rhythm: daily, clock: spanClock,
	Fields:   dailyFields,
	Series:   []Series{{Name: "heart_rate", Label: "Heart rate", Unit: health.BPM, Cadence: 15 * time.Second, JSON: "timeOffsetHeartRateSamples"}},
	Metrics:  dailyMetrics,
	identify: keyByDate,
	read:     readDaily,
}

var dailyFields = []Field{
	f("durationInSeconds", "Length"),
	text("activityType", "Activity type"),
	f("steps", "Steps"),
	f("pushes", "Pushes"),
	f("distanceInMeters", "Distance"),
	f("pushDistanceInMeters", "Push distance"),
	f("activeTimeInSeconds", "Active time"),
	f("activeKilocalories", "Active energy"),
	f("bmrKilocalories", "Resting energy"),
	f("moderateIntensityDurationInSeconds", "Moderate intensity"),
	f("vigorousIntensityDurationInSeconds", "Vigorous intensity"),
	f("floorsClimbed", "Floors climbed"),
	f("minHeartRateInBeatsPerMinute", "Lowest heart rate"),
	f("maxHeartRateInBeatsPerMinute", "Highest heart rate"),
	f("restingHeartRateInBeatsPerMinute", "Resting heart rate"),
	f("averageHeartRateInBeatsPerMinute", "Heart rate, 7-day average"),
	f("averageStressLevel", "Average stress"),
	f("maxStressLevel", "Highest stress"),
	f("stressDurationInSeconds", "Time in stress"),
	f("restStressDurationInSeconds", "Time at rest"),
	f("activityStressDurationInSeconds", "Time too active to measure stress"),
	f("lowStressDurationInSeconds", "Low stress"),
	f("mediumStressDurationInSeconds", "Medium stress"),
	f("highStressDurationInSeconds", "High stress"),
	text("stressQualifier", "Stress in a word"),
	f("bodyBatteryChargedValue", "Body Battery charged"),
	f("bodyBatteryDrainedValue", "Body Battery drained"),
	f("stepsGoal", "Steps goal"),
	f("pushesGoal", "Pushes goal"),
	f("floorsClimbedGoal", "Floors goal"),
	f("intensityDurationGoalInSeconds", "Intensity goal"),
	text("source", "Source"),
	fu("consumedCalories", "Energy eaten", health.Kilocalorie),
	f("netKilocaloriesGoal", "Net energy goal"),
}

var dailyMetrics = []health.Metric{
	{Name: "steps", Label: "Steps"},
	{Name: "steps_goal", Label: "Steps goal"},
	{Name: "distance", Label: "Distance", Unit: health.Meter},
	{Name: "floors_climbed", Label: "Floors climbed"},
	{Name: "active_energy", Label: "Active energy", Unit: health.Kilocalorie},
	{Name: "resting_energy", Label: "Resting energy", Unit: health.Kilocalorie},
	{Name: "active_time", Label: "Active time", Unit: health.Second},
	{Name: "moderate_intensity", Label: "Moderate intensity", Unit: health.Second},
	{Name: "vigorous_intensity", Label: "Vigorous intensity", Unit: health.Second},
	{Name: "resting_heart_rate", Label: "Resting heart rate", Unit: health.BPM},
	{Name: "lowest_heart_rate", Label: "Lowest heart rate", Unit: health.BPM},
	{Name: "highest_heart_rate", Label: "Highest heart rate", Unit: health.BPM},
	{Name: "average_heart_rate_7_days", Label: "Heart rate, 7-day average", Unit: health.BPM},
	{Name: "average_stress", Label: "Average stress"},
	{Name: "highest_stress", Label: "Highest stress"},
	{Name: "rest_stress_time", Label: "Time at rest", Unit: health.Second},
	{Name: "low_stress_time", Label: "Low stress", Unit: health.Second},
	{Name: "medium_stress_time", Label: "Medium stress", Unit: health.Second},
	{Name: "high_stress_time", Label: "High stress", Unit: health.Second},
	{Name: "body_battery_charged", Label: "Body Battery charged"},
	{Name: "body_battery_drained", Label: "Body Battery drained"},
	{Name: "pushes", Label: "Pushes"},
}

func readDaily(v element.Value, d *Decoded) {
	for _, m := range [][2]string{
		{"steps", "steps"}, {"steps_goal", "stepsGoal"}, {"distance", "distanceInMeters"}, {"floors_climbed", "floorsClimbed"},
		{"active_energy", "activeKilocalories"}, {"resting_energy", "bmrKilocalories"}, {"active_time", "activeTimeInSeconds"},
		{"moderate_intensity", "moderateIntensityDurationInSeconds"}, {"vigorous_intensity", "vigorousIntensityDurationInSeconds"},
		{"average_stress", "averageStressLevel"}, // -1: not enough data
		{"highest_stress", "maxStressLevel"},
		{"rest_stress_time", "restStressDurationInSeconds"}, {"low_stress_time", "lowStressDurationInSeconds"},
		{"medium_stress_time", "mediumStressDurationInSeconds"}, {"high_stress_time", "highStressDurationInSeconds"},
		{"body_battery_charged", "bodyBatteryChargedValue"}, {"body_battery_drained", "bodyBatteryDrainedValue"}, {"pushes", "pushes"},
	} {
		d.amount(m[0], v, m[1])
	}
	d.positive("resting_heart_rate", v, "restingHeartRateInBeatsPerMinute")
	d.positive("lowest_heart_rate", v, "minHeartRateInBeatsPerMinute")
	d.positive("highest_heart_rate", v, "maxHeartRateInBeatsPerMinute")
	d.positive("average_heart_rate_7_days", v, "averageHeartRateInBeatsPerMinute")
	d.whole()
}
