package garmin

import "garner/health"

// DayValue is a metric's value of one day, of readings of that day in the order
// of their records, and the place of the reading that it is (of a sum, of the
// last). Where two types have the metric, the one that stands first in Types
// counts alone: Garmin moved some from one to the other, and sent both for a
// while. main is where the main sleeps begin, as health.MainSleeps gives it.
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

// firstOf finds the places of the type that stands first; what is derived
// across records has none and stands before all.
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
