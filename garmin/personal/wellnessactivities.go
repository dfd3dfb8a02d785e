package personal

import (
	"strings"

	"garner/garmin/element"
)

// wellnessMembers are the members that an activity has under other names, or not at all.
var wellnessMembers = members{
	"activityUuid": {}, "calendarDate": {}, "startTimestampGMT": {}, "startTimestampLocal": {}, "endTimestampGMT": {},
	"endTimestampLocal": {}, "deviceMetaData": {}, "summaryTypeDataList": {}, "timeInZoneList": {},
	"userProfilePk": {}, "userProfilePK": {}, "rulePK": {},
}

// wellnessActivities are health snapshots, which the push has too, and other exercises.
func (a *answer) wellnessActivities() error {
	rows, err := a.rows("wellnessActivities", "activities", "wellnessActivitySummaries", "data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		a.wellnessActivity(row)
	}
	return nil
}

// wellnessActivity adds one, unless it has no time.
func (a *answer) wellnessActivity(v element.Value) {
	e := a.element()
	start, ok := a.start(e, v.Get("startTimestampGMT"), v.Get("startTimestampLocal"))
	if !ok {
		return
	}
	e.until(start, v.Get("endTimestampGMT"))
	day, dated := date(v.Get("calendarDate"))
	if dated {
		e.text("calendarDate", day.String())
	}
	a.found(day, Data)
	e.set("deviceName", v.Path("deviceMetaData.deviceName"))
	if isSnapshot(v.Get("wellnessActivityType").Text()) {
		e.list("summaries", measures(v))
		a.add("healthSnapshot", e)
		return
	}
	if uuid := first(v, "activityUuid.uuid", "activityUuid", "uuid"); uuid.Kind() == element.String {
		e.set("uuid", uuid)
	}
	e.list("summaries", measures(v))
	e.set("zones", v.Get("timeInZoneList"))
	e.take(v, wellnessMembers)
	a.add("wellnessActivities", e)
}

// isSnapshot reports whether a kind is Garmin's measurement of two minutes.
func isSnapshot(kind string) bool {
	return strings.Contains(kind, "SNAPSHOT") || kind == "HEALTH_MONITORING"
}

// measures are the summaries of an activity, their types in the push's small letters.
func measures(v element.Value) (out []*object) {
	for item := range v.Get("summaryTypeDataList").Items() {
		if item.Kind() != element.Object {
			continue
		}
		m := nested()
		m.text("summaryType", strings.ToLower(item.Get("summaryType").Text()))
		for _, name := range []string{"minValue", "maxValue", "avgValue"} {
			m.set(name, item.Get(name))
		}
		out = append(out, m)
	}
	return out
}
