package garmin

import "garner/garmin/element"

// WeightGoals are the weights that a person wants to reach (Personal API). A goal belongs
// to the day on which it began, and is found again by that day and its category.
var WeightGoals = &Type{
	Key: "weightGoals", Title: "Weight goal", PersonalOnly: true,
	NaturalKey: []string{"startDate", "category"}, clock: clock{dated: true, date: "startDate"},
	Fields: []Field{
		text("category", "Kind"),
		f("goalValueInGrams", "Goal"),
		text("period", "Period"),
		date("endDate", "Last day"),
	},
	identify: func(v element.Value, d *Decoded) {
		if keyByDate(v, d); d.Fault != "" {
			d.Fault = "no date on which the goal began"
			return
		}
		d.Key += " " + scalar(v.Get("category"))
	},
}
