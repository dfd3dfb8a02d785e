package garmin

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// faultsTold is how many unreadable elements of a delivery are reported one by
// one; the rest are only counted, so that a hostile body makes few rows.
const faultsTold = 100

// longestKey is how much of an unknown top-level key is reported.
const longestKey = 100

// splitter is the state of splitting one body.
type splitter struct {
	dec    *jsontext.Decoder
	trim   *trimmer // what dec reads
	before int64    // bytes of the body that trim did not see
	lim    Limits
	hint   string
	bare   bool
	yield  func(Item) error
	outer  Outer // as far as it comes before the current element
	n      int
	faults int
	untold Item
}

func (s *splitter) body() (err error) {
	switch kind := s.dec.PeekKind(); {
	case kind == '[':
		err = s.array(named(s.hint))
	case kind == '{' && s.bare:
		err = s.element(named(s.hint))
	case kind == '{':
		err = s.object()
	default:
		if err := s.dec.SkipValue(); err != nil {
			return err
		}
		return errors.New("neither an object nor an array")
	}
	if err != nil {
		return err
	}
	if _, err := s.dec.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("more than one value")
		}
		return err
	}
	return nil
}

// offset is how far the body was read.
func (s *splitter) offset() int64 { return s.before + s.trim.original(s.dec.InputOffset()) }

// cut returns what was cut since the last call.
func (s *splitter) cut() error { return s.trim.upTo(s.dec.InputOffset()) }

// named begins an item of a top-level key.
func named(key string) Item {
	if t, ok := Lookup(key); ok {
		return Item{Key: t.Key, Type: t}
	}
	return Item{Key: shortKey(key)}
}

func shortKey(key string) string {
	if len(key) > longestKey {
		return strings.ToValidUTF8(key[:longestKey], "")
	}
	return key
}

// object reads keys and their arrays. An object in place of an array counts as its
// one element, null as none.
func (s *splitter) object() error {
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.dec.PeekKind() != '}' {
		name, err := s.dec.ReadToken()
		if err != nil {
			return err
		}
		item := named(name.String())
		if s.cut() != nil { // a truncated key is not the key
			item = Item{Key: shortKey(name.String())}
		}
		switch kind := s.dec.PeekKind(); {
		case s.saysOuter(item.Key):
			err = s.setOuter(item.Key)
		case kind == '[':
			err = s.array(item)
		case kind == '{':
			err = s.element(item)
		case kind == 'n':
			err = s.dec.SkipValue()
		default:
			if err = s.dec.SkipValue(); err == nil {
				item.Err = errors.New("not an array of elements")
				err = s.fault(item)
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

func (s *splitter) array(item Item) error {
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for ; s.dec.PeekKind() != ']'; item.Index++ {
		if err := s.element(item); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

// element reads one element and yields it.
func (s *splitter) element(item Item) error {
	if s.n++; s.n > s.lim.Elements {
		return fmt.Errorf("more than %d elements", s.lim.Elements)
	}
	item.UploadEnd, item.Ping, item.Owner = s.outer.UploadEnd, s.outer.Ping, s.outer.UserID
	if s.dec.PeekKind() != '{' {
		if err := s.dec.SkipValue(); err != nil {
			return err
		}
		item.Err = errors.New("not an object")
		return s.fault(item)
	}
	v, err := s.value()
	switch {
	case err == nil && v.Len() == 0:
		item.Err = errors.New("an empty object")
		return s.fault(item)
	case err == nil:
	case errors.Is(err, element.ErrLimit) && !broken(err):
		item.Err = err
		return s.fault(item)
	default:
		return err
	}
	item.Value = v
	item.UserID, item.Token = scalar(v.Get("userId")), scalar(v.Get("userAccessToken"))
	if item.UserID == "" && item.Token == "" {
		item.UserID, item.Token = s.outer.UserID, s.outer.Token
	}
	if url := v.Get("callbackURL"); url.Kind() == element.String {
		item.CallbackURL = url.Text()
	}
	return s.give(item)
}

// value reads an element's value. A truncated one is invalid.
func (s *splitter) value() (element.Value, error) {
	_ = s.cut() // in what was skipped before
	v, err := element.Read(s.dec, element.Limits{Depth: s.lim.Depth, Bytes: s.lim.ElementBytes})
	if err == nil {
		err = s.cut()
	}
	return v, err
}

// broken reports whether the JSON itself ended or is invalid, apart from exceeded
// limits.
func broken(err error) bool {
	var syntax *jsontext.SyntacticError
	return errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

func (s *splitter) give(item Item) error {
	if err := s.yield(item); err != nil {
		return &yieldError{err}
	}
	return nil
}

// fault reports elements that could not be read, the first ones individually and
// the others as a sum.
func (s *splitter) fault(item Item) error {
	if s.faults++; s.faults <= faultsTold {
		return s.give(item)
	}
	s.untold.Key, s.untold.Type, s.untold.Ping, s.untold.Owner = item.Key, item.Type, item.Ping, item.Owner
	s.untold.Count++
	return nil
}

func (s *splitter) tellRest() error {
	if s.untold.Count == 0 {
		return nil
	}
	s.untold.Err = errors.New("more elements that could not be read")
	return s.yield(s.untold)
}
