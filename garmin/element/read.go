package element

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits limit the cost of one element.
type Limits struct {
	// Depth is the deepest nesting, counted from the element itself.
	Depth int
	// Bytes limits the memory of the tree (not the JSON text: long
	// series take far less than their text).
	Bytes int64
}

// ErrLimit is wrapped by errors of Read that mean that a limit was exceeded.
var ErrLimit = errors.New("over the limit")

// Read takes the next value from dec, which must allow repeated names and
// should allow invalid UTF-8. If a limit is exceeded, the rest of the value is
// skipped in bounded memory, so that dec is positioned after it, and the error wraps
// ErrLimit. Other errors are those of dec, which can then no longer be used.
func Read(dec *jsontext.Decoder, lim Limits) (Value, error) {
	r := &reader{dec: dec, lim: lim, base: dec.StackDepth()}
	v, err := r.value()
	if errors.Is(err, ErrLimit) {
		if skipErr := r.skipRest(); skipErr != nil {
			return Value{}, skipErr
		}
	}
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

type reader struct {
	dec  *jsontext.Decoder
	lim  Limits
	base int
	used int
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

func (r *reader) spend(n int) error {
	if r.used += n; int64(r.used) > r.lim.Bytes {
		return fmt.Errorf("takes more than %d KiB: %w", r.lim.Bytes>>10, ErrLimit)
	}
	return nil
}

func (r *reader) value() (Value, error) {
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
		if err := r.spend(costText + costText + len(raw)); err != nil {
			return Value{}, err
		}
		return Value{stringNode(text(raw))}, nil
	case 'n':
		return Value{nullNode{}}, nil
	case 't', 'f':
		return Value{boolNode(raw.Kind() == 't')}, nil
	}
	n := parseNum(raw)
	return Value{n}, r.spend(costNum + len(n.Literal))
}

// text removes a string's quotes and escapes; names that Garmin uses are not
// allocated.
func text(raw []byte) string {
	inner := raw[1 : len(raw)-1]
	if name, ok := interned[string(inner)]; ok {
		return name
	}
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	// The only error is that of invalid UTF-8, which is U+FFFD in b.
	b, _ := jsontext.AppendUnquote(nil, raw)
	return string(b)
}

// name reads the next name of an object, as sent; nil at the object's end. It
// is valid until the decoder is used again.
func (r *reader) name() (raw []byte, err error) {
	if r.dec.PeekKind() == '}' {
		_, err = r.dec.ReadToken()
		return nil, err
	}
	return r.dec.ReadValue()
}
