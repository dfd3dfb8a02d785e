package element

import (
	"cmp"
	"iter"
	"slices"
)

// pointsNode is an object whose names are integers and whose values are
// numbers, in the order sent.
type pointsNode struct {
	names  []int64
	nums   column
	rising bool
}

func (*pointsNode) kind() Kind { return Object }

// Points yields an object whose names are integers and whose values are
// numbers, or numbers as text (Garmin's offset maps), in rising order of the
// names; members of any other form are left out. Of repeated names the last
// counts.
func (v Value) Points() iter.Seq2[int64, Num] {
	return func(yield func(int64, Num) bool) {
		n, ok := v.n.(*pointsNode)
		if !ok {
			n = pointsOf(v)
		}
		if !n.rising {
			for _, i := range n.order() {
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
		num, isNum := val.num()
		if ok && isNum {
			n.names = append(n.names, at)
			n.nums.add(num)
		}
	}
	n.finish()
	return n
}

// finish records whether the names rise, as those of nearly all series do.
func (n *pointsNode) finish() *pointsNode {
	n.rising = true
	for i := 1; i < len(n.names) && n.rising; i++ {
		n.rising = n.names[i-1] < n.names[i]
	}
	return n
}

// order is the order in which to read points that were not sent in order.
func (n *pointsNode) order() []int32 {
	order := make([]int32, len(n.names))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(n.names[a], n.names[b]) })
	out := order[:0]
	for i, o := range order {
		if i+1 < len(order) && n.names[order[i+1]] == n.names[o] {
			continue // repeated later
		}
		out = append(out, o)
	}
	return out
}
