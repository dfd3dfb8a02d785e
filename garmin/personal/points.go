package personal

import (
	"slices"
	"strconv"
	"strings"

	"garner/garmin/element"
)

// point is a sample: unix milliseconds, and the number as sent.
type point struct {
	ms int64
	v  element.Value
}

// columns are where rows like [ms, value] have their time and their value.
type columns struct{ time, value int }

// described finds the columns in a list of descriptors, objects with an index and a key
// of various names. The value's key contains word, ignoring case. Without descriptors, or
// without these keys, the columns are as given.
func (c columns) described(descriptors element.Value, word string) columns {
	for d := range descriptors.Items() {
		key, index := "", int64(-1)
		for name, v := range d.Members() {
			switch name = strings.ToLower(name); {
			case strings.HasSuffix(name, "key"):
				key = strings.ToLower(v.Text())
			case strings.HasSuffix(name, "index"):
				if n, ok := v.Int(); ok {
					index = n
				}
			}
		}
		switch {
		case index < 0 || index > 100:
		case strings.Contains(key, "timestamp"):
			c.time = int(index)
		case strings.Contains(key, word):
			c.value = int(index)
		}
	}
	return c
}

// points reads rows of columns. Rows without a number are left out.
func (c columns) points(rows element.Value) (out []point) {
	for row := range rows.Items() {
		at, v, i := element.Value{}, element.Value{}, 0
		for cell := range row.Items() {
			if i == c.time {
				at = cell
			}
			if i == c.value {
				v = cell
			}
			i++
		}
		out = appendPoint(out, at, v)
	}
	return out
}

// pointsOf reads objects with a time and a value, by the names of their members.
func pointsOf(rows element.Value, at, value string) (out []point) {
	for row := range rows.Items() {
		out = appendPoint(out, row.Get(at), row.Get(value))
	}
	return out
}

func appendPoint(to []point, at, v element.Value) []point {
	ms, ok := instant(at)
	if _, isNumber := v.Float(); !ok || !isNumber || v.Kind() != element.Number {
		return to
	}
	return append(to, point{ms, v})
}

// longestRun is how far a sample may be from the start of its record, in seconds.
const longestRun = 2 * 86400

// points sets a member to an object of numbers by seconds after start (unix seconds), in
// rising order, unless there are none. Of several of one second the last counts.
func (o *object) points(name string, start int64, list []point) {
	byOffset := map[int64]element.Value{}
	var offsets []int64
	for _, p := range list {
		at := floorDiv(p.ms, 1000) - start
		if at < 0 || at > longestRun {
			continue
		}
		if _, again := byOffset[at]; !again {
			offsets = append(offsets, at)
		}
		byOffset[at] = p.v
	}
	if len(offsets) == 0 {
		return
	}
	slices.Sort(offsets)
	n := nested()
	for _, at := range offsets {
		n.set(strconv.FormatInt(at, 10), byOffset[at])
	}
	o.object(name, n)
}
