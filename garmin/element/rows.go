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
	size    int64

	index  map[string]int // of names, while building
	lookup map[string]int // of shapes, while building
	key    []byte
}

// shape holds two entries per cell: the name's number, doubled, plus one where
// the cell is no number.
type shape []uint16

// add takes an object in; it says false, and takes nothing, where the object
// is not flat or repeats a name.
func (n *rowsNode) add(o *objectNode) bool {
	if n.index == nil {
		n.index, n.lookup = map[string]int{}, map[string]int{}
	}
	s, ok := n.shape(o)
	if !ok {
		return false
	}
	for i, v := range o.vals {
		c := n.shapes[s][i] >> 1
		if num, isNum := v.n.(Num); isNum {
			n.numbers[c].add(num)
			n.size += 9 + 4*int64(len(num.Literal))
		} else {
			n.others[c] = append(n.others[c], v)
			n.size += costValue + int64(len(v.Text()))
		}
	}
	n.shapeOf = append(n.shapeOf, uint8(s))
	n.size++
	return true
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
	return len(n.shapes) - 1, true
}

// each yields the objects one by one.
func (n *rowsNode) each(yield func(*objectNode) bool) {
	num, other := make([]int, len(n.names)), make([]int, len(n.names))
	for _, s := range n.shapeOf {
		shape := n.shapes[s]
		o := &objectNode{names: make([]string, len(shape)), vals: make([]Value, len(shape))}
		for i, cell := range shape {
			c := cell >> 1
			o.names[i] = n.names[c]
			if cell&1 == 0 {
				o.vals[i] = Value{n.numbers[c].at(num[c])}
				num[c]++
			} else {
				o.vals[i] = n.others[c][other[c]]
				other[c]++
			}
		}
		if !yield(o) {
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

// Rows reads an array of objects (samples, laps, sleep levels) by column
// without building each object. f is called for each item in order with one
// Num per name; ok[i] is false where the item lacks the name or it is no
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
	want := make([]int, len(n.names)) // place in names, plus one
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
