package element

// rows reads an array of objects by column.
func (u *unpacker) rows(depth int) *rowsNode {
	n := &rowsNode{}
	for k := u.count(); k > 0 && !u.failed; k-- {
		n.names = append(n.names, u.text())
	}
	for range u.count() {
		if n.shapes = append(n.shapes, u.shape(len(n.names))); u.failed {
			return n
		}
	}
	n.shapeOf = append([]uint8(nil), u.bytes(u.count())...)
	nums, others := u.cells(n)
	for i := range n.names {
		if u.failed {
			return n
		}
		n.numbers = append(n.numbers, u.optionalColumn(nums[i]))
		n.others = append(n.others, u.rest(others[i], depth))
	}
	return n
}

func (u *unpacker) shape(columns int) shape {
	s := make(shape, u.count())
	for i := range s {
		cell := u.uint()
		if cell>>1 >= uint64(columns) {
			u.fail()
			return nil
		}
		s[i] = uint16(cell)
	}
	return s
}

// cells counts the numbers and the others that each column must have, by
// shape and not by row: damaged shapes may be as long as the input.
func (u *unpacker) cells(n *rowsNode) (nums, others []int) {
	rows := make([]int, len(n.shapes))
	for _, s := range n.shapeOf {
		if int(s) >= len(n.shapes) {
			u.fail()
			return nil, nil
		}
		rows[s]++
	}
	nums, others = make([]int, len(n.names)), make([]int, len(n.names))
	for s, shape := range n.shapes {
		for _, cell := range shape {
			if cell&1 == 0 {
				nums[cell>>1] += rows[s]
			} else {
				others[cell>>1] += rows[s]
			}
		}
	}
	return nums, others
}

// optionalColumn reads a column that is left out if it is empty.
func (u *unpacker) optionalColumn(want int) column {
	n := u.count()
	if n != want {
		u.fail()
	}
	if n == 0 || u.failed {
		return column{}
	}
	return u.column(n)
}

// rest reads the cells of a column that are no numbers.
func (u *unpacker) rest(want, depth int) (vals []Value) {
	n := u.count()
	if n != want {
		u.fail()
	}
	for range n {
		if u.failed {
			return nil
		}
		vals = append(vals, u.value(depth+1))
	}
	return vals
}
