package garmin

import (
	"slices"
	"time"

	"garner/garmin/element"
	"garner/health"
)

// Sleeps are one record per sleep, not per day (Health API). A sleep comes
// tentative first and final later, grows from sync to sync, changes its
// summaryId as it grows, and may be edited by hand. All versions that overlap
// are of one night.
var Sleeps = &Type{
	Key: "sleeps", Title: "Sleep", Permission: healthExport, Pull: "sleeps", Backfill: "sleeps",
	NaturalKey: []string{"startTimeInSeconds"}, Overlap: true, Rhythm: nightly, clock: spanClock,
	// The main sleep of a day decides which of several HRV records is the day's.
	Feeds: []health.Feed{{Family: health.FromSamples, Before: 1, Days: 2},
		{Family: health.FromNights, Days: health.UsualDays}},
	Fields: sleepFields,
	Tables: []Table{
		{Name: "naps", JSON: "naps", Title: "Naps", Fields: []Field{
			instant("napStartTimeInSeconds", "Start"), f("napOffsetInSeconds", "Offset"), f("napDurationInSeconds", "Length"),
			text("napValidation", "Validation"),
		}},
		{Name: "sleep_levels", JSON: "sleepLevelsMap", Title: "Sleep levels", rows: levelRows, Fields: []Field{
			text("level", "Level"), instant("startTimeInSeconds", "Start"), instant("endTimeInSeconds", "End"),
		}},
	},
	Series: []Series{
		{Name: "spo2", Label: "Blood oxygen asleep", Unit: health.Percent, Cadence: time.Minute, JSON: "timeOffsetSleepSpo2",
			Reason: StressReason},
		{Name: "respiration", Label: "Respiration asleep", Unit: health.BreathsPerMin, Cadence: time.Minute,
			JSON: "timeOffsetSleepRespiration", Reason: StressReason},
		{Name: "movement", Label: "Movement asleep", Cadence: time.Minute, JSON: "timeOffsetSleepMovement",
			Reason: StressReason},
	},
	Metrics: sleepMetricFields.metrics(health.Metric{
		Name: "sleep_efficiency", Label: "Sleep efficiency", Unit: health.Percent, Fold: health.OfMainSleep,
		Rule: "Time asleep as a share of time asleep and awake, of the current version; Garmin sends no such number.",
	}),
	identify: identifySleep,
	read:     readSleep,
}

var sleepFields = []Field{
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
	// The Personal API has these, Garmin's callbacks do not.
	f("awakeCount", "Times awake"),
	f("restlessMomentsCount", "Restless moments"),
	fu("avgHeartRate", "Average heart rate", health.BPM),
	f("avgSleepStress", "Average stress"),
	fu("averageRespirationValue", "Average respiration", health.BreathsPerMin),
	fu("lowestRespirationValue", "Lowest respiration", health.BreathsPerMin),
	fu("highestRespirationValue", "Highest respiration", health.BreathsPerMin),
	fu("averageSpO2Value", "Average blood oxygen", health.Percent),
	fu("lowestSpO2Value", "Lowest blood oxygen", health.Percent),
	f("bodyBatteryChange", "Body Battery charged"),
	fu("avgSkinTempDeviationC", "Skin temperature against baseline", health.Celsius).delta(),
	text("sleepScoreFeedback", "Feedback"),
	text("sleepScoreInsight", "Insight"),
	fu("sleepNeed.actual", "Sleep needed", health.Minute),
	fu("sleepNeed.baseline", "Sleep needed as a rule", health.Minute),
	text("sleepNeed.feedback", "Feedback on sleep needed"),
	fu("nextSleepNeed.actual", "Sleep needed next", health.Minute),
}

var sleepMetricFields = metricFields{
	amount("sleep", "Asleep", health.Second, "durationInSeconds"),
	amount("deep_sleep", "Deep sleep", health.Second, "deepSleepDurationInSeconds"),
	amount("light_sleep", "Light sleep", health.Second, "lightSleepDurationInSeconds"),
	amount("rem_sleep", "REM sleep", health.Second, "remSleepInSeconds").or("remSleepDurationInSeconds"),
	amount("awake_in_bed", "Awake", health.Second, "awakeDurationInSeconds"),
	amount("unmeasurable_sleep", "Sleep not measurable", health.Second,
		"unmeasurableSleepInSeconds").or("unmeasurableSleepDurationInSeconds"),
	amount("naps", "Naps", health.Second, "totalNapDurationInSeconds"),
	amount("sleep_score", "Sleep score", health.None, "overallSleepScore.value"),
	amount("times_awake", "Times awake", health.None, "awakeCount"),
	vital("sleep_heart_rate", "Heart rate asleep", health.BPM, "avgHeartRate"),
	vital("sleep_needed", "Sleep needed", health.Minute, "sleepNeed.actual"),
}.ofMainSleep()

// stageMetrics are the lengths of stages.
var stageMetrics = []string{"deep_sleep", "light_sleep", "rem_sleep", "awake_in_bed", "unmeasurable_sleep"}

// HasStages reports whether the stages of a sleep are known. One that was entered by hand, or
// is of a device without them, comes with 0 of each, which was not measured.
func HasStages(sleep element.Value) bool {
	return slices.ContainsFunc([]string{"deepSleepDurationInSeconds", "lightSleepDurationInSeconds", "remSleepInSeconds",
		"remSleepDurationInSeconds"}, func(name string) bool {
		x, _ := sleep.Get(name).Float()
		return x > 0
	})
}

func readSleep(v element.Value, d *Decoded) {
	if d.Class == health.OffWrist {
		return // zero stages and empty maps: the watch was not worn
	}
	sleepMetricFields.read(v, d)
	staged := HasStages(v)
	if !staged {
		d.Readings = slices.DeleteFunc(d.Readings, func(r health.Reading) bool {
			return r.Value == 0 && slices.Contains(stageMetrics, r.Metric)
		})
	}
	asleep, ok1 := v.Get("durationInSeconds").Float()
	awake, ok2 := v.Get("awakeDurationInSeconds").Float()
	if ok1 && ok2 && asleep > 0 && awake >= 0 && (staged || awake > 0) {
		d.put("sleep_efficiency", 100*asleep/(asleep+awake))
	}
}
