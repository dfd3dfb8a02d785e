package element

// A dictionary lists names and words that are packed as numbers: their places.
// The version byte that begins a packed value says which dictionary it was
// packed with, so that one is never changed once values packed with it may be
// stored. To add or drop words, add the next list to dictionaries: new values
// are packed with the last one, all others are read as before.
var dictionaries = [...][]string{1: names1, 2: names2}

// packedVersion begins every packed value that is written.
const packedVersion = len(dictionaries) - 1

// names2 has the words that are worth their place. Measured on 84 simulated days of
// six people, compressed as they are stored: 14.3 KB a day without a dictionary,
// 12.5 KB with these, as with the three times as many of version 1. Each of them
// saves at least 0.05 % of the whole. Those that save most come first, since the
// first 64 take one byte.
var names2 = []string{
	"startTimeOffsetInSeconds", "startTimeInSeconds", "durationInSeconds", "summaryId", "calendarDate",
	"userId", "activeKilocalories", "activityType", "averageHeartRateInBeatsPerMinute",
	"maxHeartRateInBeatsPerMinute", "activeTimeInSeconds", "meanMotionIntensity", "distanceInMeters",
	"vigorousIntensityDurationInSeconds", "moderateIntensityDurationInSeconds",
	"restingHeartRateInBeatsPerMinute", "intensityDurationGoalInSeconds", "activityStressDurationInSeconds",
	"timeOffsetEpochToBreaths", "minHeartRateInBeatsPerMinute", "mediumStressDurationInSeconds",
	"userAccessToken", "highStressDurationInSeconds", "timeOffsetHeartRateSamples",
	"lowStressDurationInSeconds", "restStressDurationInSeconds", "bodyBatteryDrainedValue",
	"bodyBatteryChargedValue", "stressDurationInSeconds", "bodyBatteryDynamicFeedbackEvent",
	"maxMotionIntensity", "intensity", "WALKING", "lightSleepDurationInSeconds", "timeOffsetBodyBatteryValues",
	"SEDENTARY", "timeOffsetStressLevelValues", "eventStartTimeOffsetInSeconds", "deepSleepDurationInSeconds",
	"unmeasurableSleepInSeconds", "bodyBatteryActivityEvents", "timeOffsetSleepRespiration",
	"eventStartTimeInSeconds", "averageStressLevel", "floorsClimbedGoal", "awakeDurationInSeconds",
	"bmrKilocalories", "activitySubType", "offsetInSeconds", "stressQualifier", "maxStressLevel",
	"floorsClimbed", "remSleepInSeconds", "bodyBatteryLevel", "timeOffsetSpo2Values", "lastNight5MinHigh",
	"bodyBatteryImpact", "endTimeInSeconds", "timeOffsetSleepSpo2", "overallSleepScore", "sleepLevelsMap",
	"measurementTimeOffsetInSeconds", "ACTIVE", "stepsGoal", "deepPercentage", "lightPercentage",
	"qualifierKey", "GENERIC", "lastNightAvg", "totalDuration", "ENHANCED_FINAL",
	"averagePaceInMinutesPerKilometer", "measurementTimeInSeconds", "remPercentage",
	"averageSpeedInMetersPerSecond", "validation", "maxPaceInMinutesPerKilometer",
	"averageRunCadenceInStepsPerMinute", "sleepScores", "activityName", "restlessness",
	"maxRunCadenceInStepsPerMinute", "maxSpeedInMetersPerSecond", "hrvValues", "fitnessAge", "eventType",
	"totalElevationLossInMeters", "totalElevationGainInMeters", "duration", "startingLongitudeInDegree",
	"deviceName", "respiration", "steps", "startingLatitudeInDegree", "awakeCount", "movingDurationInSeconds",
	"activityId", "clockDurationInSeconds", "timerDurationInSeconds", "isWebUpload", "enhanced", "onDemand",
	"balanced",
}

var nameIndex = func() map[string]int {
	names := dictionaries[packedVersion]
	index := make(map[string]int, len(names))
	for i, name := range names {
		index[name] = i
	}
	return index
}()

// interned has the words of all dictionaries, so that reading does not allocate
// them.
var interned = func() map[string]string {
	words := map[string]string{}
	for _, names := range dictionaries {
		for _, name := range names {
			words[name] = name
		}
	}
	return words
}()
