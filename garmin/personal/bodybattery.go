package personal

import (
	"garner/garmin/element"
	"garner/health"
)

// The members of a day's Body Battery, of the events of a day, and of a feedback.
var (
	bodyBatteryMembers = members{
		"date": {}, "startTimestampGMT": {}, "startTimestampLocal": {}, "endTimestampGMT": {}, "endTimestampLocal": {},
		"bodyBatteryValueDescriptorDTOList": {}, "bodyBatteryValuesArray": {}, "bodyBatteryActivityEvent": {},
		"bodyBatteryDynamicFeedbackEvent": {}, "endOfDayBodyBatteryDynamicFeedbackEvent": {},
		"charged": {"bodyBatteryChargedValue", nil},
		"drained": {"bodyBatteryDrainedValue", nil},
	}
	batteryEventMembers = members{
		"eventStartTimeGmt":      {"eventStartTimeInSeconds", inSeconds},
		"timezoneOffset":         {"eventStartTimeOffsetInSeconds", over(1000)},
		"durationInMilliseconds": {"durationInSeconds", over(1000)},
		"eventUpdateTimeGmt":     {"eventUpdateTimeInSeconds", inSeconds},
		"deviceId":               {},
	}
	feedbackMembers = members{
		"eventTimestampGmt": {"eventStartTimeInSeconds", inSeconds},
	}
)

// bodyBattery are days with their samples of Body Battery and what changed it.
func (a *answer) bodyBattery() error {
	rows, err := a.rows("data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if day, ok := a.day(row, "date", "calendarDate"); ok && !a.elsewhere(day) {
			e := a.element()
			e.text("calendarDate", day.String())
			a.found(day, a.batteryDay(e, day, row))
		}
	}
	return nil
}

// batteryDay adds the element of a day, unless there is nothing on it.
func (a *answer) batteryDay(e *object, day health.Day, row element.Value) Outcome {
	start, ok := a.startOf(e, day, row.Get("startTimestampGMT"), row.Get("startTimestampLocal"))
	samples := columns{0, 1}.described(row.Get("bodyBatteryValueDescriptorDTOList"), "level").
		points(row.Get("bodyBatteryValuesArray"))
	if len(samples) == 0 && !hasAny(row, "charged", "drained") || !ok {
		return Placeholder
	}
	e.until(start, row.Get("endTimestampGMT"))
	e.points("timeOffsetBodyBatteryValues", start, samples)
	e.list("bodyBatteryActivityEvents", batteryEvents(row.Get("bodyBatteryActivityEvent")))
	for _, name := range []string{"bodyBatteryDynamicFeedbackEvent", "endOfDayBodyBatteryDynamicFeedbackEvent"} {
		feedback := nested()
		feedback.take(row.Get(name), feedbackMembers)
		e.object(name, feedback)
	}
	e.take(row, bodyBatteryMembers)
	a.add("stressDetails", e)
	return Data
}

// batteryEvents are events in the push's form.
func batteryEvents(list element.Value) (out []*object) {
	for v := range list.Items() {
		event := nested()
		if event.take(v, batteryEventMembers); !event.empty() {
			out = append(out, event)
		}
	}
	return out
}
