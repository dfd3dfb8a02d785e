package personal

import (
	"math"
	"strconv"

	"garner/garmin/element"
)

// object is a JSON object in the making. A name counts once: what comes second is left
// out, and so are nulls and members that mean something to Garner itself.
type object struct {
	buf  []byte
	has  map[string]bool
	size int
}

// reserved members of Garmin's answers are never those of an element: there they say
// whose it is, when it was uploaded, that it must be fetched, or that it is simulated.
var reserved = []string{"userId", "userAccessToken", "summaryId", "callbackURL", "uploadStartTimeInSeconds",
	"uploadEndTimeInSeconds", "garnerPing"}

// element is an element about the person, without any other member.
func (a *answer) element() *object {
	e := nested()
	e.text("userId", a.UserID)
	for _, name := range reserved {
		e.has[name] = true
	}
	return e
}

// nested is an object inside an element.
func nested() *object { return &object{has: map[string]bool{}} }

// json is the object as JSON.
func (o *object) json() []byte {
	if len(o.buf) == 0 {
		return []byte("{}")
	}
	return append(o.buf[:len(o.buf):len(o.buf)], '}')
}

// empty reports whether nothing was set, but for the person.
func (o *object) empty() bool { return o.size == 0 || o.size == 1 && o.has["userId"] }

// open begins a member, if the name is free.
func (o *object) open(name string) bool {
	if name == "" || o.has[name] {
		return false
	}
	separator := byte(',')
	if len(o.buf) == 0 {
		separator = '{'
	}
	o.has[name] = true
	o.size++
	o.buf = append(element.AppendQuoted(append(o.buf, separator), name), ':')
	return true
}

// set sets a member to a value as sent. Nulls and absent values set nothing.
func (o *object) set(name string, v element.Value) {
	if v.Kind() > element.Null && o.open(name) {
		o.buf = v.AppendJSON(o.buf)
	}
}

func (o *object) text(name, s string) {
	if o.open(name) {
		o.buf = element.AppendQuoted(o.buf, s)
	}
}

func (o *object) int(name string, n int64) {
	if o.open(name) {
		o.buf = strconv.AppendInt(o.buf, n, 10)
	}
}

func (o *object) bool(name string, yes bool) {
	if o.open(name) {
		o.buf = strconv.AppendBool(o.buf, yes)
	}
}

// object sets a member to an object, unless that is empty.
func (o *object) object(name string, n *object) {
	if !n.empty() && o.open(name) {
		o.buf = append(o.buf, n.json()...)
	}
}

// list sets a member to a list of objects, unless there are none.
func (o *object) list(name string, items []*object) {
	if len(items) == 0 || !o.open(name) {
		return
	}
	for i, item := range items {
		separator := byte(',')
		if i == 0 {
			separator = '['
		}
		o.buf = append(append(o.buf, separator), item.json()...)
	}
	o.buf = append(o.buf, ']')
}

// as says how a member is taken: under which name, and with which change of its value, if
// the unit differs. One without a name is left out.
type as struct {
	name string
	by   func(element.Value) element.Value
}

// members says how the members of an object are taken.
type members map[string]as

// take sets the members of an object as sent: first those in the table, then all others
// under their own names. What is set already stays.
func (o *object) take(from element.Value, table members) {
	for name, v := range from.Members() {
		m, listed := table[name]
		switch {
		case !listed:
		case m.by != nil:
			o.set(m.name, m.by(v))
		default:
			o.set(m.name, v)
		}
	}
	for name, v := range from.Members() {
		if _, listed := table[name]; !listed {
			o.set(name, v)
		}
	}
}

// times is a change of unit to one that is n times smaller.
func times(n float64) func(element.Value) element.Value {
	return func(v element.Value) element.Value { return scaled(v, n, 1) }
}

// over is a change of unit to one that is n times larger.
func over(n float64) func(element.Value) element.Value {
	return func(v element.Value) element.Value { return scaled(v, 1, n) }
}

// scaled is a number times one number over another; what is no number is left out.
func scaled(v element.Value, by, over float64) element.Value {
	x, ok := v.Float()
	if x = x * by / over; !ok || math.IsInf(x, 0) || math.IsNaN(x) {
		return element.Value{}
	}
	return element.Num{Literal: strconv.FormatFloat(x, 'f', -1, 64)}.Value()
}

// notZero leaves out a zero.
func notZero(v element.Value) element.Value {
	if x, ok := v.Float(); ok && x == 0 {
		return element.Value{}
	}
	return v
}

// hasAny reports whether an object has any of the members, with a value.
func hasAny(v element.Value, names ...string) bool {
	for _, name := range names {
		if v.Path(name).Kind() > element.Null {
			return true
		}
	}
	return false
}

// first is the first of some members, by dotted names, that has a value.
func first(v element.Value, names ...string) element.Value {
	for _, name := range names {
		if got := v.Path(name); got.Kind() > element.Null {
			return got
		}
	}
	return element.Value{}
}
