package garmin

import (
	"slices"

	"garner/health"
)

// FoodLogs are what a person entered as eaten on a day, with their goals (Personal
// API). The values of a food are those of one serving. Adjusted goals include the
// day's active energy.
var FoodLogs = &Type{
	Key: "foodLogs", Title: "Food", PersonalOnly: true,
	NaturalKey: []string{"calendarDate"}, clock: dateClock,
	Fields: []Field{
		f("consumedKilocalories", "Energy eaten"),
		f("consumedCarbsInGrams", "Carbohydrates eaten"),
		f("consumedProteinInGrams", "Protein eaten"),
		f("consumedFatInGrams", "Fat eaten"),
		f("goalKilocalories", "Energy, goal"),
		f("goalCarbsInGrams", "Carbohydrates, goal"),
		f("goalProteinInGrams", "Protein, goal"),
		f("goalFatInGrams", "Fat, goal"),
		f("adjustedGoalKilocalories", "Energy, adjusted goal"),
		f("adjustedGoalCarbsInGrams", "Carbohydrates, adjusted goal"),
		f("adjustedGoalProteinInGrams", "Protein, adjusted goal"),
		f("adjustedGoalFatInGrams", "Fat, adjusted goal"),
	},
	Tables: []Table{
		{Name: "meals", JSON: "meals", Title: "Meals", Fields: slices.Concat(mealName, mealFields)},
		{Name: "foods", JSON: "foods", Title: "Foods", Fields: slices.Concat(mealName, []Field{
			text("foodName", "Food"), text("brandName", "Brand"),
			f("servings", "Servings"), text("servingUnit", "Unit of a serving"),
			f("unitsPerServing", "Units in a serving"),
		}, mealFields)},
	},
	Metrics:  foodMetricFields.metrics(),
	identify: keyByDate,
	read:     foodMetricFields.readDay,
}

var mealName = []Field{text("mealName", "Meal")}

var mealFields = []Field{
	f("energyKilocalories", "Energy"), f("carbsInGrams", "Carbohydrates"), f("proteinInGrams", "Protein"),
	f("fatInGrams", "Fat"),
}

var foodMetricFields = metricFields{
	amount("food_energy", "Energy eaten", health.Kilocalorie, "consumedKilocalories"),
	amount("food_carbohydrates", "Carbohydrates eaten", health.Gram, "consumedCarbsInGrams"),
	amount("food_protein", "Protein eaten", health.Gram, "consumedProteinInGrams"),
	amount("food_fat", "Fat eaten", health.Gram, "consumedFatInGrams"),
}
