package personal

import (
	"garner/garmin/element"
)

// hrvStatusMembers are the members of a summary. hrvStatus has Garmin's own names.
var hrvStatusMembers = members{"userProfilePk": {}, "calendarDate": {}}

// hrv is the heart rate variability of one night and Garmin's judgement of it.
func (a *answer) hrv() error {
	v, err := a.object()
	if err != nil {
		return err
	}
	summary := v.Get("hrvSummary")
	readings := pointsOf(v.Get("hrvReadings"), "readingTimeGMT", "hrvValue")
	a.hrvStatus(summary)
	day, ok := a.day(summary, "calendarDate")
	start, timed := seconds(v.Get("startTimestampGMT"))
	placed := ok && a.asked(day) && timed && near(start, day)
	if !placed || len(readings) == 0 && !hasAny(summary, "lastNightAvg", "lastNight5MinHigh") {
		return nil
	}
	a.found(day, Data)
	e := a.element()
	e.text("calendarDate", day.String())
	a.start(e, v.Get("startTimestampGMT"), v.Get("startTimestampLocal"))
	e.until(start, v.Get("endTimestampGMT"))
	e.set("lastNightAvg", summary.Get("lastNightAvg"))
	e.set("lastNight5MinHigh", summary.Get("lastNight5MinHigh"))
	e.points("hrvValues", start, readings)
	a.add("hrv", e)
	return nil
}

// hrvs are the judgements of several nights.
func (a *answer) hrvs() error {
	rows, err := a.rows("hrvSummaries", "data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		a.hrvStatus(row)
	}
	return nil
}

// hrvStatus adds a judgement, unless it has nothing.
func (a *answer) hrvStatus(summary element.Value) {
	day, ok := a.day(summary, "calendarDate")
	switch {
	case !ok || summary.Kind() != element.Object || a.elsewhere(day):
	case !hasAny(summary, "weeklyAvg", "lastNightAvg", "lastNight5MinHigh", "baseline"):
		a.found(day, Placeholder)
	default:
		a.found(day, Data)
		e := a.element()
		e.text("calendarDate", day.String())
		e.take(summary, hrvStatusMembers)
		a.add("hrvStatus", e)
	}
}
