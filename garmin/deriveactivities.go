package garmin

import (
	"cmp"
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// overlapRule is how the sums of a day count what was recorded twice.
const (
	overlapRule = "If several devices recorded at the same time, the longest recording counts, and of the others " +
		"only the part outside of it; parts of a multisport activity count with their parent."
	partRule = " Where the parent has none, its parts count, each on its day."
	sumRule  = "Sum over the day's activities. " + overlapRule + partRule
)

// derivedActivities are the sums over a day's activities.
var derivedActivities = []health.Metric{
	{Name: "activity_count", Label: "Activities",
		Rule: "Number of the day's activities. " + overlapRule +
			" An activity counts if at least half of it is outside of the longer ones."},
	{Name: "activity_time", Label: "Activity time", Unit: health.Second, Rule: sumRule},
	{Name: "activity_distance", Label: "Activity distance", Unit: health.Meter, Rule: sumRule},
	{Name: "activity_energy", Label: "Activity energy", Unit: health.Kilocalorie,
		Rule: "Sum over the day's activities, resting energy included. " + overlapRule + partRule},
	{Name: "activity_ascent", Label: "Ascent", Unit: health.Meter, Rule: sumRule, Height: true},
}

// OfActivities reports whether a metric sums up activities.
func OfActivities(metric string) bool {
	return slices.ContainsFunc(derivedActivities, func(m health.Metric) bool { return m.Name == metric })
}

// summedFields are the fields of an activity that are summed.
var summedFields = []struct{ metric, json string }{
	{"activity_time", "durationInSeconds"},
	{"activity_distance", "distanceInMeters"},
	{"activity_energy", "activeKilocalories"},
	{"activity_ascent", "totalElevationGainInMeters"},
}

// SummaryOf is the activity in the details next to their samples, with the same
// members as an activity. ok is false if there is none.
func SummaryOf(details element.Value) (activity element.Value, ok bool) {
	activity = details.Get("summary")
	return activity, activity.Kind() == element.Object && activity.Len() > 0
}

// PartOf is the id of the multisport activity that an activity is a part of;
// empty if it is not a part.
func PartOf(activity element.Value) string {
	if parent := scalar(activity.Get("parentSummaryId")); parent != "0" {
		return parent
	}
	return ""
}

// Wholes are the ids by which parts of multisport activities may refer to one of
// these. A part that refers to one of them is included in it; one whose parent has
// not come counts by itself.
func Wholes(activities []Part) map[string]bool {
	ids := map[string]bool{}
	for _, p := range activities {
		for _, id := range []string{p.Key, scalar(p.Value.Get("activityId")), scalar(p.Value.Get("summaryId"))} {
			ids[id] = true
		}
	}
	delete(ids, "")
	return ids
}

// DeriveActivities derives the sums of a day from its activities; those of the
// day before show of what they may be parts. The sums do not depend on the order
// of parts with the same values.
func DeriveActivities(day health.Day, activities []Part) []health.Reading {
	list, d := longestFirst(day, activities), Decoded{Day: day}
	if counted := CountedActivities(day, activities); len(counted) > 0 {
		d.put("activity_count", float64(len(counted)))
	}
	for _, field := range summedFields {
		has := func(p Part) bool { return amountOf(p, field.json) > 0 }
		counted := slices.DeleteFunc(slices.Clone(activities), func(p Part) bool { return !has(p) })
		d.sum(field.metric, field.json, outside(Wholes(counted), list))
	}
	return d.Readings
}

// CountedActivities are those of a day's activities that count in activity_count. The
// others are parts, or further recordings of one that counts.
func CountedActivities(day health.Day, activities []Part) (counted []Part) {
	eachShare(outside(Wholes(activities), longestFirst(day, activities)), func(p Part, share float64) {
		if share >= 0.5 {
			counted = append(counted, p)
		}
	})
	return counted
}

// longestFirst are the activities of a day, without simulated ones if there are real
// ones.
func longestFirst(day health.Day, activities []Part) []Part {
	list := slices.DeleteFunc(slices.Clone(activities), func(p Part) bool { return !p.of(day) })
	list = health.RealOnly(list, func(p Part) bool { return p.Simulated })
	slices.SortStableFunc(list, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Key, b.Key))
	})
	return list
}

// outside leaves out the parts of wholes.
func outside(wholes map[string]bool, list []Part) []Part {
	return slices.DeleteFunc(slices.Clone(list), func(p Part) bool { return wholes[PartOf(p.Value)] })
}

// sum adds up one field of those that have it. One without the field, such as a
// watch without distance next to a bike computer, does not reduce the others'.
func (d *Decoded) sum(metric, json string, list []Part) {
	have, zero := []Part{}, false
	for _, p := range list {
		x, ok := p.Value.Get(json).Float()
		if zero = zero || ok && x == 0; ok && x > 0 {
			have = append(have, p)
		}
	}
	if len(have) == 0 && !zero {
		return
	}
	total := 0.0
	eachShare(have, func(p Part, share float64) { total += amountOf(p, json) * share })
	d.put(metric, total)
}

func amountOf(p Part, json string) float64 {
	x, _ := p.Value.Get(json).Float()
	return x
}

// eachShare yields for each part which share of its time is not covered by earlier
// parts; all of it if it has no length.
func eachShare(list []Part, f func(p Part, share float64)) {
	var taken spans
	for _, p := range list {
		share := 1.0
		if length := p.End - p.Start; length > 0 {
			share = float64(length-taken.add(p.Start, p.End)) / float64(length)
		}
		f(p, share)
	}
}

// spans are separate spans of time, in order.
type spans []span

type span struct{ from, to int64 }

// add adds a span and returns how much of it was already covered.
func (s *spans) add(from, to int64) (before int64) {
	first, _ := slices.BinarySearchFunc(*s, from, func(x span, at int64) int { return cmp.Compare(x.to, at) })
	last, joined := first, span{from, to}
	for ; last < len(*s) && (*s)[last].from <= to; last++ {
		x := (*s)[last]
		before += max(0, min(x.to, to)-max(x.from, from))
		joined = span{min(joined.from, x.from), max(joined.to, x.to)}
	}
	*s = slices.Replace(*s, first, last, joined)
	return before
}
