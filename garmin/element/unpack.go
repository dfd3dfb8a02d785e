package element

import (
	"encoding/binary"
	"errors"
	"math"
)

var errDamaged = errors.New("damaged packed element")

// maxPackedDepth bounds the nesting of what is unpacked; Read's own limits are
// far below it.
const maxPackedDepth = 10_000

// Unpack reads the packed form. Damaged input gives an error; what it may
// allocate is bounded by its length.
func Unpack(b []byte) (Value, error) {
	if len(b) == 0 || b[0] != packedVersion {
		return Value{}, errDamaged
	}
	u := &unpacker{b: b[1:]}
	v := u.value(0)
	if u.failed || len(u.b) > 0 {
		return Value{}, errDamaged
	}
	return v, nil
}

// unpacker reads; after damage it reads zeros and remembers.
type unpacker struct {
	b      []byte
	failed bool
}

func (u *unpacker) fail() { u.failed, u.b = true, nil }

func (u *unpacker) byte() byte {
	if len(u.b) == 0 {
		u.fail()
		return 0
	}
	c := u.b[0]
	u.b = u.b[1:]
	return c
}

func (u *unpacker) uint() uint64 {
	v, n := binary.Uvarint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) int() int64 {
	v, n := binary.Varint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

// count reads a number of things that take at least one byte each.
func (u *unpacker) count() int {
	n := u.uint()
	if n > uint64(len(u.b)) {
		u.fail()
		return 0
	}
	return int(n)
}

func (u *unpacker) bytes(n int) []byte {
	if n > len(u.b) {
		u.fail()
		return nil
	}
	out := u.b[:n]
	u.b = u.b[n:]
	return out
}

func (u *unpacker) text() string {
	n := u.uint()
	if n&1 == 1 {
		if n>>1 >= uint64(len(knownNames)) {
			u.fail()
			return ""
		}
		return knownNames[n>>1]
	}
	if n>>1 > uint64(len(u.b)) {
		u.fail()
		return ""
	}
	return string(u.bytes(int(n >> 1)))
}

func (u *unpacker) value(depth int) Value {
	if depth > maxPackedDepth {
		u.fail()
	}
	switch tag := u.byte(); tag {
	case tagNull:
		return Value{nullNode{}}
	case tagFalse, tagTrue:
		return Value{boolNode(tag == tagTrue)}
	case tagInt:
		return Value{Num{Mantissa: u.int()}}
	case tagDecimal:
		places := u.places()
		return Value{Num{Decimals: places, Mantissa: u.int()}}
	case tagLiteral:
		return Value{Num{Literal: u.text()}}
	case tagString:
		return Value{stringNode(u.text())}
	case tagArray:
		l := &listNode{items: make([]Value, 0, min(u.peekCount(), 1024))}
		for range u.count() {
			l.items = append(l.items, u.value(depth+1))
		}
		return Value{l}
	case tagObject:
		o := &objectNode{}
		for range u.count() {
			o.names = append(o.names, u.text())
			o.vals = append(o.vals, u.value(depth+1))
		}
		return Value{o}
	case tagPoints:
		n := u.count()
		p := &pointsNode{names: u.ints(n)}
		p.nums = u.column(n)
		return Value{p.finish()}
	case tagRows:
		return Value{u.rows(depth)}
	}
	u.fail()
	return Value{}
}

func (u *unpacker) peekCount() int {
	n, _ := binary.Uvarint(u.b)
	return int(min(n, uint64(len(u.b))))
}

func (u *unpacker) places() uint8 {
	p := u.byte()
	if int(p) >= len(pow10Int) {
		u.fail()
		return 0
	}
	return p
}

func (u *unpacker) ints(n int) []int64 {
	order := u.byte()
	if order > 2 || n > len(u.b) {
		u.fail()
		return make([]int64, 0)
	}
	out := make([]int64, n)
	var last, lastDiff int64
	for i := range out {
		d := u.int()
		if order == 2 {
			d += lastDiff
		}
		if order > 0 {
			lastDiff = d
			d += last
		}
		out[i], last = d, d
	}
	return out
}

func (u *unpacker) column(n int) (c column) {
	flag := u.byte()
	code, places := flag&^hasLiterals, uint8(0)
	switch code {
	case codeDecimal:
		if places = u.places(); places > 0 {
			c.decimals = make([]uint8, min(n, len(u.b)))
			for i := range c.decimals {
				c.decimals[i] = places
			}
		}
	case codeMixed:
		places = u.byte()
		c.decimals = append([]uint8(nil), u.bytes(n)...)
	case codeSemicircle, codeFloat32:
	default:
		u.fail()
	}
	c.mantissas = u.ints(n)
	if u.failed || len(c.mantissas) != n {
		u.fail()
		return column{mantissas: make([]int64, n)}
	}
	switch code {
	case codeMixed:
		u.unscale(&c, places)
	case codeSemicircle:
		c.widen(fromSemicircles)
	case codeFloat32:
		c.widen(fromFloat32Bits)
	}
	if flag&hasLiterals != 0 {
		u.literals(&c)
	}
	return c
}

// unscale brings the integers of a mixed column back to their own decimals.
func (u *unpacker) unscale(c *column, places uint8) {
	for i, d := range c.decimals {
		if int(d) >= len(pow10Int) || places != noScale && (d > places || int(places) >= len(pow10Int)) {
			u.fail()
			return
		}
		if places != noScale {
			c.mantissas[i] /= pow10Int[places-d]
		}
	}
}

// widen turns integers of a coding into the numbers that they stood for.
func (c *column) widen(f func(int64) float64) {
	ints := c.mantissas
	c.mantissas = make([]int64, 0, len(ints))
	var text []byte
	for _, n := range ints {
		v := f(n)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			v = 0 // damaged: no such number was packed
		}
		text = appendShortest(text[:0], v)
		c.add(parseNum(text))
	}
}

func (u *unpacker) literals(c *column) {
	c.literals = map[int]string{}
	at := 0
	for range u.count() {
		at += int(min(u.uint(), math.MaxInt32))
		if at >= len(c.mantissas) {
			u.fail()
			return
		}
		c.literals[at] = u.text()
	}
}

func (u *unpacker) rows(depth int) *rowsNode {
	n := &rowsNode{}
	for range u.count() {
		n.names = append(n.names, u.text())
	}
	cells := make([][2]int, len(n.names)) // how many numbers and others each shape needs
	for range u.count() {
		s := make(shape, u.count())
		for i := range s {
			if s[i] = uint16(u.uint()); int(s[i]>>1) >= len(n.names) {
				u.fail()
				return n
			}
		}
		n.shapes = append(n.shapes, s)
	}
	n.shapeOf = append([]uint8(nil), u.bytes(u.count())...)
	for _, s := range n.shapeOf {
		if int(s) >= len(n.shapes) {
			u.fail()
			return n
		}
		for _, cell := range n.shapes[s] {
			cells[cell>>1][cell&1]++
		}
	}
	for i := range n.names {
		var c column
		if count := u.count(); count > 0 {
			c = u.column(count)
		}
		n.numbers = append(n.numbers, c)
		var others []Value
		for range u.count() {
			others = append(others, u.value(depth+1))
		}
		n.others = append(n.others, others)
		if len(c.mantissas) != cells[i][0] || len(others) != cells[i][1] {
			u.fail()
			return n
		}
	}
	return n
}
