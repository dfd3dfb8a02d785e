package garmin

import (
	"time"

	"garner/health"
)

// Dailies are one record per person and calendar day, midnight to midnight on
// the device's clock (Health API). The running day comes many times, each
// time longer.
var Dailies = &Type{
	Key: "dailies", Title: "Daily summary", Permission: healthExport, Pull: "dailies", Backfill: "dailies",
	NaturalKey: []string{"calendarDate"}, Rhythm: daily, clock: dayClock,
	Fields:   dailyFields,
	Series:   dailySeries,
	Metrics:  dailyMetricFields.metrics(),
	identify: keyByDate,
	read:     dailyMetricFields.readDay,
}

// Each sample covers the fifteen seconds before it.
var dailySeries = []Series{
	{Name: "heart_rate", Label: "Heart rate", Unit: health.BPM, Cadence: 15 * time.Second,
		JSON: "timeOffsetHeartRateSamples", Reason: StressReason},
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
	f("averageStressLevel", "Average stress").or("averageStresslevel"), // seen in Garmin's own text
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
	f("consumedCalories", "Energy eaten"),
	f("netKilocaloriesGoal", "Net energy goal"),
	// The Personal API has these, Garmin's callbacks do not.
	f("totalKilocalories", "Energy"),
	f("lastSevenDaysAvgRestingHeartRateInBeatsPerMinute", "Resting heart rate, 7-day average"),
	f("bodyBatteryHighestValue", "Body Battery, highest"),
	f("bodyBatteryLowestValue", "Body Battery, lowest"),
	f("bodyBatteryAtWakeTime", "Body Battery on waking"),
	f("bodyBatteryDuringSleep", "Body Battery charged asleep"),
	fu("avgWakingRespirationValue", "Respiration, average awake", health.BreathsPerMin),
	fu("lowestRespirationValue", "Lowest respiration", health.BreathsPerMin),
	fu("highestRespirationValue", "Highest respiration", health.BreathsPerMin),
	fu("averageSpo2", "Average blood oxygen", health.Percent),
	fu("lowestSpo2", "Lowest blood oxygen", health.Percent),
}

var dailyMetricFields = metricFields{
	amount("steps", "Steps", health.None, "steps"),
	amount("steps_goal", "Steps goal", health.None, "stepsGoal"),
	amount("distance", "Distance", health.Meter, "distanceInMeters"),
	amount("floors_climbed", "Floors climbed", health.None, "floorsClimbed"),
	amount("active_energy", "Active energy", health.Kilocalorie, "activeKilocalories"),
	amount("resting_energy", "Resting energy", health.Kilocalorie, "bmrKilocalories"),
	amount("active_time", "Active time", health.Second, "activeTimeInSeconds"),
	amount("moderate_intensity", "Moderate intensity", health.Second, "moderateIntensityDurationInSeconds"),
	amount("vigorous_intensity", "Vigorous intensity", health.Second, "vigorousIntensityDurationInSeconds"),
	vital("resting_heart_rate", "Resting heart rate", health.BPM, "restingHeartRateInBeatsPerMinute"),
	vital("lowest_heart_rate", "Lowest heart rate", health.BPM, "minHeartRateInBeatsPerMinute"),
	vital("highest_heart_rate", "Highest heart rate", health.BPM, "maxHeartRateInBeatsPerMinute"),
	// Not the day's mean: Garmin documents it as rolling over seven days.
	vital("average_heart_rate_7_days", "Heart rate, 7-day average", health.BPM, "averageHeartRateInBeatsPerMinute"),
	amount("average_stress", "Average stress", health.None, "averageStressLevel").or("averageStresslevel"),
	amount("highest_stress", "Highest stress", health.None, "maxStressLevel"),
	amount("stress_time", "Time in stress", health.Second, "stressDurationInSeconds"),
	amount("rest_stress_time", "Time at rest", health.Second, "restStressDurationInSeconds"),
	amount("low_stress_time", "Low stress", health.Second, "lowStressDurationInSeconds"),
	amount("medium_stress_time", "Medium stress", health.Second, "mediumStressDurationInSeconds"),
	amount("high_stress_time", "High stress", health.Second, "highStressDurationInSeconds"),
	amount("activity_stress_time", "Too active to measure stress", health.Second, "activityStressDurationInSeconds"),
	amount("body_battery_charged", "Body Battery charged", health.None, "bodyBatteryChargedValue").sum(),
	amount("body_battery_drained", "Body Battery drained", health.None, "bodyBatteryDrainedValue").sum(),
	amount("pushes", "Pushes", health.None, "pushes"),
	amount("push_distance", "Push distance", health.Meter, "pushDistanceInMeters"),
	vital("resting_heart_rate_7_days", "Resting heart rate, 7-day average", health.BPM,
		"lastSevenDaysAvgRestingHeartRateInBeatsPerMinute"),
	amount("body_battery_at_waking", "Body Battery on waking", health.None, "bodyBatteryAtWakeTime"),
	vital("garmin_respiration_day", "Respiration by Garmin, average awake", health.BreathsPerMin,
		"avgWakingRespirationValue"),
	vital("garmin_spo2_day", "Blood oxygen by Garmin, average of the day", health.Percent, "averageSpo2"),
}
