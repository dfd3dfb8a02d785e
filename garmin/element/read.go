package element

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits bound what one element may cost.
type Limits struct {
	// Depth is the deepest nesting, counted from the element itself.
	Depth int
	// Bytes bounds the memory that the tree may take (not the JSON text: long
	// series take far less than their text).
	Bytes int64
}

// ErrLimit is wrapped by errors of Read that mean that a limit was passed.
var ErrLimit = errors.New("over the limit")

// About what each thing takes of memory.
const (
	costValue  = 48
	costMember = 64
)

// Read takes the next value from dec, which must allow repeated names and
// should allow invalid UTF-8. Where a limit is passed, the rest of the value is
// skipped in bounded memory, so that dec stands after it, and the error wraps
// ErrLimit. Other errors are those of dec.
func Read(dec *jsontext.Decoder, lim Limits) (Value, error) {
	r := &reader{dec: dec, lim: lim, base: dec.StackDepth()}
	v, err := r.value()
	if errors.Is(err, ErrLimit) {
		return Value{}, errors.Join(err, r.skipRest())
	}
	return v, err
}

type reader struct {
	dec     *jsontext.Decoder
	lim     Limits
	base    int
	used    int64
	scratch []byte
}

// skipRest reads on to the end of the value that was begun.
func (r *reader) skipRest() error {
	for r.dec.StackDepth() > r.base {
		if _, err := r.dec.ReadToken(); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) spend(n int64) error {
	if r.used += n; r.used > r.lim.Bytes {
		return fmt.Errorf("takes more than %d MiB: %w", r.lim.Bytes>>20, ErrLimit)
	}
	return nil
}

func (r *reader) value() (Value, error) {
	if err := r.spend(costValue); err != nil {
		// The value has not begun; skipRest ends what it is part of.
		if r.dec.StackDepth() == r.base {
			return Value{}, errors.Join(err, r.dec.SkipValue())
		}
		return Value{}, err
	}
	switch r.dec.PeekKind() {
	case '{':
		if err := r.open(); err != nil {
			return Value{}, err
		}
		return r.object()
	case '[':
		if err := r.open(); err != nil {
			return Value{}, err
		}
		return r.array()
	default:
		return r.scalar()
	}
}

func (r *reader) open() error {
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	if r.dec.StackDepth()-r.base > r.lim.Depth {
		return fmt.Errorf("nested deeper than %d: %w", r.lim.Depth, ErrLimit)
	}
	return nil
}

func (r *reader) scalar() (Value, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return Value{}, err
	}
	switch raw.Kind() {
	case '"':
		s := r.text(raw)
		return Value{stringNode(s)}, r.spend(int64(len(s)))
	case 'n':
		return Value{nullNode{}}, nil
	case 't', 'f':
		return Value{boolNode(raw.Kind() == 't')}, nil
	}
	return Value{parseNum(raw)}, r.spend(int64(len(raw)))
}

// text undoes a string's quotes and escapes; names that Garmin uses are not
// allocated anew.
func (r *reader) text(raw []byte) string {
	if plain := raw[1 : len(raw)-1]; !hasEscape(plain) {
		if i, ok := nameIndex[string(plain)]; ok {
			return knownNames[i]
		}
	}
	b, err := jsontext.AppendUnquote(r.scratch[:0], raw)
	if err != nil {
		b = append(b[:0], raw[1:len(raw)-1]...) // invalid UTF-8 was replaced before
	}
	r.scratch = b
	return string(b)
}

func hasEscape(b []byte) bool {
	for _, c := range b {
		if c == '\\' || c >= 0x80 {
			return true
		}
	}
	return false
}

// object reads members as points while they are, and as members from the first
// that is not.
func (r *reader) object() (Value, error) {
	p := &pointsNode{}
	for r.dec.PeekKind() != '}' {
		raw, err := r.dec.ReadValue()
		if err != nil {
			return Value{}, err
		}
		at, ok := parseName(raw[1 : len(raw)-1])
		if !ok || r.dec.PeekKind() != '0' {
			return r.members(p, r.text(raw))
		}
		num, err := r.dec.ReadValue()
		if err != nil {
			return Value{}, err
		}
		p.names = append(p.names, at)
		p.nums.add(parseNum(num))
		if err := r.spend(17 + int64(max(0, len(num)-18))*4); err != nil {
			return Value{}, err
		}
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return Value{}, err
	}
	if len(p.names) == 0 {
		return Value{&objectNode{}}, nil
	}
	return Value{p.finish()}, nil
}

// members goes on with an object whose next member is called name.
func (r *reader) members(before *pointsNode, name string) (Value, error) {
	o := &objectNode{}
	for i, at := range before.names {
		o.names = append(o.names, Num{Mantissa: at}.text())
		o.vals = append(o.vals, Value{before.nums.at(i)})
	}
	if err := r.spend(costMember * int64(len(o.names))); err != nil {
		return Value{}, err
	}
	for {
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		o.names, o.vals = append(o.names, name), append(o.vals, v)
		if err := r.spend(costMember + int64(len(name))); err != nil {
			return Value{}, err
		}
		if r.dec.PeekKind() == '}' {
			_, err := r.dec.ReadToken()
			return Value{o}, err
		}
		raw, err := r.dec.ReadValue()
		if err != nil {
			return Value{}, err
		}
		name = r.text(raw)
	}
}

func (n Num) text() string { return string(n.AppendText(nil)) }

// array reads items into rows while they are flat objects, and as values from
// the first that is not.
func (r *reader) array() (Value, error) {
	rows := &rowsNode{}
	for r.dec.PeekKind() != ']' {
		if rows == nil || r.dec.PeekKind() != '{' {
			return r.list(rows, Value{})
		}
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		before := rows.size
		if o, flat := v.n.(*objectNode); !flat || !rows.add(o) {
			return r.list(rows, v)
		}
		// The object itself is let go; its numbers stay in the columns.
		r.used -= costValue + 2*costMember*int64(v.Len())
		if err := r.spend(rows.size - before + costMember*int64(v.Len())/2); err != nil {
			return Value{}, err
		}
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return Value{}, err
	}
	if len(rows.shapeOf) < fewRows {
		return Value{&listNode{items: rows.items()}}, nil
	}
	return Value{rows}, nil
}

// list goes on with an array that is no rows, after the rows read so far and
// the item that ended them, if it was read already.
func (r *reader) list(before *rowsNode, item Value) (Value, error) {
	l := &listNode{items: before.items()}
	if err := r.spend(2 * costMember * int64(len(l.items))); err != nil {
		return Value{}, err
	}
	if item.n != nil {
		l.items = append(l.items, item)
	}
	for r.dec.PeekKind() != ']' {
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		l.items = append(l.items, v)
	}
	_, err := r.dec.ReadToken()
	return Value{l}, err
}
