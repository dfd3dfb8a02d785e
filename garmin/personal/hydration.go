package personal

import "garner/garmin/element"

// hydrationMembers are the members of a row. hydration has Garmin's own names.
var hydrationMembers = members{"userId": {}, "calendarDate": {}}

// hydration are rows of what was drunk on a day. Days without an entry are left out, or
// have a goal only.
func (a *answer) hydration() error {
	return a.statistics("hydration", func(e *object, v element.Value) bool {
		e.take(v, hydrationMembers)
		return hasAny(v, "valueInML", "sweatLossInML", "activityIntakeInML")
	})
}
