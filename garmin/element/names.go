package element

// knownNames are the names and words that Garmin's elements use most, so that
// they are packed as numbers. What is packed refers to them by place: the list
// may be appended to, but no entry may ever change its place or go.
var knownNames = [...]string{
	"Content", "Type", "application", "json", "charset", "UTF", "userId", "callbackURL", "deregistrations",
	"userPermissionsChange", "userAccessToken", "summaryId", "uploadStartTimeInSeconds",
	"uploadEndTimeInSeconds", "wellness", "api", "rest", "backfill", "dailies", "epochs", "sleeps", "bodyComps",
	"stressDetails", "userMetrics", "pulseox", "pulseOx", "allDayRespiration", "respiration", "healthSnapshot",
	"hrv", "bloodPressures", "skinTemp", "mct", "ghapi", "kc3", "garmin", "com", "activities",
	"activityDetails", "activityFiles", "activityFile", "manuallyUpdatedActivities", "moveIQActivities",
	"moveiq", "user", "permissions", "thirdPartyDailies", "source", "file", "setup", "sample", "solarIntensity",
	"CONSUMER_PERMISSIONS", "USER_DEREG", "GC_ACTIVITY_UPDATE", "ACTIVITY_DETAIL", "ACTIVITY_FILE_DATA",
	"CONNECT_ACTIVITY", "hex", "start", "spo2OnDemand", "activity", "detail", "uuid", "startTimeInSeconds",
	"calendarDate", "yyyy", "startTimeOffsetInSeconds", "durationInSeconds", "activityType", "steps", "pushes",
	"distanceInMeters", "pushDistanceInMeters", "activeTimeInSeconds", "activeKilocalories", "bmrKilocalories",
	"moderateIntensityDurationInSeconds", "vigorousIntensityDurationInSeconds", "floorsClimbed",
	"minHeartRateInBeatsPerMinute", "maxHeartRateInBeatsPerMinute", "restingHeartRateInBeatsPerMinute",
	"averageHeartRateInBeatsPerMinute", "timeOffsetHeartRateSamples", "averageStressLevel", "maxStressLevel",
	"stressDurationInSeconds", "restStressDurationInSeconds", "activityStressDurationInSeconds",
	"lowStressDurationInSeconds", "mediumStressDurationInSeconds", "highStressDurationInSeconds",
	"stressQualifier", "unknown", "calm", "balanced", "stressful", "very_stressful", "awake",
	"bodyBatteryChargedValue", "bodyBatteryDrainedValue", "stepsGoal", "pushesGoal", "floorsClimbedGoal",
	"intensityDurationGoalInSeconds", "consumedCalories", "netKilocaloriesGoal", "WALKING", "RUNNING",
	"WHEELCHAIR_PUSH", "SEDENTARY", "GENERIC", "SLEEP", "met", "intensity", "ACTIVE", "HIGHLY_ACTIVE",
	"meanMotionIntensity", "maxMotionIntensity", "totalNapDurationInSeconds", "unmeasurableSleepInSeconds",
	"unmeasurableSleepDurationInSeconds", "deepSleepDurationInSeconds", "lightSleepDurationInSeconds",
	"remSleepInSeconds", "awakeDurationInSeconds", "sleepLevelsMap", "deep", "light", "rem", "endTimeInSeconds",
	"validation", "MANUAL", "DEVICE", "OFF_WRIST", "AUTO_TENTATIVE", "AUTO_FINAL", "AUTO_MANUAL",
	"ENHANCED_TENTATIVE", "ENHANCED_FINAL", "timeOffsetSleepRespiration", "timeOffsetSleepSpo2",
	"overallSleepScore", "value", "qualifierKey", "sleepScores", "totalDuration", "stress", "awakeCount",
	"remPercentage", "restlessness", "lightPercentage", "deepPercentage", "naps", "napStartTimeInSeconds",
	"napOffsetInSeconds", "napDurationInSeconds", "napValidation", "measurementTimeInSeconds", "startTime",
	"measurementTimeOffsetInSeconds", "weightInGrams", "muscleMassInGrams", "boneMassInGrams",
	"bodyWaterInPercent", "bodyFatInPercent", "bodyMassIndex", "percentFat", "timeOffsetStressLevelValues",
	"timeOffsetBodyBatteryValues", "bodyBatteryDynamicFeedbackEvent", "eventStartTimeInSeconds",
	"bodyBatteryLevel", "VERY_LOW", "LOW", "MODERATE", "HIGH", "bodyBatteryActivityEvents",
	"bodyBatteryActivityEventList", "DrainedValue", "eventType", "RECOVERY", "NAP", "ACTIVITY", "STRESS",
	"eventStartTimeOffsetInSeconds", "INSeconds", "duration", "bodyBatteryImpact", "activityName", "activityId",
	"vo2Max", "vo2MaxCycling", "fitnessAge", "enhanced", "timeOffsetSpo2Values", "onDemand",
	"timeOffsetEpochToBreaths", "offsetStartTimeInSeconds", "summaries", "summaryType", "minValue", "maxValue",
	"avgValue", "floats", "epochSummaries", "heart_rate", "spo2", "pulse_ox", "rmssd_hrv", "sdrr_hrv",
	"lastNightAvg", "lastNight5MinHigh", "hrvValues", "systolic", "diastolic", "pulse", "sourceType",
	"avgDeviationCelsius", "MCT_EXPORT", "periodStartDate", "dayInCycle", "periodLength", "currentPhase",
	"currentPhaseType", "MENSTRUAL", "FOLLICULAR", "SECOND_TRIMESTER", "lengthOfCurrentPhase",
	"daysUntilNextPhase", "fertileWindowStart", "lengthOfFertileWindow", "predictedCycleLength", "cycleLength",
	"isPredictedCycle", "hasSpecifiedCycleLength", "hasSpecifiedPeriodLength", "lastUpdatedTimeInSeconds",
	"pregnancySnapshot", "title", "originalDueDate", "dueDate", "pregnancyCycleStartDate", "numOfBabies",
	"weightGoalUserInput", "heightInCentimeters", "bloodGlucoseList", "valueInMilligramsPerDeciliter",
	"logType", "BEFOREMEAL", "AFTERMEAL", "BEFOREBED", "OTHER", "reportTimestampInSeconds",
	"activityDescription", "averageRunCadenceInStepsPerMinute", "maxRunCadenceInStepsPerMinute",
	"averageBikeCadenceInRoundsPerMinute", "maxBikeCadenceInRoundsPerMinute",
	"averageSwimCadenceInStrokesPerMinute", "averagePushCadenceInPushesPerMinute",
	"maxPushCadenceInPushesPerMinute", "averageSpeedInMetersPerSecond", "maxSpeedInMetersPerSecond",
	"averagePaceInMinutesPerKilometer", "maxPaceInMinutesPerKilometer", "numberOfActiveLengths",
	"totalElevationGainInMeters", "totalElevationLossInMeters", "startingLatitudeInDegree",
	"startingLongitudeInDegree", "deviceName", "isParent", "parentSummaryId", "manual", "isWebUpload",
	"averagePowerInWatts", "normalizedPowerInWatts", "MULTI_SPORT", "multi", "summary", "samples", "laps",
	"latitudeInDegree", "longitudeInDegree", "elevationInMeters", "airTemperatureCelcius", "heartRate",
	"speedMetersPerSecond", "stepsPerMinute", "totalDistanceInMeters", "powerInWatts", "bikeCadenceInRPM",
	"swimCadenceInStrokesPerMinute", "directWheelchairCadence", "wheelChairCadenceInPushesPerMinute",
	"timerDurationInSeconds", "clockDurationInSeconds", "movingDurationInSeconds", "fileType", "FIT", "TCX",
	"GPX", "octet", "stream", "offsetInSeconds", "startTimeOffset", "activitySubType", "E_ENDURO_MTB",
	"ENDURO_MTB", "MOBILITY", "RUCKING", "PADDELBALL", "TRANSITION", "BREATHWORK", "YOGA", "INDOOR_ROWING",
	"changeTimeInSeconds",
}

var nameIndex = func() map[string]int {
	index := make(map[string]int, len(knownNames))
	for i, name := range knownNames {
		index[name] = i
	}
	return index
}()
