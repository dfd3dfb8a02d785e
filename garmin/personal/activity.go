package personal

import (
	"errors"
	"strings"

	"garner/garmin/element"
	"garner/health"
)

// activityMembers are the members of an activity, in a list or by itself, that the push
// has under other names. Names and pictures of the owner, and who may see the activity,
// are not taken.
var activityMembers = members{
	"activityId": {}, "activityUUID": {}, "activityType": {}, "activityTypeDTO": {}, "eventType": {},
	"eventTypeDTO": {}, "startTimeGMT": {}, "startTimeLocal": {}, "beginTimestamp": {}, "summaryDTO": {},
	"accessControlRuleDTO": {}, "timeZoneUnitDTO": {}, "metadataDTO": {}, "userProfileId": {}, "ownerId": {},
	"ownerFullName": {}, "ownerDisplayName": {}, "ownerProfileImageUrlSmall": {}, "ownerProfileImageUrlMedium": {},
	"ownerProfileImageUrlLarge": {}, "userRoles": {}, "privacy": {}, "deviceId": {}, "userPro": {},

	"duration":           {"durationInSeconds", nil},
	"distance":           {"distanceInMeters", nil},
	"description":        {"activityDescription", nil},
	"averageHR":          {"averageHeartRateInBeatsPerMinute", nil},
	"maxHR":              {"maxHeartRateInBeatsPerMinute", nil},
	"averageSpeed":       {"averageSpeedInMetersPerSecond", nil},
	"maxSpeed":           {"maxSpeedInMetersPerSecond", nil},
	"elevationGain":      {"totalElevationGainInMeters", nil},
	"elevationLoss":      {"totalElevationLossInMeters", nil},
	"startLatitude":      {"startingLatitudeInDegree", nil},
	"startLongitude":     {"startingLongitudeInDegree", nil},
	"calories":           {"activeKilocalories", nil},
	"activeLengths":      {"numberOfActiveLengths", nil},
	"manualActivity":     {"manual", nil},
	"parent":             {"isParent", nil},
	"isMultiSportParent": {"isParent", nil},
	"parentId":           {"parentSummaryId", nil},

	"averageRunningCadenceInStepsPerMinute": {"averageRunCadenceInStepsPerMinute", nil},
	"averageRunCadence":                     {"averageRunCadenceInStepsPerMinute", nil},
	"maxRunningCadenceInStepsPerMinute":     {"maxRunCadenceInStepsPerMinute", nil},
	"maxRunCadence":                         {"maxRunCadenceInStepsPerMinute", nil},
	"averageBikingCadenceInRevPerMinute":    {"averageBikeCadenceInRoundsPerMinute", nil},
	"averageBikeCadence":                    {"averageBikeCadenceInRoundsPerMinute", nil},
	"maxBikingCadenceInRevPerMinute":        {"maxBikeCadenceInRoundsPerMinute", nil},
	"maxBikeCadence":                        {"maxBikeCadenceInRoundsPerMinute", nil},
	"averageSwimCadence":                    {"averageSwimCadenceInStrokesPerMinute", nil},
}

// activities are rows of a list, newest first.
func (a *answer) activities() error {
	rows, err := a.rows("activities", "data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		a.workout(row, row)
	}
	return nil
}

// activity is one activity, its sums in a member of its own.
func (a *answer) activity() error {
	v, err := a.object()
	switch {
	case err != nil:
		return err
	case v.Len() == 0:
		return nil
	case !a.workout(v, v.Get("summaryDTO")):
		return errors.New("names no activity")
	}
	return nil
}

// workout adds an activity with its sums, and lists it. It reports whether it has an id.
func (a *answer) workout(v, sums element.Value) bool {
	id, ok := v.Get("activityId").Int()
	if !ok || id <= 0 {
		return false
	}
	gmt, local := first(sums, "startTimeGMT"), first(sums, "startTimeLocal")
	e := a.element()
	e.int("activityId", id)
	listing := Listing{ID: id}
	if start, ok := a.start(e, gmt, local); ok {
		ahead, _ := a.offset(start, local)
		listing.Day = health.DayOf(start, int32(ahead)) // within a day either way
	}
	if kind := first(v, "activityType.typeKey", "activityTypeDTO.typeKey"); kind.Kind() == element.String {
		e.text("activityType", strings.ToUpper(kind.Text()))
	}
	if event := first(v, "eventType.typeKey", "eventTypeDTO.typeKey"); event.Kind() == element.String {
		e.text("eventType", event.Text())
	}
	meta := v.Get("metadataDTO")
	e.set("manufacturer", meta.Get("manufacturer"))
	e.set("lapCount", meta.Get("lapCount"))
	e.set("manual", meta.Get("manualActivity"))
	e.take(v, activityMembers)
	e.take(sums, activityMembers)
	listing.Manual, _ = first(v, "manualActivity", "metadataDTO.manualActivity").Bool()
	a.out.Activities = append(a.out.Activities, listing)
	a.found(listing.Day, Data)
	a.add("activities", e)
	return true
}
