package personal

import (
	"garner/garmin/element"
	"garner/health"
)

var weighingMembers = members{
	"samplePk": {}, "date": {}, "calendarDate": {}, "timestampGMT": {},
	"weight":     {"weightInGrams", nil},
	"muscleMass": {"muscleMassInGrams", nil},
	"boneMass":   {"boneMassInGrams", nil},
	"bodyWater":  {"bodyWaterInPercent", nil},
	"bodyFat":    {"bodyFatInPercent", nil},
	"bmi":        {"bodyMassIndex", nil},
}

// weights are days with their weighings. The nearest ones before and after the days that
// were asked for come with their own days.
func (a *answer) weights() error {
	days, err := a.rows("dailyWeightSummaries")
	if err != nil {
		return err
	}
	for _, day := range days {
		entries := day.Get("allWeightMetrics")
		if entries.Len() == 0 {
			a.weighing(day.Get("latestWeight"))
		}
		for entry := range entries.Items() {
			a.weighing(entry)
		}
	}
	return nil
}

// weightEntries are weighings.
func (a *answer) weightEntries() error {
	rows, err := a.rows("dateWeightList", "allWeightMetrics", "weights", "data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		a.weighing(row)
	}
	return nil
}

// weighing adds a weighing, unless it has no time or no weight.
func (a *answer) weighing(v element.Value) {
	at, ok := seconds(v.Get("timestampGMT"))
	if !ok || !hasAny(v, "weight") {
		return
	}
	e := a.element()
	e.int("measurementTimeInSeconds", at)
	ahead, known := a.offset(at, v.Get("date"))
	if known {
		e.int("measurementTimeOffsetInSeconds", ahead)
	}
	day, dated := date(v.Get("calendarDate"))
	switch {
	case dated:
		e.text("calendarDate", day.String())
	default:
		day = health.DayOf(at, int32(ahead)) // within a day either way
	}
	a.found(day, Data)
	e.take(v, weighingMembers)
	a.add("bodyComps", e)
}
