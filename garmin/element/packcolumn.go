package element

import "encoding/binary"

func appendColumn(b []byte, c *column) []byte {
	k := codingOf(c)
	flag := k.code
	if len(k.misfits) > 0 {
		flag |= hasLiterals
	}
	if k.zero {
		flag |= pointZero
	}
	b = append(b, flag)
	switch k.code {
	case codeDecimal, codeShort, codeFloat32Short:
		b = append(b, k.places)
	case codeMixed:
		b = append(b, k.places)
		for i := range k.ints {
			b = append(b, c.places(i))
		}
	}
	b = appendInts(b, k.ints)
	if len(k.misfits) > 0 {
		b = appendLiterals(b, c, k.misfits)
	}
	return b
}

func appendLiterals(b []byte, c *column, at []int) []byte {
	b = binary.AppendUvarint(b, uint64(len(at)))
	last := 0
	for _, i := range at {
		b = appendText(binary.AppendUvarint(b, uint64(i-last)), c.at(i).text())
		last = i
	}
	return b
}

// appendInts writes integers as they are, as differences, or as differences of
// differences, whichever is shortest.
func appendInts(b []byte, ints []int64) []byte {
	sums := differenceBits(ints)
	order := 0
	for o := range sums {
		if sums[o] < sums[order] {
			order = o
		}
	}
	b = append(b, byte(order))
	eachDifference(ints, order, func(d int64) { b = binary.AppendVarint(b, d) })
	return b
}

// eachDifference yields the differences of an order; sums wrap round, so that
// nothing is lost at the ends of the range.
func eachDifference(ints []int64, order int, f func(int64)) {
	var last, lastDiff int64
	for _, v := range ints {
		d := v - last
		switch order {
		case 0:
			f(v)
		case 1:
			f(d)
		default:
			f(d - lastDiff)
		}
		last, lastDiff = v, d
	}
}
