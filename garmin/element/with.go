package element

// With is an object with one more member, at its end; for rows of tables whose
// names are outside the rows.
func (v Value) With(name, text string) Value {
	o := &objectNode{}
	for have, val := range v.Members() {
		o.names, o.vals = append(o.names, have), append(o.vals, val)
	}
	o.names, o.vals = append(o.names, name), append(o.vals, Value{stringNode(text)})
	return Value{o}
}

// Point is one member of an offset map.
type Point struct {
	At  int64
	Num Num
}

// WithPoints is an object whose member of that name is an offset map of the
// points, in its place or, if there was none, at the end.
func (v Value) WithPoints(name string, points []Point) Value {
	n := &pointsNode{}
	for _, p := range points {
		n.names = append(n.names, p.At)
		n.nums.add(p.Num)
	}
	n.finish()
	return v.with(name, Value{n})
}

// NewObject is an object of these members, in order. It keeps both slices.
func NewObject(names []string, vals []Value) Value { return Value{&objectNode{names, vals}} }

// Value is the number as a Value.
func (n Num) Value() Value { return Value{n} }

// WithList is an object whose member of that name is a list of the items, in its place
// or, if there was none, at the end.
func (v Value) WithList(name string, items []Value) Value {
	return v.with(name, listOf(items))
}

// listOf keeps objects by column where Read would.
func listOf(items []Value) Value {
	if len(items) >= fewRows {
		n := &rowsNode{}
		for _, item := range items {
			o, isObject := item.n.(*objectNode)
			if !isObject || !n.add(o) {
				return Value{&listNode{items}}
			}
		}
		n.finish()
		return Value{n}
	}
	return Value{&listNode{items}}
}

// with replaces a member, or adds it at the end.
func (v Value) with(name string, member Value) Value {
	o := &objectNode{}
	found := false
	for have, val := range v.Members() {
		if have == name {
			val, found = member, true
		}
		o.names, o.vals = append(o.names, have), append(o.vals, val)
	}
	if !found {
		o.names, o.vals = append(o.names, name), append(o.vals, member)
	}
	return Value{o}
}
