package element

import "encoding/binary"

// fewRows is how many objects an array must have to be kept by column.
const fewRows = 4

// Arrays of objects with more than this many different names or shapes are
// kept as values.
const (
	maxColumns = 250
	maxShapes  = 250
)

// rowsNode is an array of flat objects, kept by column. A shape is the ordered
// list of an object's cells; objects of one shape differ in their values only.
type rowsNode struct {
	shapes  []shape
	shapeOf []uint8
	names   []string
	numbers []column  // by name
	others  [][]Value // by name: strings, booleans, nulls
	size    int       // the memory of all this

	index  map[string]int // of names, while building
	lookup map[string]int // of shapes, while building
	key    []byte
}

// shape holds two entries per cell: the name's number, doubled, plus one if
// the cell is no number.
type shape []uint16

func (*rowsNode) kind() Kind { return Array }

// add adds an object. It returns false, and adds nothing, if the object is not
// flat or repeats a name.
func (n *rowsNode) add(o *objectNode) bool {
	if n.index == nil {
		n.index, n.lookup = map[string]int{}, map[string]int{}
		n.size += costRows
	}
	s, ok := n.shape(o)
	if !ok {
		return false
	}
	for i, v := range o.vals {
		c := n.shapes[s][i] >> 1
		if num, isNum := v.n.(Num); isNum {
			n.size += n.numbers[c].add(num)
		} else {
			n.others[c] = push(&n.size, n.others[c], v)
			n.size += costOther(v)
		}
	}
	n.shapeOf = push(&n.size, n.shapeOf, uint8(s))
	return true
}

// costOther is the memory of a value that is not a number, without its slot.
func costOther(v Value) int {
	if s, ok := v.n.(stringNode); ok {
		return 2*costText + len(s)
	}
	return 0
}

// shape finds or makes the shape of an object.
func (n *rowsNode) shape(o *objectNode) (int, bool) {
	key := n.key[:0]
	for i, name := range o.names {
		switch o.vals[i].n.(type) {
		case Num, stringNode, boolNode, nullNode:
		default:
			return 0, false
		}
		c, ok := n.index[name]
		if !ok {
			if c = len(n.names); c == maxColumns {
				return 0, false
			}
			n.index[name] = c
			n.names = append(n.names, name)
			n.numbers = append(n.numbers, column{})
			n.others = append(n.others, nil)
			n.size += costColumn + len(name)
		}
		cell := uint16(c) << 1
		if _, isNum := o.vals[i].n.(Num); !isNum {
			cell |= 1
		}
		key = binary.BigEndian.AppendUint16(key, cell)
	}
	n.key = key
	if s, ok := n.lookup[string(key)]; ok {
		return s, true
	}
	s := make(shape, len(o.names))
	seen := map[uint16]bool{}
	for i := range s {
		s[i] = binary.BigEndian.Uint16(key[2*i:])
		if seen[s[i]>>1] {
			return 0, false
		}
		seen[s[i]>>1] = true
	}
	if len(n.shapes) == maxShapes {
		return 0, false
	}
	n.lookup[string(key)] = len(n.shapes)
	n.shapes = append(n.shapes, s)
	n.size += costShape + 4*len(key)
	return len(n.shapes) - 1, true
}

// finish drops the data that is only needed to build.
func (n *rowsNode) finish() { n.index, n.lookup, n.key = nil, nil, nil }

// cursor reads rows from the first on: the columns hold only the cells that
// are there.
type cursor struct {
	*rowsNode
	nums, rest []int
}

func (n *rowsNode) cursor() cursor {
	return cursor{n, make([]int, len(n.names)), make([]int, len(n.names))}
}

func (c *cursor) num(col uint16) Num {
	c.nums[col]++
	return c.numbers[col].at(c.nums[col] - 1)
}

func (c *cursor) other(col uint16) Value {
	c.rest[col]++
	return c.others[col][c.rest[col]-1]
}

// object is the next row, which has shape s, as an object of its own.
func (c *cursor) object(s shape) *objectNode {
	o := &objectNode{names: make([]string, len(s)), vals: make([]Value, len(s))}
	for i, cell := range s {
		o.names[i] = c.names[cell>>1]
		if cell&1 == 0 {
			o.vals[i] = Value{c.num(cell >> 1)}
		} else {
			o.vals[i] = c.other(cell >> 1)
		}
	}
	return o
}

// each yields the objects one by one.
func (n *rowsNode) each(yield func(*objectNode) bool) {
	c := n.cursor()
	for _, s := range n.shapeOf {
		if !yield(c.object(n.shapes[s])) {
			return
		}
	}
}

func (n *rowsNode) items() []Value {
	items := make([]Value, 0, len(n.shapeOf))
	n.each(func(o *objectNode) bool {
		items = append(items, Value{o})
		return true
	})
	return items
}

// sizeAsItems is the memory of items.
func (n *rowsNode) sizeAsItems() int {
	const place = 16 + 16 // of a name and of a value
	size := len(n.shapeOf) * (16 + costObject)
	for i := range n.names {
		size += len(n.names[i]) + costText
		size += len(n.numbers[i].mantissas) * (place + costNum)
		for _, s := range n.numbers[i].literals {
			size += costText + len(s)
		}
		for _, v := range n.others[i] {
			size += place + costOther(v)
		}
	}
	return size
}

// Rows reads an array of objects (samples, laps, sleep levels) by column
// without building each object. f is called for each item in order with one
// Num per name; ok[i] is false if the item lacks the name or it is no
// number. The slices are reused between calls. Rows stops when f returns
// false.
func (v Value) Rows(names []string, f func(nums []Num, ok []bool) bool) {
	nums, ok := make([]Num, len(names)), make([]bool, len(names))
	n, byColumn := v.n.(*rowsNode)
	if !byColumn {
		for item := range v.Items() {
			for i, name := range names {
				nums[i], ok[i] = item.Get(name).n.(Num)
			}
			if !f(nums, ok) {
				return
			}
		}
		return
	}
	want := make([]int, len(n.names)) // index in names, plus one
	for i, name := range names {
		for c, have := range n.names {
			if have == name {
				want[c] = i + 1
			}
		}
	}
	next := make([]int, len(n.names))
	for _, s := range n.shapeOf {
		clear(ok)
		for _, cell := range n.shapes[s] {
			c := cell >> 1
			if cell&1 == 1 {
				continue
			}
			if want[c] > 0 {
				nums[want[c]-1], ok[want[c]-1] = n.numbers[c].at(next[c]), true
			}
			next[c]++
		}
		if !f(nums, ok) {
			return
		}
	}
}
