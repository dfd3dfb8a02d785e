package garmin

import "garner/health"

// Hydration is what a person entered as drunk on a day, and what sweat cost them
// (Personal API).
var Hydration = &Type{
	Key: "hydration", Title: "Hydration", PersonalOnly: true,
	NaturalKey: []string{"calendarDate"}, clock: dateClock,
	Fields: []Field{
		f("valueInML", "Drunk"),
		f("goalInML", "Goal"),
		f("sweatLossInML", "Sweat loss"),
		f("activityIntakeInML", "Drunk during activities"),
		text("lastEntryTimestampLocal", "Last entry, local time"),
	},
	Metrics:  hydrationMetricFields.metrics(),
	identify: keyByDate,
	read:     hydrationMetricFields.readDay,
}

var hydrationMetricFields = metricFields{
	amount("hydration", "Drunk", health.Milliliter, "valueInML"),
	amount("sweat_loss", "Sweat loss", health.Milliliter, "sweatLossInML"),
}
