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
	o := &objectNode{}
	found := false
	for have, val := range v.Members() {
		if have == name {
			val, found = Value{n}, true
		}
		o.names, o.vals = append(o.names, have), append(o.vals, val)
	}
	if !found {
		o.names, o.vals = append(o.names, name), append(o.vals, Value{n})
	}
	return Value{o}
}
