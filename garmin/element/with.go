package element

// With is an object with one member more, at its end; for rows of tables whose
// names stand outside the rows.
func (v Value) With(name, text string) Value {
	o := &objectNode{}
	for have, val := range v.Members() {
		o.names, o.vals = append(o.names, have), append(o.vals, val)
	}
	o.names, o.vals = append(o.names, name), append(o.vals, Value{stringNode(text)})
	return Value{o}
}
