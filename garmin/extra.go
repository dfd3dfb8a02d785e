package garmin

import (
	"garner/garmin/element"
)

// Extra returns the content of an element other than identity, fields, tables and
// series, as a JSON object; nil if there is none. So an export loses nothing that
// Garmin may add, nor what could not be read: a value that a column cannot
// take is here.
func (t *Type) Extra(v element.Value) []byte {
	l := &leftover{index: indexes[t], root: v}
	l.clock.readClock(t, v)
	return l.object(nil, v, "")
}

// leftover walks an element.
type leftover struct {
	*index
	root  element.Value
	clock Decoded
}

// object appends those members of an object that no column has; path is that of
// the object, with a dot at its end.
func (l *leftover) object(dst []byte, v element.Value, path string) []byte {
	begun := false
	for name, val := range v.Members() {
		if val.Kind() == element.Null && l.declared(path+name) {
			continue // an empty cell
		}
		if rest := l.member(nil, val, path+name); rest != nil {
			dst = appendName(dst, name, begun)
			dst = append(dst, rest...)
			begun = true
		}
	}
	if !begun {
		return dst
	}
	return append(dst, '}')
}

// member returns the part of one member that no column has; nil for none.
func (l *leftover) member(dst []byte, v element.Value, path string) []byte {
	if l.identity[path] && l.says(v, path) {
		return nil
	}
	if fd, ok := l.fields[path]; ok {
		if _, from := find(l.root, fd.JSON, fd.Aliases); from == path {
			return nil
		}
	}
	if table, ok := l.tables[path]; ok {
		if _, from := find(l.root, table.JSON, table.Aliases); from == path {
			return l.table(dst, v, table)
		}
	}
	if held, ok := l.lists[path]; ok && v.Kind() == element.Array {
		return items(dst, v, held)
	}
	if m := mapIn(v); l.series[path] && m.Kind() == element.Object {
		return beyondPoints(dst, m)
	}
	if l.above[path] && v.Kind() == element.Object {
		return l.object(dst, v, path+".")
	}
	return v.AppendJSON(dst)
}

// table returns the part of a list that the columns of its table do not have.
func (l *leftover) table(dst []byte, v element.Value, table *Table) []byte {
	if table.rows != nil {
		v = mapIn(v)
	}
	held := func(item element.Value, name string) bool {
		for i := range table.Fields {
			if _, from := find(item, table.Fields[i].JSON, table.Fields[i].Aliases); from == name {
				return true
			}
		}
		inner, ok := l.lists[table.JSON]
		return ok && inner(item, name)
	}
	switch {
	case table.rows == nil && v.Kind() == element.Array:
		return items(dst, v, held)
	case table.rows != nil && v.Kind() == element.Object: // lists by their names
		begun := false
		for name, list := range v.Members() {
			var rest []byte
			if list.Kind() == element.Array {
				rest = items(nil, list, held)
			} else {
				rest = list.AppendJSON(nil)
			}
			if rest != nil {
				dst, begun = append(appendName(dst, name, begun), rest...), true
			}
		}
		if !begun {
			return nil
		}
		return append(dst, '}')
	}
	return v.AppendJSON(dst)
}

// items appends a list with the rest of each item, {} for an item without a
// rest; nil if no item has one.
func items(dst []byte, list element.Value, held func(element.Value, string) bool) []byte {
	some, n := false, 0
	for item := range list.Items() {
		sep := byte(',')
		if n == 0 {
			sep = '['
		}
		n++
		dst = append(dst, sep)
		if item.Kind() != element.Object {
			dst, some = item.AppendJSON(dst), true
			continue
		}
		begun := false
		for name, val := range item.Members() {
			if !held(item, name) && val.Kind() != element.Null {
				dst, begun, some = val.AppendJSON(appendName(dst, name, begun)), true, true
			}
		}
		if !begun {
			dst = append(dst, '{')
		}
		dst = append(dst, '}')
	}
	if !some {
		return nil
	}
	return append(dst, ']')
}

// beyondPoints appends those members of a series that are not samples.
func beyondPoints(dst []byte, v element.Value) []byte {
	n := 0
	for at := range v.Points() {
		if at >= leastOffset && at <= mostOffset {
			n++
		}
	}
	if n == v.Len() {
		return nil
	}
	begun := false
	for name, val := range v.Members() {
		if val.Kind() != element.Null && (!isNumber(val) || !isOffset(name)) {
			dst, begun = val.AppendJSON(appendName(dst, name, begun)), true
		}
	}
	if !begun {
		return nil
	}
	return append(dst, '}')
}

// isNumber reports whether a value is a number, or a text that holds one.
func isNumber(v element.Value) bool {
	_, ok := v.Float()
	return ok
}

// appendName begins or continues an object with a member's name.
func appendName(dst []byte, name string, begun bool) []byte {
	if begun {
		dst = append(dst, ',')
	} else {
		dst = append(dst, '{')
	}
	return append(element.AppendQuoted(dst, name), ':')
}
