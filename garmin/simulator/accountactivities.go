package simulator

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Search says which activities to list. Start and Limit choose a page.
type Search struct {
	// From and To are the first and the last local date, zero for all.
	From, To        time.Time
	Start, Limit    int
	ExcludeChildren bool
	// Type is the key of a type or of the type above it, empty for all.
	Type string
}

// sportKey is a type of activities with the one above it.
type sportKey struct {
	id, parent int
	above      string
}

var sportKeys = map[string]sportKey{
	"running": {1, 17, "running"}, "treadmill_running": {18, 1, "running"}, "road_biking": {10, 2, "cycling"},
	"indoor_cycling": {25, 2, "cycling"}, "strength_training": {13, 29, "fitness_equipment"},
	"yoga": {163, 29, "fitness_equipment"}, "lap_swimming": {27, 26, "swimming"},
	"open_water_swimming": {28, 26, "swimming"}, "walking": {9, 17, "walking"}, "soccer": {215, 206, "team_sports"},
	"dance": {242, 29, "fitness_equipment"}, "transition_v2": {84, 83, "transition"},
	"multi_sport": {89, 17, "multi_sport"},
}

func (wo *workout) typeKey() string { return strings.ToLower(wo.name) }

func (wo *workout) typeObject() object {
	k := sportKeys[wo.typeKey()]
	return object{"typeId": k.id, "typeKey": wo.typeKey(), "parentTypeId": k.parent}
}

// recorded are the workouts of a date that are in the account, newest first.
func (a *Account) recorded(c civil) []workout {
	all := slices.DeleteFunc(a.w.workouts(a.p, c), func(wo workout) bool { return wo.end()+uploaded > a.synced })
	slices.SortStableFunc(all, func(x, y workout) int { return cmp.Compare(y.start, x.start) })
	return all
}

// Activities is one page of a list, newest first.
func (a *Account) Activities(s Search) any {
	first, last := a.first, a.last
	if !s.From.IsZero() {
		first = max(first, civilOf(s.From))
	}
	if !s.To.IsZero() {
		last = min(last, civilOf(s.To))
	}
	rows, skip := []object{}, s.Start
	for c := last; c >= first && len(rows) < s.Limit; c-- {
		for _, wo := range a.recorded(c) {
			key := wo.typeKey()
			if s.ExcludeChildren && wo.child != 0 || s.Type != "" && s.Type != key && s.Type != sportKeys[key].above {
				continue
			}
			if skip > 0 {
				skip--
			} else if len(rows) < s.Limit {
				rows = append(rows, a.activityRow(a.found(wo.id)))
			}
		}
	}
	return rows
}

// activity is a workout with its day and track.
type activity struct {
	*workout
	*track
	day *day
}

// found is the activity with an id, which contains its minute; nil without one.
func (a *Account) found(id int64) *activity {
	at := civilOf(time.Unix(firstMinute+id/idsPerMinute*60, 0).UTC())
	for c := max(a.first, at-1); c <= min(a.last, at+1); c++ {
		if !slices.ContainsFunc(a.recorded(c), func(wo workout) bool { return wo.id == id }) {
			continue
		}
		d := a.w.day(a.p, c)
		for i := range d.workouts {
			if d.workouts[i].id == id {
				return &activity{&d.workouts[i], d.tracks[i](), d}
			}
		}
	}
	return nil
}

// title is the activity's name, which the person may have changed.
func (a *Account) title(v *activity) string {
	if v.renames() && v.end()+edited <= a.synced {
		return v.ownName()
	}
	return v.named(a.p)
}

// activityRow is an activity in a list.
func (a *Account) activityRow(v *activity) object {
	zone := v.day.clock(v.start)
	o := object{
		"activityId": v.id, "activityUUID": v.uuid(), "activityName": a.title(v), "activityType": v.typeObject(),
		"eventType": object{"typeId": 9, "typeKey": "uncategorized"}, "beginTimestamp": v.start * 1000,
		"startTimeGMT":   time.Unix(v.start, 0).UTC().Format(listForm),
		"startTimeLocal": time.Unix(zone, 0).UTC().Format(listForm),
		"endTimeGMT":     time.Unix(v.workout.end(), 0).UTC().Format(listForm),
		"deviceId":       a.device(), "manufacturer": "GARMIN", "manualActivity": v.typed, "parent": v.workout.parent,
		"parentId": nil, "favorite": false, "pr": false, "privacy": object{"typeId": 2, "typeKey": "private"},
		"ownerId": a.number(), "workoutId": nil, "lapCount": len(v.laps), "hasSplits": len(v.laps) > 1,
		"splitSummaries": []object{},
	}
	if v.child != 0 {
		o["parentId"] = v.child
	}
	if v.typed {
		o["deviceId"], o["manufacturer"] = 0, nil
	}
	for name, value := range a.figures(v) {
		o[figureNames[name].list] = value
	}
	if v.timed() {
		for i, seconds := range a.inZones(v) {
			o[fmt.Sprintf("hrTimeInZone_%d", i+1)] = float64(seconds)
		}
	}
	return o
}

// timed reports whether the workout has a track of its own.
func (v *activity) timed() bool { return len(v.fixes) > 0 }

// inZones is how many seconds the heart was in each zone.
func (a *Account) inZones(v *activity) (seconds [5]int) {
	for i := range v.fixes {
		if zone := int(float64(v.fixes[i].hr)/a.p.peak*10) - 4; zone > 0 {
			seconds[min(zone, 5)-1]++
		}
	}
	return seconds
}

// uuid is the activity's other id.
func (wo *workout) uuid() string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", uint32(wo.key), uint16(wo.key>>32), wo.key>>48&0xfff,
		mix(wo.key)&0xfff, mix(wo.key)>>16)
}

// figureNames are the names of an activity's figures, in the list and in summaryDTO.
var figureNames = map[string]struct{ list, summary string }{
	"duration": {"duration", "duration"}, "moving": {"movingDuration", "movingDuration"},
	"elapsed": {"elapsedDuration", "elapsedDuration"}, "calories": {"calories", "calories"},
	"distance": {"distance", "distance"}, "meanSpeed": {"averageSpeed", "averageSpeed"},
	"topSpeed": {"maxSpeed", "maxSpeed"}, "up": {"elevationGain", "elevationGain"},
	"down": {"elevationLoss", "elevationLoss"}, "meanPulse": {"averageHR", "averageHR"}, "topPulse": {"maxHR", "maxHR"},
	"steps":     {"steps", "steps"},
	"cadence":   {"averageRunningCadenceInStepsPerMinute", "averageRunCadence"},
	"fastest":   {"maxRunningCadenceInStepsPerMinute", "maxRunCadence"},
	"pedals":    {"averageBikingCadenceInRevPerMinute", "averageBikeCadence"},
	"pedalsTop": {"maxBikingCadenceInRevPerMinute", "maxBikeCadence"},
	"strokes":   {"averageSwimCadenceInStrokesPerMinute", "averageSwimCadence"},
	"lengths":   {"activeLengths", "numberOfActiveLengths"},
	"power":     {"avgPower", "averagePower"}, "powerTop": {"maxPower", "maxPower"},
	"lat": {"startLatitude", "startLatitude"}, "lon": {"startLongitude", "startLongitude"},
}

// figures are the numbers of an activity by their key in figureNames.
func (a *Account) figures(v *activity) object {
	seconds := v.duration(v.workout)
	o := object{"duration": float64(seconds), "elapsed": float64(v.length),
		"calories": v.day.kilocalories(v.workout, seconds)}
	if !v.timed() {
		return o
	}
	n := float64(len(v.fixes))
	o["moving"] = float64(v.fixes[len(v.fixes)-1].moving)
	o["meanPulse"], o["topPulse"] = int64(v.track.pulse/n+0.5), v.topPulse
	switch {
	case v.bike && v.workout.turns > 0:
		o["pedals"], o["pedalsTop"] = rounded(v.track.turns/n, 0), v.topTurns
	case v.workout.turns > 0:
		o["strokes"] = rounded(v.track.turns/n, 0)
	case v.workout.steps > 0:
		o["cadence"], o["fastest"] = v.track.steps/n, v.topSteps
		o["steps"] = int64(v.track.steps / 60)
	}
	if v.watts > 0 {
		whole := v.day.stretch(v.workout, v.track, 0, v.length)
		o["power"], o["powerTop"] = rounded(whole.watts, 0), whole.topWatts
	}
	if v.workout.speed > 0 {
		o["distance"] = rounded(v.metres, 2)
		o["meanSpeed"], o["topSpeed"] = v.track.speed/n, v.track.topSpeed
		if v.pool {
			o["lengths"] = int64(v.metres / 25)
		}
	}
	if v.gps && v.workout.speed > 0 {
		o["up"], o["down"] = v.up, v.down
		o["lat"], o["lon"] = degrees(v.fixes[0].lat), degrees(v.fixes[0].lon)
	}
	return o
}

// Activity is one activity; nil if there is none with the id.
func (a *Account) Activity(id int64) any {
	v := a.found(id)
	if v == nil {
		return nil
	}
	summary := object{"startTimeGMT": gmt(v.start), "startTimeLocal": gmt(v.day.clock(v.start))}
	for name, value := range a.figures(v) {
		summary[figureNames[name].summary] = value
	}
	meta := object{"manufacturer": "GARMIN", "lapCount": len(v.laps), "manualActivity": v.typed,
		"isOriginal": true, "deviceMetaDataDTO": object{"deviceId": a.device()}, "hasSplits": len(v.laps) > 1,
		"personalRecord": false, "favorite": false, "childIds": []int64{}}
	if v.workout.parent {
		legs := []int64{}
		for i := range v.day.workouts {
			if leg := &v.day.workouts[i]; leg.child == id {
				legs = append(legs, leg.id)
			}
		}
		meta["childIds"] = legs
	}
	o := object{
		"activityId": v.id, "activityUUID": object{"uuid": v.uuid()}, "activityName": a.title(v),
		"userProfileId": a.number(), "isMultiSportParent": v.workout.parent, "activityTypeDTO": v.typeObject(),
		"eventTypeDTO":         object{"typeId": 9, "typeKey": "uncategorized"},
		"accessControlRuleDTO": object{"typeId": 2, "typeKey": "private"},
		"timeZoneUnitDTO":      object{"unitKey": v.day.loc.String(), "timeZone": v.day.loc.String()},
		"metadataDTO":          meta, "summaryDTO": summary, "splitSummaries": []object{},
	}
	if v.child != 0 {
		o["parentId"] = v.child
	}
	return o
}

// Workouts are the planned workouts of an activity: none, or nil if there is no activity
// with the id.
func (a *Account) Workouts(id int64) any {
	if a.found(id) == nil {
		return nil
	}
	return []object{}
}

// fileDelay is for how long after its sync an activity has no file yet.
const fileDelay = 240

// File is the FIT file of an activity in a ZIP; nil if it has none. It is not ready in the
// first minutes after the sync.
func (a *Account) File(id int64) (zipped []byte, ready bool, err error) {
	v := a.found(id)
	if v == nil || !v.filed() {
		return nil, true, nil
	}
	if s, ok := a.w.clockFrom(a.p, v.workout.end()+uploaded).next(a.at); !ok || a.at < s.at+fileDelay {
		return nil, false, nil
	}
	fit, err := a.w.ActivityFile(a.p.Index, id, FIT)
	if err != nil {
		return nil, true, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%d_ACTIVITY.fit", id), Method: zip.Deflate,
		Modified: time.Unix(v.start, 0).UTC()})
	if err != nil {
		return nil, true, err
	}
	if _, err := f.Write(fit); err != nil {
		return nil, true, err
	}
	if err := z.Close(); err != nil {
		return nil, true, err
	}
	return b.Bytes(), true, nil
}
