package personal

import (
	"errors"
	"slices"
)

var spo2Members = members{
	"userProfilePK": {}, "calendarDate": {}, "startTimestampGMT": {}, "startTimestampLocal": {},
	"endTimestampGMT": {}, "endTimestampLocal": {}, "sleepStartTimestampGMT": {}, "sleepStartTimestampLocal": {},
	"sleepEndTimestampGMT": {}, "sleepEndTimestampLocal": {}, "tomorrowSleepStartTimestampGMT": {},
	"tomorrowSleepStartTimestampLocal": {}, "tomorrowSleepEndTimestampGMT": {}, "tomorrowSleepEndTimestampLocal": {},
	"spO2HourlyAverages": {}, "spO2HourlyAveragesDescriptorList": {},
	"spO2SingleValues": {}, "spO2SingleValuesDescriptorList": {}, "spO2ValueDescriptorsDTOList": {},
	"monitoringEnvironmentValues": {}, "monitoringEnvironmentValuesDescriptorList": {},
}

// spo2 is the blood oxygen of one day: the averages of its hours, and single values.
func (a *answer) spo2() error {
	v, err := a.object()
	if err != nil {
		return err
	}
	day, ok := a.day(v, "calendarDate")
	if !ok {
		return errors.New("names no date")
	}
	if a.elsewhere(day) {
		return nil
	}
	descriptors := first(v, "spO2SingleValuesDescriptorList", "spO2ValueDescriptorsDTOList")
	samples := slices.Concat(
		columns{0, 1}.described(v.Get("spO2HourlyAveragesDescriptorList"), "spo2").points(v.Get("spO2HourlyAverages")),
		columns{0, 1}.described(descriptors, "spo2").points(v.Get("spO2SingleValues")))
	e := a.element()
	e.text("calendarDate", day.String())
	start, timed := a.startOf(e, day, v.Get("startTimestampGMT"), v.Get("startTimestampLocal"))
	if !timed || len(samples) == 0 && !hasAny(v, "averageSpO2", "lowestSpO2", "latestSpO2") {
		a.found(day, Placeholder)
		return nil
	}
	a.found(day, Data)
	e.until(start, v.Get("endTimestampGMT"))
	e.bool("onDemand", false)
	e.points("timeOffsetSpo2Values", start, samples)
	e.take(v, spo2Members)
	a.add("pulseox", e)
	return nil
}
