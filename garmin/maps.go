package garmin

import (
	"iter"
	"strings"

	"garner/garmin/element"
)

// longestMap bounds the tree of a map that came as a text; the text itself is
// bounded by Limits.TextBytes.
const longestMap = 64 << 20

// mapIn is a map of an element: an object, or the object whose JSON a text
// holds, as Garmin's own examples print maps. Anything else is given back.
func mapIn(v element.Value) element.Value {
	if v.Kind() != element.String || !strings.HasPrefix(strings.TrimSpace(v.Text()), "{") {
		return v
	}
	if m, err := readText(v.Text(), element.Limits{Depth: 4, Bytes: longestMap}); err == nil &&
		m.Kind() == element.Object {
		return m
	}
	return v
}

// pointsIn yields the points of a map, whichever way it came.
func pointsIn(v element.Value) iter.Seq2[int64, element.Num] { return mapIn(v).Points() }
