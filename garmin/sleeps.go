package garmin

import (
	"iter"
	"strings"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// Sleeps are one record per sleep, not per day (Health API 3.3). A sleep comes
// tentative first and final later, grows from sync to sync, changes its
// summaryId as it grows, and may be edited by hand. All versions that overlap
// are of one night.
var Sleeps = &Type{
	Key: "sleeps", Title: "Sleep", Permission: healthExport, Pull: "sleeps", Backfill: "sleeps",
	NaturalKey: []string{"startTimeInSeconds"}, Overlap: true, Rhythm: nightly, clock: spanClock,
	Feeds: []health.Feed{{Family: health.FromSamples, Days: 1}},
	Fields: []Field{
		f("durationInSeconds", "Asleep"),
		f("totalNapDurationInSeconds", "Naps"),
		// Garmin's data use the short name, one of its examples the long one.
		f("unmeasurableSleepInSeconds", "Unmeasurable").or("unmeasurableSleepDurationInSeconds"),
		f("deepSleepDurationInSeconds", "Deep sleep"),
		f("lightSleepDurationInSeconds", "Light sleep"),
		f("remSleepInSeconds", "REM sleep").or("remSleepDurationInSeconds"),
		f("awakeDurationInSeconds", "Awake"),
		text("validation", "Validation"),
		f("overallSleepScore.value", "Sleep score"),
		text("overallSleepScore.qualifierKey", "Sleep score in a word"),
		text("sleepScores.totalDuration.qualifierKey", "Score of the duration"),
		f("sleepScores.totalDuration.value", "Score of the duration, points"),
		text("sleepScores.stress.qualifierKey", "Score of stress"),
		f("sleepScores.stress.value", "Score of stress, points"),
		text("sleepScores.awakeCount.qualifierKey", "Score of being awake"),
		f("sleepScores.awakeCount.value", "Score of being awake, points"),
		text("sleepScores.remPercentage.qualifierKey", "Score of REM sleep"),
		f("sleepScores.remPercentage.value", "Score of REM sleep, points"),
		text("sleepScores.restlessness.qualifierKey", "Score of restlessness"),
		f("sleepScores.restlessness.value", "Score of restlessness, points"),
		text("sleepScores.lightPercentage.qualifierKey", "Score of light sleep"),
		f("sleepScores.lightPercentage.value", "Score of light sleep, points"),
		text("sleepScores.deepPercentage.qualifierKey", "Score of deep sleep"),
		f("sleepScores.deepPercentage.value", "Score of deep sleep, points"),
	},
	Tables: []Table{
		{Name: "naps", JSON: "naps", Title: "Naps", Fields: []Field{
			instant("napStartTimeInSeconds", "Start"), f("napOffsetInSeconds", "Offset"), f("napDurationInSeconds", "Length"), text("napValidation", "Validation"),
		}},
		{Name: "sleep_levels", JSON: "sleepLevelsMap", Title: "Sleep levels", rows: levelRows, Fields: []Field{
			text("level", "Level"), instant("startTimeInSeconds", "Start"), instant("endTimeInSeconds", "End"),
		}},
	},
	Series: []Series{
		{Name: "spo2", Label: "Blood oxygen asleep", Unit: health.Percent, Cadence: time.Minute, JSON: "timeOffsetSleepSpo2"},
		{Name: "respiration", Label: "Respiration asleep", Unit: health.BreathsPerMin, Cadence: time.Minute, JSON: "timeOffsetSleepRespiration"},
	},
	Metrics: []health.Metric{
		{Name: "sleep", Label: "Asleep", Unit: health.Second},
		{Name: "deep_sleep", Label: "Deep sleep", Unit: health.Second},
		{Name: "light_sleep", Label: "Light sleep", Unit: health.Second},
		{Name: "rem_sleep", Label: "REM sleep", Unit: health.Second},
		{Name: "awake_in_bed", Label: "Awake", Unit: health.Second},
		{Name: "naps", Label: "Naps", Unit: health.Second},
		{Name: "sleep_score", Label: "Sleep score"},
		{Name: "sleep_efficiency", Label: "Sleep efficiency", Unit: health.Percent,
			Rule: "Time asleep divided by time asleep and awake of the sleep that stands; Garmin sends no such number."},
	},
	identify: identifySleep,
	read:     readSleep,
}

// levels are the keys of sleepLevelsMap, deepest first.
var levels = []string{"deep", "light", "rem", "awake"}

// Level is a stretch of one sleep level, in unix seconds.
type Level struct {
	Name     string
	From, To int64
}

// Levels yields the sleep levels of an element, by level and then as sent.
func Levels(v element.Value) iter.Seq[Level] {
	return func(yield func(Level) bool) {
		for name, list := range v.Get("sleepLevelsMap").Members() {
			for item := range list.Items() {
				from, ok1 := item.Get("startTimeInSeconds").Int()
				to, ok2 := item.Get("endTimeInSeconds").Int()
				if ok1 && ok2 && !yield(Level{strings.ToLower(name), from, to}) {
					return
				}
			}
		}
	}
}

func levelRows(v element.Value) iter.Seq[element.Value] {
	return func(yield func(element.Value) bool) {
		for name, list := range v.Get("sleepLevelsMap").Members() {
			for item := range list.Items() {
				if !yield(item.With("level", name)) {
					return
				}
			}
		}
	}
}

// identifySleep ranks a version and finds the instant that it reaches.
// Duration leaves out being awake and what could not be measured, so the end
// is the last level's, or the sum of all that the element counts.
func identifySleep(v element.Value, d *Decoded) {
	d.Key = itoa(d.Start)
	d.Class = sleepClass(v.Get("validation").Text())
	var end int64
	for l := range Levels(v) {
		if l.To > end && l.To < d.Start+7*86400 {
			end = l.To
		}
	}
	if end <= d.Start {
		end = d.Start
		for _, name := range []string{"durationInSeconds", "awakeDurationInSeconds", "unmeasurableSleepInSeconds", "unmeasurableSleepDurationInSeconds"} {
			if n, ok := v.Get(name).Int(); ok && n > 0 && n < 7*86400 {
				end += n
			}
		}
	}
	d.End, d.Reach = end, end
}

// sleepClass ranks Garmin's validation words: whatever case, and open to new
// words, which count as tentative.
func sleepClass(word string) health.Class {
	switch word = strings.ToUpper(word); {
	case word == "MANUAL", word == "AUTO_MANUAL":
		return health.Edited
	case word == "OFF_WRIST":
		return health.OffWrist
	case word == "DEVICE", strings.HasSuffix(word, "_FINAL"):
		return health.Final
	}
	return health.Tentative
}

func readSleep(v element.Value, d *Decoded) {
	if d.Class == health.OffWrist {
		return // zero stages and empty maps: the watch was not worn
	}
	d.amount("sleep", v, "durationInSeconds")
	d.amount("deep_sleep", v, "deepSleepDurationInSeconds")
	d.amount("light_sleep", v, "lightSleepDurationInSeconds")
	d.amount("rem_sleep", v, "remSleepInSeconds", "remSleepDurationInSeconds")
	d.amount("awake_in_bed", v, "awakeDurationInSeconds")
	d.amount("naps", v, "totalNapDurationInSeconds")
	d.amount("sleep_score", v, "overallSleepScore.value")
	asleep, ok1 := v.Get("durationInSeconds").Float()
	awake, ok2 := v.Get("awakeDurationInSeconds").Float()
	if ok1 && ok2 && asleep > 0 && awake >= 0 {
		d.put("sleep_efficiency", 100*asleep/(asleep+awake))
	}
}
