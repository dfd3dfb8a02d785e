package element

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

var errDamaged = errors.New("damaged packed element")

// maxPackedDepth bounds the nesting of what is unpacked; Read's own limits are
// far below it.
const maxPackedDepth = 10_000

// Unpack reads the packed form. Damaged input gives an error; its length
// limits what is allocated.
func Unpack(b []byte) (Value, error) {
	if len(b) == 0 || b[0] < 1 || b[0] > byte(packedVersion) {
		return Value{}, errDamaged
	}
	u := &unpacker{b: b[1:], names: dictionaries[b[0]]}
	v := u.value(0)
	if u.failed || len(u.b) > 0 {
		return Value{}, errDamaged
	}
	return v, nil
}

// unpacker reads; after damage it reads zeros and keeps the error.
type unpacker struct {
	b      []byte
	names  []string
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
		if n>>1 >= uint64(len(u.names)) {
			u.fail()
			return ""
		}
		return u.names[n>>1]
	}
	if n>>1 > uint64(len(u.b)) {
		u.fail()
		return ""
	}
	s := string(u.bytes(int(n >> 1)))
	if !utf8.ValidString(s) {
		u.fail()
	}
	return s
}

// number reads a literal.
func (u *unpacker) number() Num {
	s := u.text()
	if !isNumber(s) {
		u.fail()
		return Num{}
	}
	return parseNum([]byte(s))
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
		return Value{u.number()}
	case tagString:
		return Value{stringNode(u.text())}
	case tagArray:
		l := &listNode{}
		for n := u.count(); n > 0 && !u.failed; n-- {
			l.items = append(l.items, u.value(depth+1))
		}
		return Value{l}
	case tagObject:
		o := &objectNode{}
		for n := u.count(); n > 0 && !u.failed; n-- {
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
