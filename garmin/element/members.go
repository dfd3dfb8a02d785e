package element

import (
	"iter"
	"strconv"
	"strings"
)

// Get is the member called name of an object, the last one if the name is
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
