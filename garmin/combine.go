package garmin

import (
	"slices"

	"garner/garmin/element"
	"garner/health"
)

// combine is the health.Blend of types whose records several sources may describe. The
// versions of each source are blended among themselves. What is shown is the version of
// the first source, and of each field, list and series that it lacks that of the next
// source that has it.
func (t *Type) combine(versions []*health.Version) (*health.Version, []bool) {
	needed := make([]bool, len(versions))
	var tops []*health.Version
	for _, source := range sourcesOf(versions) {
		var of []*health.Version
		var at []int // their indexes
		for i, v := range versions {
			if v.Order.Source == source {
				of, at = append(of, v), append(at, i)
			}
		}
		top, wanted := t.withinSource(of)
		for i, w := range wanted {
			needed[at[i]] = w
		}
		tops = append(tops, top)
	}
	return t.fill(tops), needed
}

// sourcesOf are the sources of versions that are sorted greatest first, in the order of
// their greatest.
func sourcesOf(versions []*health.Version) (out []health.Source) {
	for _, v := range versions {
		if !slices.Contains(out, v.Order.Source) {
			out = append(out, v.Order.Source)
		}
	}
	return out
}

// withinSource blends the versions of one source. Its greatest is needed for as long as
// it can be combined with others.
func (t *Type) withinSource(versions []*health.Version) (*health.Version, []bool) {
	switch {
	case t.sampled:
		return t.blendSamples(versions)
	case len(t.maps()) > 0:
		return t.blend(versions)
	}
	needed := make([]bool, len(versions))
	needed[0] = mayBlend(versions[0])
	return versions[0], needed
}

// fill returns the first version with what it lacks of the others.
func (t *Type) fill(tops []*health.Version) *health.Version {
	first := tops[0]
	if len(tops) == 1 || !t.mayCombine(first) {
		return first
	}
	body, err := element.Unpack(first.Body)
	if err != nil {
		return first
	}
	var others health.Origins
	for _, v := range tops[1:] {
		if !t.mayCombine(v) {
			continue
		}
		more, err := element.Unpack(v.Body)
		if err != nil {
			continue
		}
		f := filler{x: indexes[t], shift: v.Start - first.Start}
		if filled := f.object(body, more, ""); f.filled {
			body, others = filled, others|v.Origin.Of()
		}
	}
	if others == 0 {
		return first
	}
	out := t.withBody(first, body)
	out.Blended, out.Others = first.Blended, others&^first.Origin.Of()
	return out
}

// mayCombine is mayBlend, with the limit of the type.
func (t *Type) mayCombine(v *health.Version) bool {
	if t.sampled {
		return len(v.Body) > 0 && len(v.Body) <= health.MostSampleBytes
	}
	return mayBlend(v)
}

// filler adds to an object what it lacks of another.
type filler struct {
	x      *index
	shift  int64 // seconds from the start of the first record to that of the other
	filled bool
}

// object fills an object at a path ("" for the element).
func (f *filler) object(have, more element.Value, above string) element.Value {
	var names []string
	var vals []element.Value
	for name, val := range have.Members() {
		names, vals = append(names, name), append(vals, val)
	}
	for name, val := range more.Members() {
		path := above + name
		at := slices.Index(names, name)
		switch {
		case f.x.identity[path] || val.Kind() <= element.Null || empty(val):
		case at >= 0 && f.nested(path, vals[at], val):
			vals[at] = f.object(vals[at], val, path+".")
		case at >= 0 && !lacking(vals[at]) || f.hasAlias(have, path, above):
		default:
			val, f.filled = f.moved(path, val), true
			if at >= 0 {
				vals[at] = val
			} else {
				names, vals = append(names, name), append(vals, val)
			}
		}
	}
	if !f.filled {
		return have
	}
	return element.NewObject(names, vals)
}

func lacking(v element.Value) bool { return v.Kind() <= element.Null || empty(v) }

// empty lists and objects are no data.
func empty(v element.Value) bool {
	return (v.Kind() == element.Object || v.Kind() == element.Array) && v.Len() == 0
}

// nested reports whether two objects are filled member by member: not lists of rows and
// series, which come from one source as a whole.
func (f *filler) nested(path string, have, more element.Value) bool {
	_, table := f.x.tables[path]
	return have.Kind() == element.Object && more.Kind() == element.Object && f.x.above[path] && !table && !f.x.series[path]
}

// hasAlias reports whether an object has a field by another of its names.
func (f *filler) hasAlias(have element.Value, path, above string) bool {
	has := func(json string) bool {
		return len(json) > len(above) && json[:len(above)] == above && !lacking(have.Path(json[len(above):]))
	}
	if field := f.x.fields[path]; field != nil {
		return has(field.JSON) || slices.ContainsFunc(field.Aliases, has)
	}
	if table := f.x.tables[path]; table != nil {
		return has(table.JSON) || slices.ContainsFunc(table.Aliases, has)
	}
	return false
}

// moved is a member as seen from the start of the first record: samples are by seconds
// after the start.
func (f *filler) moved(path string, val element.Value) element.Value {
	if !f.x.series[path] || f.shift == 0 {
		return val
	}
	var points []element.Point
	for at, n := range pointsIn(val) {
		points = append(points, element.Point{At: at + f.shift, Num: n})
	}
	return element.NewObject(nil, nil).WithPoints("m", points).Get("m")
}
