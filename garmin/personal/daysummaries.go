package personal

import (
	"strings"

	"garner/garmin/element"
)

// summaryGroups are the members of the groups that a day is divided into, by a word that
// the group's name contains. It is not known how Garmin names them: several names are
// accepted, and what is not listed stays in its group. So does restingValue: for want of
// a resting heart rate it is the lowest of the day.
var summaryGroups = []struct {
	word    string
	members members
}{
	{"movement", members{
		"steps":                  {"steps", nil},
		"totalSteps":             {"steps", nil},
		"stepGoal":               {"stepsGoal", nil},
		"dailyStepGoal":          {"stepsGoal", nil},
		"distance":               {"distanceInMeters", nil},
		"distanceInMeters":       {"distanceInMeters", nil},
		"totalDistance":          {"distanceInMeters", nil},
		"totalDistanceMeters":    {"distanceInMeters", nil},
		"floorsAscended":         {"floorsClimbed", nil},
		"floorsClimbed":          {"floorsClimbed", nil},
		"floorsAscendedGoal":     {"floorsClimbedGoal", nil},
		"userFloorsAscendedGoal": {"floorsClimbedGoal", nil},
		"activeTimeInSeconds":    {"activeTimeInSeconds", nil},
	}},
	{"calorie", members{
		"active":               {"activeKilocalories", nil},
		"activeCalories":       {"activeKilocalories", nil},
		"activeKilocalories":   {"activeKilocalories", nil},
		"bmr":                  {"bmrKilocalories", nil},
		"bmrCalories":          {"bmrKilocalories", nil},
		"bmrKilocalories":      {"bmrKilocalories", nil},
		"consumed":             {"consumedCalories", nil},
		"consumedCalories":     {"consumedCalories", nil},
		"consumedKilocalories": {"consumedCalories", nil},
		"netCalorieGoal":       {"netKilocaloriesGoal", nil},
	}},
	{"heart", members{
		"min":                  {"minHeartRateInBeatsPerMinute", nil},
		"minValue":             {"minHeartRateInBeatsPerMinute", nil},
		"minHeartRate":         {"minHeartRateInBeatsPerMinute", nil},
		"max":                  {"maxHeartRateInBeatsPerMinute", nil},
		"maxValue":             {"maxHeartRateInBeatsPerMinute", nil},
		"maxHeartRate":         {"maxHeartRateInBeatsPerMinute", nil},
		"restingHeartRate":     {"restingHeartRateInBeatsPerMinute", nil},
		"sevenDayRestingValue": {"lastSevenDaysAvgRestingHeartRateInBeatsPerMinute", nil},
		"lastSevenDaysAvgRestingHeartRate": {
			"lastSevenDaysAvgRestingHeartRateInBeatsPerMinute", nil},
	}},
	{"intensity", members{
		"moderate":                 {"moderateIntensityDurationInSeconds", times(60)},
		"moderateMinutes":          {"moderateIntensityDurationInSeconds", times(60)},
		"moderateIntensityMinutes": {"moderateIntensityDurationInSeconds", times(60)},
		"vigorous":                 {"vigorousIntensityDurationInSeconds", times(60)},
		"vigorousMinutes":          {"vigorousIntensityDurationInSeconds", times(60)},
		"vigorousIntensityMinutes": {"vigorousIntensityDurationInSeconds", times(60)},
		"goal":                     {"intensityDurationGoalInSeconds", times(60)},
		"intensityMinutesGoal":     {"intensityDurationGoalInSeconds", times(60)},
	}},
	{"stress", members{
		"average":                {"averageStressLevel", nil},
		"averageValue":           {"averageStressLevel", nil},
		"averageStressLevel":     {"averageStressLevel", nil},
		"overallStressLevel":     {"averageStressLevel", nil},
		"max":                    {"maxStressLevel", nil},
		"maxValue":               {"maxStressLevel", nil},
		"maxStressLevel":         {"maxStressLevel", nil},
		"stressDuration":         {"stressDurationInSeconds", nil},
		"restStressDuration":     {"restStressDurationInSeconds", nil},
		"activityStressDuration": {"activityStressDurationInSeconds", nil},
		"lowStressDuration":      {"lowStressDurationInSeconds", nil},
		"mediumStressDuration":   {"mediumStressDurationInSeconds", nil},
		"highStressDuration":     {"highStressDurationInSeconds", nil},
		"stressQualifier":        {"stressQualifier", nil},
	}},
	{"battery", members{
		"charged":                 {"bodyBatteryChargedValue", nil},
		"chargedValue":            {"bodyBatteryChargedValue", nil},
		"bodyBatteryChargedValue": {"bodyBatteryChargedValue", nil},
		"drained":                 {"bodyBatteryDrainedValue", nil},
		"drainedValue":            {"bodyBatteryDrainedValue", nil},
		"bodyBatteryDrainedValue": {"bodyBatteryDrainedValue", nil},
		"highest":                 {"bodyBatteryHighestValue", nil},
		"highestValue":            {"bodyBatteryHighestValue", nil},
		"bodyBatteryHighestValue": {"bodyBatteryHighestValue", nil},
		"lowest":                  {"bodyBatteryLowestValue", nil},
		"lowestValue":             {"bodyBatteryLowestValue", nil},
		"bodyBatteryLowestValue":  {"bodyBatteryLowestValue", nil},
		"atWakeTime":              {"bodyBatteryAtWakeTime", nil},
		"bodyBatteryAtWakeTime":   {"bodyBatteryAtWakeTime", nil},
	}},
	{"respiration", members{
		"avgWakingRespirationValue": {"avgWakingRespirationValue", nil},
		"avgWakingValue":            {"avgWakingRespirationValue", nil},
		"highestRespirationValue":   {"highestRespirationValue", nil},
		"highestValue":              {"highestRespirationValue", nil},
		"lowestRespirationValue":    {"lowestRespirationValue", nil},
		"lowestValue":               {"lowestRespirationValue", nil},
	}},
	{"ox", members{
		"average":      {"averageSpo2", nil},
		"averageValue": {"averageSpo2", nil},
		"averageSpo2":  {"averageSpo2", nil},
		"averageSpO2":  {"averageSpo2", nil},
		"lowest":       {"lowestSpo2", nil},
		"lowestValue":  {"lowestSpo2", nil},
		"lowestSpo2":   {"lowestSpo2", nil},
		"lowestSpO2":   {"lowestSpo2", nil},
		"latestValue":  {"latestSpo2", nil},
	}},
}

// daySummaries are rows of a day each, with its values in groups.
func (a *answer) daySummaries() error {
	rows, err := a.rows("data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if day, ok := date(row.Get("calendarDate")); ok && !a.elsewhere(day) {
			a.summary(day, row, func(e *object) { e.ungroup(row) })
		}
	}
	return nil
}

// ungroup sets what is known of the groups, and leaves the rest of each in it. Members
// outside of groups are those of a day's summary.
func (o *object) ungroup(row element.Value) {
	var names []string
	var values []element.Value
	for name, v := range row.Members() {
		known := groupMembers(name)
		if v.Kind() != element.Object || known == nil {
			names, values = append(names, name), append(values, v)
			continue
		}
		rest := nested()
		for member, value := range v.Members() {
			if m, listed := known[member]; listed {
				o.take(element.NewObject([]string{member}, []element.Value{value}), members{member: m})
			} else {
				rest.set(member, value)
			}
		}
		o.object(name, rest)
		stressTime(o, v)
	}
	o.take(element.NewObject(names, values), summaryMembers)
}

func groupMembers(name string) members {
	name = strings.ToLower(name)
	for _, g := range summaryGroups {
		if strings.Contains(name, g.word) {
			return g.members
		}
	}
	return nil
}
