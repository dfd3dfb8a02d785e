package personal

import "errors"

var heartRateMembers = members{
	"userProfilePK": {}, "calendarDate": {}, "startTimestampGMT": {}, "startTimestampLocal": {},
	"endTimestampGMT": {}, "endTimestampLocal": {}, "heartRateValueDescriptors": {}, "heartRateValues": {},
	"maxHeartRate":                     {"maxHeartRateInBeatsPerMinute", nil},
	"minHeartRate":                     {"minHeartRateInBeatsPerMinute", nil},
	"restingHeartRate":                 {"restingHeartRateInBeatsPerMinute", nil},
	"lastSevenDaysAvgRestingHeartRate": {"lastSevenDaysAvgRestingHeartRateInBeatsPerMinute", nil},
}

// heartRate is the heart rate of one day: its limits, and a sample about every two
// minutes.
func (a *answer) heartRate() error {
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
	samples := columns{0, 1}.described(v.Get("heartRateValueDescriptors"), "heart").points(v.Get("heartRateValues"))
	if len(samples) == 0 && !hasAny(v, "maxHeartRate", "minHeartRate", "restingHeartRate") {
		a.found(day, Placeholder)
		return nil
	}
	a.found(day, Data)
	e := a.element()
	e.text("calendarDate", day.String())
	if start, ok := a.startOf(e, day, v.Get("startTimestampGMT"), v.Get("startTimestampLocal")); ok {
		e.until(start, v.Get("endTimestampGMT"))
		e.points("timeOffsetHeartRateSamples", start, samples)
	}
	e.take(v, heartRateMembers)
	a.add("dailies", e)
	return nil
}
