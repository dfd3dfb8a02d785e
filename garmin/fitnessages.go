package garmin

import (
	"slices"

	"garner/health"
)

// FitnessAges are the fitness age with its fraction, of which UserMetrics have the whole
// years, and its parts (Personal API). A part that is stale is older than Garmin wants
// it. The potential age is the one that improving this part would give.
var FitnessAges = &Type{
	Key: "fitnessAges", Title: "Fitness age", PersonalOnly: true,
	NaturalKey: []string{"calendarDate"}, clock: dateClock,
	Fields: slices.Concat(
		[]Field{
			fu("fitnessAge", "Fitness age", health.Year),
			fu("chronologicalAge", "Age", health.Year),
			fu("previousFitnessAge", "Fitness age before", health.Year),
			fu("achievableFitnessAge", "Achievable fitness age", health.Year),
		},
		agePart("rhr", "Resting heart rate", health.BPM),
		agePart("vigorousDaysAvg", "Vigorous days a week", health.None),
		agePart("vigorousMinutesAvg", "Vigorous minutes a week", health.Minute),
		agePart("bmi", "Body mass index", health.None),
		agePart("bodyFat", "Body fat", health.Percent),
	),
	Metrics:  fitnessAgeMetricFields.metrics(),
	identify: keyByDate,
	read:     fitnessAgeMetricFields.readDay,
}

// agePart are the fields of a part.
func agePart(name, label string, unit health.Unit) []Field {
	path := "components." + name
	return []Field{
		fu(path+".value", label, unit),
		flag(path+".stale", label+" is stale"),
		fu(path+".potentialAge", label+", potential age", health.Year),
	}
}

var fitnessAgeMetricFields = metricFields{
	vital("exact_fitness_age", "Fitness age with its fraction", health.Year, "fitnessAge").decimals(1),
	vital("achievable_fitness_age", "Achievable fitness age", health.Year, "achievableFitnessAge").decimals(1),
	vital("fitness_age_resting_heart_rate", "Fitness age: resting heart rate", health.BPM, "components.rhr.value"),
	amount("fitness_age_vigorous_days", "Fitness age: vigorous days a week", health.None,
		"components.vigorousDaysAvg.value").decimals(1),
	amount("fitness_age_vigorous", "Fitness age: vigorous minutes a week", health.Minute,
		"components.vigorousMinutesAvg.value"),
	vital("fitness_age_body_mass_index", "Fitness age: body mass index", health.None, "components.bmi.value").decimals(1),
	vital("fitness_age_body_fat", "Fitness age: body fat", health.Percent, "components.bodyFat.value").decimals(1),
}
