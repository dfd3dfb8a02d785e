package garmin

import (
	"cmp"
	"maps"
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// Garmin may send an old day again with fewer samples than it once had
// (backfill). The fields are then those of the current version, and for each hour
// of a series the samples are those of the version that has most of them. By
// hours, so that the result does not depend on which versions are compared: of
// any set of versions the same one is the densest of an hour, in any order
// of arrival.
const blendHour = 3600_000 // ms

// mayBlend reports whether the samples of a version are compared with those of
// others. It depends on that version alone.
func mayBlend(v *health.Version) bool {
	return len(v.Body) > 0 && len(v.Body) <= health.MostBlendedBytes
}

// maps are the series that Garmin sends as offset maps.
func (t *Type) maps() (out []*Series) {
	for i := range t.Series {
		if t.Series[i].each == nil {
			out = append(out, &t.Series[i])
		}
	}
	return out
}

type timed struct {
	ms int64
	n  element.Num
}

// hours are the samples of one version's series, by hour.
type hours map[int64][]timed

func (s *Series) hours(v element.Value, start int64) hours {
	var all []timed
	s.Each(v, start, func(ms int64, n element.Num) bool {
		all = append(all, timed{ms, n})
		return true
	})
	slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.ms, b.ms) })
	out := hours{}
	for i := 0; i < len(all); {
		at, from := floor(all[i].ms, blendHour), i
		for i < len(all) && floor(all[i].ms, blendHour) == at {
			i++
		}
		out[at] = all[from:i:i]
	}
	return out
}

func floor(x, unit int64) int64 {
	q := x / unit
	if x%unit < 0 {
		q--
	}
	return q
}

// blend is the health.Blend of a type with offset maps.
func (t *Type) blend(versions []*health.Version) (*health.Version, []bool) {
	needed := make([]bool, len(versions))
	var list []*health.Version
	var at []int // their indexes
	for i, v := range versions {
		if mayBlend(v) && len(list) < 1+health.MostBlended {
			list, at = append(list, v), append(at, i)
		}
	}
	if len(list) == 0 {
		return versions[0], needed
	}
	top, wanted := t.blendFew(list)
	for i, w := range wanted {
		needed[at[i]] = w
	}
	if at[0] > 0 { // the current one is shown as sent
		return versions[0], needed
	}
	return top, needed
}

// blendFew blends versions that may all be blended.
func (t *Type) blendFew(versions []*health.Version) (*health.Version, []bool) {
	needed := make([]bool, len(versions))
	needed[0] = true
	if len(versions) == 1 {
		return versions[0], needed
	}
	values := make([]element.Value, len(versions))
	for i, v := range versions {
		var err error
		if values[i], err = element.Unpack(v.Body); err != nil && i == 0 {
			return v, needed
		}
	}
	body, changed := values[0], false
	for _, s := range t.maps() {
		all := make([]hours, len(versions))
		for i, v := range versions {
			all[i] = s.hours(values[i], v.Start)
		}
		points, denser := mix(all, versions[0], needed)
		if denser {
			body, changed = body.WithPoints(s.JSON, points), true
		}
	}
	if !changed {
		return versions[0], needed
	}
	return t.withBody(versions[0], body), needed
}

// withBody is a version with another body and the readings that it yields.
func (t *Type) withBody(v *health.Version, body element.Value) *health.Version {
	out := *v
	out.Body, out.Blended = body.AppendPacked(nil), true
	if d := t.Decode(body); d.Fault == "" {
		out.Readings = d.Readings
	}
	return &out
}

// mix selects hour by hour, and marks the versions that may be needed again. Nothing
// outside the span of the current version is added to it.
func mix(all []hours, top *health.Version, needed []bool) (points []element.Point, denser bool) {
	from, to := top.Start*1000, top.End*1000
	for _, list := range all[0] {
		to = max(to, list[len(list)-1].ms)
	}
	best := densest(all)
	for _, at := range slices.Sorted(maps.Keys(best)) { // samples of one instant stay in their order
		i := best[at]
		chosen := all[0][at]
		if i > 0 {
			needed[i] = true
			other := slices.DeleteFunc(slices.Clone(all[i][at]), func(s timed) bool { return s.ms < from || s.ms > to })
			if len(other) > len(chosen) {
				chosen, denser = other, true
			}
		}
		for _, s := range chosen {
			points = append(points, element.Point{At: s.ms/1000 - top.Start, Num: s.n})
		}
	}
	slices.SortStableFunc(points, func(a, b element.Point) int { return cmp.Compare(a.At, b.At) })
	return points, denser
}

// densest returns for each hour which version has most samples; of equals the
// greatest version.
func densest(all []hours) map[int64]int {
	out := map[int64]int{}
	for i, h := range all {
		for at, list := range h {
			if best, ok := out[at]; !ok || len(list) > len(all[best][at]) {
				out[at] = i
			}
		}
	}
	return out
}
