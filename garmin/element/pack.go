package element

import (
	"encoding/binary"
	"math"
	"strconv"
)

// packedVersion begins every packed value.
const packedVersion = 1

// The tags of the packed form.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInt     // mantissa
	tagDecimal // decimals, mantissa
	tagLiteral // text
	tagString  // text
	tagArray   // count, items
	tagObject  // count, (text, value)…
	tagPoints  // count, ints, numbers
	tagRows    // see packRows
)

// AppendPacked appends the packed form: columns lie together, so that a
// general compressor does well on them afterwards.
func (v Value) AppendPacked(dst []byte) []byte { return appendNode(append(dst, packedVersion), v) }

func appendNode(b []byte, v Value) []byte {
	switch n := v.n.(type) {
	case boolNode:
		if n {
			return append(b, tagTrue)
		}
		return append(b, tagFalse)
	case Num:
		return appendNum(b, n)
	case stringNode:
		return appendText(append(b, tagString), string(n))
	case *listNode:
		b = binary.AppendUvarint(append(b, tagArray), uint64(len(n.items)))
		for _, item := range n.items {
			b = appendNode(b, item)
		}
		return b
	case *objectNode:
		b = binary.AppendUvarint(append(b, tagObject), uint64(len(n.names)))
		for i, name := range n.names {
			b = appendNode(appendText(b, name), n.vals[i])
		}
		return b
	case *pointsNode:
		b = binary.AppendUvarint(append(b, tagPoints), uint64(len(n.names)))
		return appendColumn(appendInts(b, n.names), &n.nums)
	case *rowsNode:
		return appendRows(append(b, tagRows), n)
	}
	return append(b, tagNull)
}

func appendNum(b []byte, n Num) []byte {
	switch {
	case n.Literal != "":
		return appendText(append(b, tagLiteral), n.Literal)
	case n.Decimals > 0:
		return binary.AppendVarint(append(b, tagDecimal, n.Decimals), n.Mantissa)
	}
	return binary.AppendVarint(append(b, tagInt), n.Mantissa)
}

// appendText writes a well-known name as its number, other text inline.
func appendText(b []byte, s string) []byte {
	if i, ok := nameIndex[s]; ok {
		return binary.AppendUvarint(b, uint64(i)<<1|1)
	}
	return append(binary.AppendUvarint(b, uint64(len(s))<<1), s...)
}

func appendRows(b []byte, n *rowsNode) []byte {
	b = binary.AppendUvarint(b, uint64(len(n.names)))
	for _, name := range n.names {
		b = appendText(b, name)
	}
	b = binary.AppendUvarint(b, uint64(len(n.shapes)))
	for _, s := range n.shapes {
		b = binary.AppendUvarint(b, uint64(len(s)))
		for _, cell := range s {
			b = binary.AppendUvarint(b, uint64(cell))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(n.shapeOf)))
	b = append(b, n.shapeOf...)
	for i := range n.names {
		b = binary.AppendUvarint(b, uint64(len(n.numbers[i].mantissas)))
		if len(n.numbers[i].mantissas) > 0 {
			b = appendColumn(b, &n.numbers[i])
		}
		b = binary.AppendUvarint(b, uint64(len(n.others[i])))
		for _, v := range n.others[i] {
			b = appendNode(b, v)
		}
	}
	return b
}

// The codings of a column of numbers.
const (
	codeDecimal    = iota // places, ints; all numbers have these decimals
	codeMixed             // places, decimals of each, ints
	codeSemicircle        // ints n of degrees n*180/2^31, as GPS devices count
	codeFloat32           // ints: bits of float32 that were widened
	hasLiterals    = 0x80 // literals by place follow: count, (distance, text)…
)

func appendColumn(b []byte, c *column) []byte {
	code, places, ints := codingOf(c)
	flag := byte(code)
	if c.literals != nil {
		flag |= hasLiterals
	}
	b = append(b, flag)
	switch code {
	case codeDecimal:
		b = append(b, places)
	case codeMixed:
		b = append(append(b, places), c.decimals...)
	}
	b = appendInts(b, ints)
	if c.literals != nil {
		b = appendLiterals(b, c)
	}
	return b
}

func appendLiterals(b []byte, c *column) []byte {
	b = binary.AppendUvarint(b, uint64(len(c.literals)))
	last := 0
	for i := range c.mantissas {
		if s, ok := c.literals[i]; ok {
			b = appendText(binary.AppendUvarint(b, uint64(i-last)), s)
			last = i
		}
	}
	return b
}

// codingOf chooses how to write a column, and gives the integers to write.
func codingOf(c *column) (code int, places uint8, ints []int64) {
	uniform := true
	for _, d := range c.decimals {
		places = max(places, d)
		uniform = uniform && d == c.decimals[0]
	}
	if places > 5 && c.literals == nil {
		if ints, ok := convert(c, semicircles); ok {
			return codeSemicircle, 0, ints
		}
		if ints, ok := convert(c, float32Bits); ok {
			return codeFloat32, 0, ints
		}
	}
	if uniform {
		return codeDecimal, places, c.mantissas
	}
	ints = make([]int64, len(c.mantissas))
	for i, m := range c.mantissas {
		scale := pow10Int[places-c.decimals[i]]
		if m > math.MaxInt64/scale || m < math.MinInt64/scale {
			// Too far apart for one scale: write them as they are.
			return codeMixed, noScale, c.mantissas
		}
		ints[i] = m * scale
	}
	return codeMixed, places, ints
}

// noScale says that the integers of a mixed column are the mantissas.
const noScale = 0xff

// convert tries a coding on every number of a column.
func convert(c *column, f func(float64) (int64, float64)) ([]int64, bool) {
	ints := make([]int64, len(c.mantissas))
	var want, got []byte
	for i := range c.mantissas {
		n := c.at(i)
		v, back := f(n.Float())
		want, got = n.AppendText(want[:0]), appendShortest(got[:0], back)
		if string(want) != string(got) {
			return nil, false
		}
		ints[i] = v
	}
	return ints, true
}

func appendShortest(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'f', -1, 64) }

func semicircles(f float64) (int64, float64) {
	n := int64(math.Round(f / 180 * (1 << 31)))
	return n, fromSemicircles(n)
}

func fromSemicircles(n int64) float64 { return float64(n) * (180.0 / (1 << 31)) }

func float32Bits(f float64) (int64, float64) {
	bits := math.Float32bits(float32(f))
	return int64(bits), fromFloat32Bits(int64(bits))
}

func fromFloat32Bits(n int64) float64 { return float64(math.Float32frombits(uint32(n))) }

// appendInts writes integers as they are, as differences, or as differences of
// differences, whichever is shortest.
func appendInts(b []byte, ints []int64) []byte {
	best, order := math.MaxInt, 0
	for o := range 3 {
		size := 0
		eachDifference(ints, o, func(d int64) { size += varintLen(d) })
		if size < best {
			best, order = size, o
		}
	}
	b = append(b, byte(order))
	eachDifference(ints, order, func(d int64) { b = binary.AppendVarint(b, d) })
	return b
}

func varintLen(v int64) int {
	u := uint64(v<<1) ^ uint64(v>>63)
	n := 1
	for ; u >= 0x80; u >>= 7 {
		n++
	}
	return n
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
