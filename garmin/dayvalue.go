package garmin

import "garner/health"

// DayValue is a metric's value of one day, from readings of that day in the order
// of their records, and the index of the reading that it is (for a sum, of the
// last). If two types have the metric, only the one that comes first in Types
// counts: Garmin moved some from one to the other, and sent both for a
// while. main is where the main sleeps begin, from health.MainSleeps.
func DayValue(m health.Metric, readings []health.Reading, main map[health.Day]int64) (value float64, at int, ok bool) {
	places := map[string][]int{}
	for i, r := range readings {
		if r.Metric == m.Name && m.Counts(r, main) {
			places[r.Type] = append(places[r.Type], i)
		}
	}
	of, ok := firstOf(places)
	if !ok {
		return 0, 0, false
	}
	list := make([]health.Reading, len(of))
	for i, place := range of {
		list[i] = readings[place]
	}
	value, from, ok := m.OfDay(list, main[list[0].Day])
	return value, of[from], ok
}

// firstOf finds the indexes of the type that comes first; metrics derived across
// records have no type and come before all.
func firstOf(places map[string][]int) ([]int, bool) {
	if of, ok := places[""]; ok {
		return of, true
	}
	for _, t := range Types {
		if of, ok := places[t.Key]; ok {
			return of, true
		}
	}
	return nil, false
}
