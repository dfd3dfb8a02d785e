package query

import (
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// private are the types that are never shared: only the person themselves reads them,
// and the operator. A goal of weight may say that it is of a pregnancy. Delivery facts
// are not private.
var private = []*garmin.Type{garmin.MCT, garmin.WeightGoals}

func isPrivate(typ string) bool {
	return slices.ContainsFunc(private, func(t *garmin.Type) bool { return t.Key == typ })
}

// isPrivateMetric reports whether a metric comes from a private type.
func isPrivateMetric(name string) bool {
	return slices.ContainsFunc(private, func(t *garmin.Type) bool {
		return slices.ContainsFunc(t.Metrics, func(m health.Metric) bool { return m.Name == name })
	})
}

// readsPrivate reports whether the viewer reads the private types of a person.
func (v Viewer) readsPrivate(person int64) bool {
	return v.readsOf(person) == nil && (v.all || person == v.self)
}

// hides reports whether a type of a person is hidden from a viewer who may read other
// values of the person.
func (v Viewer) hides(person int64, typ string) bool {
	return isPrivate(typ) && !v.readsPrivate(person)
}

// shown are the readings that are not hidden from the viewer.
func (v Viewer) shown(person int64, list []health.Reading) []health.Reading {
	return slices.DeleteFunc(list, func(r health.Reading) bool { return v.hides(person, r.Type) })
}

// offersPrivate reports whether pages of many metrics, such as Day, Trends and Calendar, have
// the private ones of a person too: not before the person has switched them on. Records,
// exports and the API have everything that the viewer reads.
func (v Viewer) offersPrivate(person *db.Person) bool {
	return person.WomensHealth && v.readsPrivate(person.ID)
}

// offeredMetrics are those that pages of many metrics have.
func (v Viewer) offeredMetrics(person *db.Person, list []health.Metric) []health.Metric {
	return slices.DeleteFunc(list, func(m health.Metric) bool {
		return isPrivateMetric(m.Name) && !v.offersPrivate(person)
	})
}
