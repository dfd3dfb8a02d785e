// Package element keeps one element of a delivery without loss and without
// waste: every name, every number literal and their order as sent, in memory
// as a small tree whose long series are columns, on disk as a compact packed
// form. It knows JSON and numbers, and nothing of Garmin.
package element

import (
	"crypto/sha256"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Kind says what a Value is.
type Kind uint8

// The kinds; a Value that is not there is Absent.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is one JSON value. The zero Value is Absent. Values are immutable and
// safe for concurrent reading.
type Value struct{ n node }

// node is one of nullNode, boolNode, Num, stringNode, *listNode, *objectNode,
// *pointsNode and *rowsNode.
type node interface{ kind() Kind }

type (
	nullNode   struct{}
	boolNode   bool
	stringNode string
	// listNode is an array.
	listNode struct{ items []Value }
	// objectNode is an object in the order sent.
	objectNode struct {
		names []string
		vals  []Value
	}
	// pointsNode is an object whose names are integers and whose values are
	// numbers.
	pointsNode struct {
		names  []int64
		nums   column
		sorted func() []int32
	}
)

func (nullNode) kind() Kind    { return Null }
func (boolNode) kind() Kind    { return Bool }
func (Num) kind() Kind         { return Number }
func (stringNode) kind() Kind  { return String }
func (*listNode) kind() Kind   { return Array }
func (*objectNode) kind() Kind { return Object }
func (*pointsNode) kind() Kind { return Object }
func (*rowsNode) kind() Kind   { return Array }

// Kind says what v is.
func (v Value) Kind() Kind {
	if v.n == nil {
		return Absent
	}
	return v.n.kind()
}

// Get is the member called name of an object, the last one where the name is
// repeated; Absent for anything else.
func (v Value) Get(name string) Value {
	switch n := v.n.(type) {
	case *objectNode:
		for i := len(n.names) - 1; i >= 0; i-- {
			if n.names[i] == name {
				return n.vals[i]
			}
		}
	case *pointsNode:
		at, ok := parseName([]byte(name))
		for i := len(n.names) - 1; ok && i >= 0; i-- {
			if n.names[i] == at {
				return Value{n.nums.at(i)}
			}
		}
	}
	return Value{}
}

// Path follows dotted names from object to object.
func (v Value) Path(names string) Value {
	for {
		name, rest, more := strings.Cut(names, ".")
		v = v.Get(name)
		if !more {
			return v
		}
		names = rest
	}
}

// Text is a string's content or any other scalar's literal; "" otherwise.
func (v Value) Text() string {
	switch n := v.n.(type) {
	case stringNode:
		return string(n)
	case Num:
		return string(n.AppendText(nil))
	case boolNode:
		return strconv.FormatBool(bool(n))
	case nullNode:
		return "null"
	}
	return ""
}

// Int reads a number, or a string that holds one, as an integer; fractions
// are cut off. It reports false for anything else and beyond the int64 range.
func (v Value) Int() (int64, bool) {
	if n, ok := v.n.(Num); ok && n.Literal == "" && n.Decimals == 0 {
		return n.Mantissa, true
	}
	f, ok := v.Float()
	if !ok || f >= math.MaxInt64 || f <= math.MinInt64 {
		return 0, false
	}
	if s, isText := v.n.(stringNode); isText {
		if i, err := strconv.ParseInt(strings.TrimSpace(string(s)), 10, 64); err == nil {
			return i, true
		}
	}
	return int64(f), true
}

// Float reads a number, or a string that holds one.
func (v Value) Float() (float64, bool) {
	switch n := v.n.(type) {
	case Num:
		f := n.Float()
		return f, !math.IsInf(f, 0)
	case stringNode:
		f, err := strconv.ParseFloat(strings.TrimSpace(string(n)), 64)
		return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	}
	return 0, false
}

// Bool reads true or false.
func (v Value) Bool() (value, ok bool) {
	b, ok := v.n.(boolNode)
	return bool(b), ok
}

// Len counts an array's items or an object's members.
func (v Value) Len() int {
	switch n := v.n.(type) {
	case *listNode:
		return len(n.items)
	case *rowsNode:
		return len(n.shapeOf)
	case *objectNode:
		return len(n.names)
	case *pointsNode:
		return len(n.names)
	}
	return 0
}

// Items yields an array's items.
func (v Value) Items() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		switch n := v.n.(type) {
		case *listNode:
			for _, item := range n.items {
				if !yield(item) {
					return
				}
			}
		case *rowsNode:
			n.each(func(o *objectNode) bool { return yield(Value{o}) })
		}
	}
}

// Members yields an object's members in the order sent.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		switch n := v.n.(type) {
		case *objectNode:
			for i, name := range n.names {
				if !yield(name, n.vals[i]) {
					return
				}
			}
		case *pointsNode:
			for i, name := range n.names {
				if !yield(strconv.FormatInt(name, 10), Value{n.nums.at(i)}) {
					return
				}
			}
		}
	}
}

// Points yields an object whose names are integers and whose values are
// numbers (Garmin's offset maps) in rising order of the names; members of any
// other form are left out. Of repeated names the last counts.
func (v Value) Points() iter.Seq2[int64, Num] {
	return func(yield func(int64, Num) bool) {
		n, ok := v.n.(*pointsNode)
		if !ok {
			n = pointsOf(v)
		}
		if order := n.sorted(); order != nil {
			for _, i := range order {
				if !yield(n.names[i], n.nums.at(int(i))) {
					return
				}
			}
			return
		}
		for i, name := range n.names {
			if !yield(name, n.nums.at(i)) {
				return
			}
		}
	}
}

// pointsOf picks the points out of an object that holds other members too.
func pointsOf(v Value) *pointsNode {
	n := &pointsNode{}
	for name, val := range v.Members() {
		at, ok := parseName([]byte(name))
		num, isNum := val.n.(Num)
		if ok && isNum {
			n.names = append(n.names, at)
			n.nums.add(num)
		}
	}
	n.finish()
	return n
}

// finish prepares the order of names, which is worked out when first asked
// for: most series come sorted.
func (n *pointsNode) finish() *pointsNode {
	n.sorted = sync.OnceValue(n.sort)
	return n
}

// sort gives the order in which to read, nil where it is the order sent.
func (n *pointsNode) sort() []int32 {
	rising := true
	for i := 1; i < len(n.names) && rising; i++ {
		rising = n.names[i-1] < n.names[i]
	}
	if rising {
		return nil
	}
	order := make([]int32, len(n.names))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch x, y := n.names[a], n.names[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	out := order[:0]
	for i, o := range order {
		if i+1 < len(order) && n.names[order[i+1]] == n.names[o] {
			continue // repeated later
		}
		out = append(out, o)
	}
	return out
}

// texts are reused by Sum.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// Sum is a hash of the content; it does not depend on white space, nor on the
// packed form, which may become another one day.
func (v Value) Sum() (out [16]byte) {
	buf := texts.Get().(*[]byte)
	*buf = v.AppendJSON((*buf)[:0])
	sum := sha256.Sum256(*buf)
	if cap(*buf) <= 1<<20 {
		texts.Put(buf)
	}
	copy(out[:], sum[:])
	return out
}
