package personal

import (
	"errors"
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// summaryMembers are the members of a day that the push has under other names or in
// other units.
var summaryMembers = members{
	"userProfileId": {}, "userDailySummaryId": {}, "uuid": {}, "rule": {}, "privacyProtected": {},
	"calendarDate": {}, "wellnessStartTimeGmt": {}, "wellnessStartTimeLocal": {}, "wellnessEndTimeGmt": {},
	"wellnessEndTimeLocal":     {},
	"durationInMilliseconds":   {"durationInSeconds", over(1000)},
	"totalSteps":               {"steps", nil},
	"totalDistanceMeters":      {"distanceInMeters", nil},
	"floorsAscended":           {"floorsClimbed", nil},
	"moderateIntensityMinutes": {"moderateIntensityDurationInSeconds", times(60)},
	"vigorousIntensityMinutes": {"vigorousIntensityDurationInSeconds", times(60)},
	"intensityMinutesGoal":     {"intensityDurationGoalInSeconds", times(60)},
	"minHeartRate":             {"minHeartRateInBeatsPerMinute", nil},
	"maxHeartRate":             {"maxHeartRateInBeatsPerMinute", nil},
	"restingHeartRate":         {"restingHeartRateInBeatsPerMinute", nil},
	"lastSevenDaysAvgRestingHeartRate": {
		"lastSevenDaysAvgRestingHeartRateInBeatsPerMinute", nil},
	"stressDuration":               {"stressDurationInSeconds", nil},
	"restStressDuration":           {"restStressDurationInSeconds", nil},
	"activityStressDuration":       {"activityStressDurationInSeconds", nil},
	"lowStressDuration":            {"lowStressDurationInSeconds", nil},
	"mediumStressDuration":         {"mediumStressDurationInSeconds", nil},
	"highStressDuration":           {"highStressDurationInSeconds", nil},
	"dailyStepGoal":                {"stepsGoal", nil},
	"userFloorsAscendedGoal":       {"floorsClimbedGoal", nil},
	"consumedKilocalories":         {"consumedCalories", nil},
	"netCalorieGoal":               {"netKilocaloriesGoal", nil},
	"bodyBatteryActivityEventList": {}, // as in bodyBattery
}

// measured are members of an element that only a day with a watch has. Goals and energy at
// rest are there even without one.
var measured = []string{"steps", "distanceInMeters", "activeKilocalories", "minHeartRateInBeatsPerMinute",
	"restingHeartRateInBeatsPerMinute", "averageStressLevel", "bodyBatteryHighestValue", "bodyBatteryChargedValue",
	"avgWakingRespirationValue", "averageSpo2", "highlyActiveSeconds", "sleepingSeconds", "floorsClimbed"}

// daySummary is the summary of one day, a flat object.
func (a *answer) daySummary() error {
	v, err := a.object()
	if err != nil {
		return err
	}
	if protected, _ := v.Get("privacyProtected").Bool(); protected {
		return errors.New("is of a person whose data may not be read")
	}
	day, ok := a.day(v, "calendarDate")
	if !ok {
		return errors.New("names no date")
	}
	if a.elsewhere(day) {
		return nil
	}
	a.summary(day, v, func(e *object) {
		activeTime(e, v)
		e.take(v, summaryMembers)
	})
	return nil
}

// summary adds the element of a day, unless it has nothing that was measured.
func (a *answer) summary(day health.Day, v element.Value, take func(*object)) {
	e := a.element()
	e.text("calendarDate", day.String())
	a.startOf(e, day, v.Get("wellnessStartTimeGmt"), v.Get("wellnessStartTimeLocal"))
	take(e)
	if !slices.ContainsFunc(measured, func(name string) bool { return e.has[name] }) {
		a.found(day, Placeholder)
		return
	}
	a.found(day, Data)
	a.add("dailies", e)
}

// activeTime is the push's one number for what the Personal API has as two (inferred).
func activeTime(e *object, v element.Value) {
	high, ok1 := v.Get("highlyActiveSeconds").Int()
	low, ok2 := v.Get("activeSeconds").Int()
	if ok1 && ok2 {
		e.int("activeTimeInSeconds", high+low)
	}
}
