package personal

import "garner/garmin/element"

// mostAge is more than a fitness age in years can be.
const mostAge = 200

// fitnessAgeMembers are the members that are taken otherwise or not at all. The rest has
// Garmin's own names.
var fitnessAgeMembers = members{"lastUpdated": {}, "userProfilePK": {}, "userProfilePk": {},
	"calendarDate": {}, "components": {}}

// fitnessAge is the fitness age as of a day with the parts that it follows from. It
// belongs to the day on which Garmin last changed it (inferred), so that a day without a
// new one adds nothing.
func (a *answer) fitnessAge() error {
	v, err := a.object()
	if err != nil {
		return err
	}
	day, ok := a.day(v, "lastUpdated", "calendarDate")
	switch {
	case !ok || v.Len() == 0:
		return nil
	case !hasAny(v, "fitnessAge", "achievableFitnessAge"):
		a.found(a.From, Placeholder)
		return nil
	}
	a.found(a.From, Data)
	if age, ok := v.Get("fitnessAge").Float(); ok && age > 0 && age < mostAge {
		e := a.element()
		e.text("calendarDate", day.String())
		e.int("fitnessAge", int64(age)) // the push has whole years
		a.add("userMetrics", e)
	}
	e := a.element()
	e.text("calendarDate", day.String())
	e.object("components", ageComponents(v.Get("components")))
	e.take(v, fitnessAgeMembers)
	a.add("fitnessAges", e)
	return nil
}

// ageComponents are the parts, without nulls.
func ageComponents(v element.Value) *object {
	out := nested()
	for name, part := range v.Members() {
		component := nested()
		component.take(part, nil)
		out.object(name, component)
	}
	return out
}
