package personal

import (
	"strings"

	"garner/garmin/element"
)

// nightMembers are the members of a night that the push has under other names, or that
// become something else. Heart rate, stress, Body Battery and HRV asleep are those of the
// answers about the day.
var nightMembers = members{
	"id": {}, "userProfilePK": {}, "userProfilePk": {}, "calendarDate": {},
	"sleepStartTimestampGMT": {}, "sleepStartTimestampLocal": {},
	"sleepEndTimestampGMT": {}, "sleepEndTimestampLocal": {}, "sleepScores": {}, "sleepWindowConfirmationType": {},
	"sleepTimeSeconds":         {"durationInSeconds", nil},
	"napTimeSeconds":           {"totalNapDurationInSeconds", notZero}, // as a push, which leaves it out
	"unmeasurableSleepSeconds": {"unmeasurableSleepInSeconds", nil},
	"deepSleepSeconds":         {"deepSleepDurationInSeconds", nil},
	"lightSleepSeconds":        {"lightSleepDurationInSeconds", nil},
	"remSleepSeconds":          {"remSleepInSeconds", nil},
	"awakeSleepSeconds":        {"awakeDurationInSeconds", nil},

	"dailySleepDTO": {}, "dailyNapDTOS": {}, "sleepLevels": {}, "sleepMovement": {},
	"sleepHeartRate": {}, "sleepStress": {}, "sleepBodyBattery": {}, "hrvData": {},
	"wellnessEpochRespirationDataDTOList": {}, "wellnessEpochRespirationAveragesList": {},
	"wellnessEpochSPO2DataDTOList": {}, "wellnessSpO2SleepSummaryDTO": {},
}

// sleep is one night: an object for it with its series beside it, or a row as of sleeps.
func (a *answer) sleep() error {
	v, err := a.object()
	if err != nil {
		return err
	}
	night := v
	if dto := v.Get("dailySleepDTO"); dto.Kind() == element.Object {
		night = dto
	}
	if v.Len() == 0 {
		return nil
	}
	a.night(night, v)
	return nil
}

// sleeps are the nights of a range, without series. Those without data have a row too.
func (a *answer) sleeps() error {
	rows, err := a.rows("data", "individualStats")
	if err != nil {
		return err
	}
	for _, row := range rows {
		night := row
		if values := row.Get("values"); values.Kind() == element.Object {
			night = values
		}
		a.night(night, row)
	}
	return nil
}

// night adds a night. beside is the object with its series.
func (a *answer) night(v, beside element.Value) {
	day, ok := a.day(v, "calendarDate")
	if !ok {
		if day, ok = a.day(beside, "calendarDate"); !ok {
			return
		}
	}
	start, timed := seconds(v.Get("sleepStartTimestampGMT"))
	if !a.asked(day) || timed && !near(start, day) {
		a.out.Elsewhere++
		return
	}
	if asleep, _ := v.Get("sleepTimeSeconds").Float(); !timed || asleep <= 0 {
		a.found(day, Placeholder)
		return
	}
	a.found(day, Data)
	e := a.element()
	e.text("calendarDate", day.String())
	a.start(e, v.Get("sleepStartTimestampGMT"), v.Get("sleepStartTimestampLocal"))
	if word := v.Get("sleepWindowConfirmationType"); word.Kind() == element.String {
		e.text("validation", validation(word.Text()))
	}
	e.scores(v.Get("sleepScores"))
	e.object("sleepLevelsMap", levels(beside.Get("sleepLevels")))
	e.points("timeOffsetSleepRespiration", start,
		pointsOf(beside.Get("wellnessEpochRespirationDataDTOList"), "startTimeGMT", "respirationValue"))
	e.points("timeOffsetSleepSpo2", start,
		pointsOf(beside.Get("wellnessEpochSPO2DataDTOList"), "epochTimestamp", "spo2Reading"))
	e.points("timeOffsetSleepMovement", start, pointsOf(beside.Get("sleepMovement"), "startGMT", "activityLevel"))
	e.list("naps", naps(beside.Get("dailyNapDTOS"), v.Get("dailyNapDTOS")))
	e.take(v, nightMembers)
	e.take(beside, nightMembers)
	a.add("sleeps", e)
}

// validation is the push's word for how sure a night is, from words like
// enhanced_confirmed_final and manually_confirmed (inferred).
func validation(word string) string {
	word = strings.ToUpper(word)
	if strings.HasPrefix(word, "MANUAL") {
		return "MANUAL"
	}
	if kind, ok := strings.CutSuffix(word, "_CONFIRMED"); ok {
		return kind + "_TENTATIVE"
	}
	return strings.Replace(word, "_CONFIRMED_FINAL", "_FINAL", 1)
}

// scores sets the score of the night and those of its parts.
func (o *object) scores(v element.Value) {
	parts := nested()
	for name, score := range v.Members() {
		if name == "overall" {
			o.set("overallSleepScore", score)
		} else {
			parts.set(name, score)
		}
	}
	o.object("sleepScores", parts)
}

// levelNames are the sleep levels by their numbers.
var levelNames = []string{"deep", "light", "rem", "awake"}

// levels are the spans of each sleep level.
func levels(list element.Value) *object {
	spans := make([][]*object, len(levelNames))
	for v := range list.Items() {
		level, ok := v.Get("activityLevel").Int()
		from, ok1 := seconds(v.Get("startGMT"))
		to, ok2 := seconds(v.Get("endGMT"))
		if !ok || !ok1 || !ok2 || level < 0 || int(level) >= len(levelNames) {
			continue
		}
		span := nested()
		span.int("startTimeInSeconds", from)
		span.int("endTimeInSeconds", to)
		spans[level] = append(spans[level], span)
	}
	out := nested()
	for i, name := range levelNames {
		out.list(name, spans[i])
	}
	return out
}

var napMembers = members{
	"userProfilePK": {}, "deviceId": {}, "calendarDate": {}, "napEndTimestampGMT": {}, "napEndTimeOffset": {},
	"napStartTimestampGMT": {"napStartTimeInSeconds", inSeconds},
	"napStartTimeOffset":   {"napOffsetInSeconds", offsetInSeconds},
	"napTimeSec":           {"napDurationInSeconds", nil},
}

// naps are those of the first list that has any.
func naps(lists ...element.Value) (out []*object) {
	for _, list := range lists {
		for v := range list.Items() {
			nap := nested()
			if nap.take(v, napMembers); !nap.empty() {
				out = append(out, nap)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// offsetInSeconds is an offset from UTC that may be in minutes, seconds or milliseconds:
// the unit is not documented. Offsets are quarters of an hour, up to 14 hours: each size
// but 0 is possible in one unit only.
func offsetInSeconds(v element.Value) element.Value {
	n, ok := v.Int()
	switch {
	case !ok:
		return element.Value{}
	case n > mostOffset || n < -mostOffset:
		return number(n / 1000)
	case n > -900 && n < 900:
		return number(n * 60)
	}
	return number(n)
}
