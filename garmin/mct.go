package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// MCT is menstrual cycle tracking (Women's Health API). Of the versions of
// a cycle the one last updated is current. The part about pregnancy is based on
// one source only.
var MCT = &Type{
	Key: "mct", Title: "Menstrual cycle", Permission: mctExport, Pull: "mct", Backfill: "mct",
	NaturalKey: []string{"periodStartDate"}, clock: clock{dated: true, date: "periodStartDate"},
	Fields: cycleFields,
	Tables: []Table{{Name: "blood_glucose", JSON: "pregnancySnapshot.bloodGlucoseList", Title: "Blood glucose",
		Fields: []Field{
			f("valueInMilligramsPerDeciliter", "Value"), text("logType", "When"),
			instant("reportTimestampInSeconds", "Reported"),
		}}},
	Metrics: cycleMetricFields.metrics(),
	identify: func(v element.Value, d *Decoded) {
		if keyByDate(v, d); d.Fault != "" {
			d.Fault = "no date on which the period began"
			return
		}
		if at, ok := v.Get("lastUpdatedTimeInSeconds").Int(); ok && believable(at) {
			d.Reach = at
		}
	},
	read: cycleMetricFields.readDay,
}

var cycleMetricFields = metricFields{
	vital("cycle_length", "Length of cycle", health.Days, "cycleLength"),
	vital("period_length", "Length of period", health.Days, "periodLength"),
}

var cycleFields = []Field{
	date("periodStartDate", "Period began"),
	f("dayInCycle", "Day in cycle"),
	fu("periodLength", "Length of period", health.Days),
	f("currentPhase", "Phase"),
	text("currentPhaseType", "Phase in a word"),
	fu("lengthOfCurrentPhase", "Length of phase", health.Days),
	f("daysUntilNextPhase", "Days until next phase"),
	f("fertileWindowStart", "Fertile window, first day"),
	fu("lengthOfFertileWindow", "Length of fertile window", health.Days),
	fu("predictedCycleLength", "Predicted length of cycle", health.Days),
	fu("cycleLength", "Length of cycle", health.Days),
	flag("isPredictedCycle", "Predicted"),
	flag("hasSpecifiedCycleLength", "Length of cycle was given"),
	flag("hasSpecifiedPeriodLength", "Length of period was given"),
	instant("lastUpdatedTimeInSeconds", "Last updated"),
	// Newer data has these three; it is not documented whether next to the snapshot
	// or within it.
	date("deliveryDate", "Delivered on"),
	flag("hasExperiencedLoss", "Loss"),
	flag("stopTracking", "Tracking ended"),
	date("pregnancySnapshot.deliveryDate", "Delivered on"),
	flag("pregnancySnapshot.hasExperiencedLoss", "Loss"),
	flag("pregnancySnapshot.stopTracking", "Tracking ended"),
	text("pregnancySnapshot.title", "Pregnancy"),
	date("pregnancySnapshot.originalDueDate", "Original due date"),
	date("pregnancySnapshot.dueDate", "Due date"),
	date("pregnancySnapshot.pregnancyCycleStartDate", "Pregnancy cycle began"),
	text("pregnancySnapshot.numOfBabies", "Number of babies"),
	f("pregnancySnapshot.weightGoalUserInput.heightInCentimeters", "Height"),
	f("pregnancySnapshot.weightGoalUserInput.weightInGrams", "Weight"),
}
