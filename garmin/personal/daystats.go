package personal

import (
	"garner/garmin/element"
	"garner/health"
)

// The members of the rows of steps and of stress.
var (
	stepMembers = members{
		"calendarDate":  {},
		"totalSteps":    {"steps", nil},
		"totalDistance": {"distanceInMeters", nil},
		"stepGoal":      {"stepsGoal", nil},
	}
	stressMembers = members{
		"calendarDate":         {},
		"overallStressLevel":   {"averageStressLevel", nil},
		"restStressDuration":   {"restStressDurationInSeconds", nil},
		"lowStressDuration":    {"lowStressDurationInSeconds", nil},
		"mediumStressDuration": {"mediumStressDurationInSeconds", nil},
		"highStressDuration":   {"highStressDurationInSeconds", nil},
	}
)

// steps are rows with the steps of a day. Days without any are left out.
func (a *answer) steps() error {
	return a.statistics("dailies", func(e *object, day health.Day, v element.Value) bool {
		a.startOf(e, day, element.Value{}, element.Value{})
		e.take(v, stepMembers)
		return hasAny(v, "totalSteps", "totalDistance")
	})
}

// stress are rows with the stress of a day.
func (a *answer) stress() error {
	return a.statistics("dailies", func(e *object, day health.Day, v element.Value) bool {
		a.startOf(e, day, element.Value{}, element.Value{})
		e.take(v, stressMembers)
		stressTime(e, v)
		level, ok := v.Get("overallStressLevel").Float()
		return ok && level >= 0 || hasAny(v, "restStressDuration", "lowStressDuration", "mediumStressDuration",
			"highStressDuration")
	})
}

// stressTime is the time in stress, which the push has and these rows have not: all of it
// that is not rest.
func stressTime(e *object, v element.Value) {
	total := int64(0)
	for _, name := range []string{"lowStressDuration", "mediumStressDuration", "highStressDuration"} {
		n, ok := v.Get(name).Int()
		if !ok || n < 0 || n > mostOffset {
			return
		}
		total += n
	}
	e.int("stressDurationInSeconds", total)
}

// statistics reads rows of a date as elements of a type, with their values in the row
// itself or in an object called values. read reports whether there is any value.
func (a *answer) statistics(key string, read func(e *object, day health.Day, values element.Value) bool) error {
	rows, err := a.rows("data", "values")
	if err != nil {
		return err
	}
	for _, row := range rows {
		day, ok := date(row.Get("calendarDate"))
		if !ok || a.elsewhere(day) {
			continue
		}
		values := row
		if v := row.Get("values"); v.Kind() == element.Object {
			values = v
		}
		e := a.element()
		e.text("calendarDate", day.String())
		if !read(e, day, values) {
			a.found(day, Placeholder)
			continue
		}
		a.found(day, Data)
		a.add(key, e)
	}
	return nil
}
