package garmin

import (
	"iter"
	"strings"

	"garner/garmin/element"
)

// longestMap limits the tree of a map that came as a text; the text itself is
// limited by Limits.TextBytes.
const longestMap = 64 << 20

// mapIn is a map of an element: an object, or the object whose JSON is in a text,
// as in Garmin's own examples. Anything else is returned as it is.
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

// pointsIn yields the points of a map in either form.
func pointsIn(v element.Value) iter.Seq2[int64, element.Num] { return mapIn(v).Points() }
