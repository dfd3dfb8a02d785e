package personal

import (
	"garner/garmin/element"
	"garner/health"
)

// hydrationMembers are those that a row has not as a value. hydration has Garmin's own
// names.
var hydrationMembers = members{"userProfilePK": {}, "userProfilePk": {}, "calendarDate": {}}

// hydration are rows of what was drunk on a day. Days without an entry are left out, or
// have a goal only.
func (a *answer) hydration() error {
	return a.statistics("hydration", func(e *object, _ health.Day, v element.Value) bool {
		e.take(v, hydrationMembers)
		return hasAny(v, "valueInML", "sweatLossInML", "activityIntakeInML")
	})
}
