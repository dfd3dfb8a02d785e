package garmin

import (
	"garner/garmin/element"
	"garner/health"
)

// MCT is menstrual cycle tracking (Women's Health API). The newest account of
// a cycle is the one last updated.
var MCT = &Type{
	Key: "mct", Title: "Menstrual cycle", Permission: mctExport, Pull: "mct", Backfill: "mct",
	NaturalKey: []string{"periodStartDate"}, clock: dateClock,
	Fields: []Field{
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
		text("pregnancySnapshot.title", "Pregnancy"),
		date("pregnancySnapshot.originalDueDate", "Original due date"),
		date("pregnancySnapshot.dueDate", "Due date"),
		date("pregnancySnapshot.pregnancyCycleStartDate", "Pregnancy cycle began"),
		text("pregnancySnapshot.numOfBabies", "Number of babies"),
		f("pregnancySnapshot.weightGoalUserInput.heightInCentimeters", "Height"),
		f("pregnancySnapshot.weightGoalUserInput.weightInGrams", "Weight"),
	},
	Tables: []Table{{Name: "blood_glucose", JSON: "pregnancySnapshot.bloodGlucoseList", Title: "Blood glucose", Fields: []Field{
		f("valueInMilligramsPerDeciliter", "Value"), text("logType", "When"), instant("reportTimestampInSeconds", "Reported"),
	}}},
	Metrics: []health.Metric{{Name: "cycle_length", Label: "Length of cycle", Unit: health.Days}},
	identify: func(v element.Value, d *Decoded) {
		day, err := health.ParseDay(v.Get("periodStartDate").Text())
		if err != nil {
			return // Decode says that the key is missing
		}
		d.Key, d.Day = day.String(), day
		d.Reach, _ = v.Get("lastUpdatedTimeInSeconds").Int()
	},
	read: func(v element.Value, d *Decoded) { d.positive("cycle_length", v, "cycleLength") },
}
