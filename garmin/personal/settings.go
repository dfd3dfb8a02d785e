package personal

import (
	"time"

	"garner/garmin/element"
)

// settingsMembers are the members of a profile and where an answer may have them:
// directly, with the key of a format, or with the facts about the person. Nothing else is
// taken: the answer may name the person.
var settingsMembers = []struct {
	name  string
	paths []string
}{
	{"measurementSystem", []string{"measurementSystem", "userData.measurementSystem"}},
	{"preferredLocale", []string{"preferredLocale", "locale"}},
	{"firstDayOfWeek", []string{"firstDayOfWeek.dayName", "firstDayOfWeek", "userData.firstDayOfWeek.dayName"}},
	{"numberFormat", []string{"numberFormat.formatKey", "numberFormat"}},
	{"timeFormat", []string{"timeFormat.formatKey", "timeFormat", "userData.timeFormat"}},
	{"dateFormat", []string{"dateFormat.formatKey", "dateFormat"}},
	{"heartRateFormat", []string{"heartRateFormat.formatKey", "heartRateFormat"}},
	{"powerFormat", []string{"powerFormat.formatKey", "powerFormat"}},
	{"hydrationMeasurementUnit", []string{"hydrationMeasurementUnit"}},
	{"gender", []string{"gender", "userData.gender"}},
	{"birthYear", []string{"birthYear", "userData.birthYear"}},
	{"heightInCentimeters", []string{"height", "userData.height"}},
	{"lactateThresholdHeartRateInBeatsPerMinute", []string{"lactateThresholdHeartRate",
		"userData.lactateThresholdHeartRate"}},
}

// settings are the person's at Garmin Connect, as of the day on which Garmin was asked.
func (a *answer) settings() error {
	v, err := a.object()
	if err != nil {
		return err
	}
	e := a.element()
	e.text("calendarDate", a.askedOn().String())
	if a.out.Zone = zoneIn(v); a.out.Zone != "" {
		e.text("timeZone", a.out.Zone)
	}
	for _, m := range settingsMembers {
		if got := first(v, m.paths...); got.Kind() != element.Object && got.Kind() != element.Array {
			e.set(m.name, got)
		}
	}
	if e.size == 2 { // whose it is, and when
		return nil
	}
	a.found(0, Data)
	a.add("profiles", e)
	return nil
}

// zoneIn is the name of the time zone; empty if there is none that is known.
func zoneIn(v element.Value) string {
	for _, path := range []string{"timeZone", "timeZone.unitKey", "timeZoneUnitDTO.unitKey", "userData.timeZone"} {
		name := v.Path(path)
		if name.Kind() != element.String || name.Text() == "" || name.Text() == "Local" {
			continue
		}
		if _, err := time.LoadLocation(name.Text()); err == nil {
			return name.Text()
		}
	}
	return ""
}
