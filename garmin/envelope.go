package garmin

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Limits bound what one delivery may cost.
type Limits struct {
	// Depth and ElementBytes bound each element; see element.Limits.
	Depth        int
	ElementBytes int64
	// Elements bounds their number.
	Elements int
}

// Item is one element of a delivery.
type Item struct {
	// Key is the top-level key, or the type that the path names for bodies
	// without keys. Type is nil where the key is unknown.
	Key   string
	Type  *Type
	Index int // within the array of its key
	Value element.Value
	// UserID and Token say whose it is; either may be empty.
	UserID, Token string
	// CallbackURL is set on pings.
	CallbackURL string
	// Err says why the element could not be read; Value is then absent.
	Err error
	// Count is how many elements an item with Err stands for; 0 counts as 1.
	Count int
}

// UnreadableError means that a body is not JSON, or not of Garmin's form, from
// Offset on. Items before it were yielded.
type UnreadableError struct {
	Offset int64
	Err    error
}

func (e *UnreadableError) Error() string { return fmt.Sprintf("at byte %d: %v", e.Offset, e.Err) }

// Unwrap gives the cause.
func (e *UnreadableError) Unwrap() error { return e.Err }

// faultsTold is how many unreadable elements of a delivery are told one by
// one; the rest are counted together, so that a hostile body makes few rows.
const faultsTold = 100

// Split yields the elements of a body in the order sent: an object whose keys
// are types and whose values are arrays, or a bare array of the type that hint
// (the callback's path) names. It reads r as a stream and stops at the first
// error of yield. Errors of r itself come back as they are; a body that is not
// of this form gives an *UnreadableError.
//
// Of names that an element repeats the last counts; of repeated top-level keys
// each does.
func Split(r io.Reader, hint string, lim Limits, yield func(Item) error) error {
	src := &source{r: r}
	br := bufio.NewReaderSize(src, 64<<10)
	if head, err := br.Peek(3); err == nil && string(head) == "\ufeff" {
		if _, err := br.Discard(3); err != nil {
			return err
		}
	}
	s := &splitter{
		dec: jsontext.NewDecoder(br, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		lim: lim, hint: hint, yield: yield,
	}
	err := s.body()
	var own *yieldError
	switch {
	case err == nil:
		err = s.tellRest()
	case src.err != nil:
		return src.err
	case errors.As(err, &own):
		return own.err
	default:
		if rest := s.tellRest(); rest != nil {
			return rest
		}
		err = &UnreadableError{Offset: s.dec.InputOffset(), Err: plainSyntax(err)}
	}
	return err
}

// source remembers an error of the reader itself, which must not be taken for
// a fault of the body.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// yieldError is an error of the caller's own.
type yieldError struct{ err error }

func (e *yieldError) Error() string { return e.err.Error() }

// plainSyntax words a syntax error without any content of the body, which may
// be health data and ends up in lists of reasons.
func plainSyntax(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return errors.New("the body ends too soon")
	case errors.As(err, &syntax):
		return errors.New("not JSON")
	}
	return err
}

type splitter struct {
	dec    *jsontext.Decoder
	lim    Limits
	hint   string
	yield  func(Item) error
	n      int
	faults int
	untold Item
}

func (s *splitter) body() error {
	switch s.dec.PeekKind() {
	case '{':
		if err := s.object(); err != nil {
			return err
		}
	case '[':
		if err := s.array(s.hint); err != nil {
			return err
		}
	default:
		if _, err := s.dec.ReadValue(); err != nil {
			return err
		}
		return errors.New("neither an object nor an array")
	}
	if _, err := s.dec.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("more than one value")
		}
		return err
	}
	return nil
}

// object reads keys and their arrays; an object in an array's place counts as
// its one element.
func (s *splitter) object() error {
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.dec.PeekKind() != '}' {
		name, err := s.dec.ReadToken()
		if err != nil {
			return err
		}
		key := name.String()
		switch s.dec.PeekKind() {
		case '[':
			err = s.array(key)
		case '{':
			err = s.element(key, 0)
		default:
			if err = s.dec.SkipValue(); err == nil {
				err = s.fault(Item{Key: key, Err: errors.New("not an array of elements")})
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

func (s *splitter) array(key string) error {
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for i := 0; s.dec.PeekKind() != ']'; i++ {
		if err := s.element(key, i); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

func (s *splitter) element(key string, index int) error {
	if s.n++; s.n > s.lim.Elements {
		return fmt.Errorf("more than %d elements", s.lim.Elements)
	}
	item := Item{Key: key, Index: index}
	if t, ok := Lookup(key); ok {
		item.Key, item.Type = t.Key, t
	}
	if s.dec.PeekKind() != '{' {
		if err := s.dec.SkipValue(); err != nil {
			return err
		}
		item.Err = errors.New("not an object")
		return s.fault(item)
	}
	v, err := element.Read(s.dec, element.Limits{Depth: s.lim.Depth, Bytes: s.lim.ElementBytes})
	if errors.Is(err, element.ErrLimit) {
		var syntax *jsontext.SyntacticError
		if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		item.Err = err
		return s.fault(item)
	}
	if err != nil {
		return err
	}
	item.Value = v
	item.UserID, item.Token = v.Get("userId").Text(), v.Get("userAccessToken").Text()
	if v.Get("userId").Kind() == element.Null {
		item.UserID = ""
	}
	if url := v.Get("callbackURL"); url.Kind() == element.String {
		item.CallbackURL = url.Text()
	}
	return s.give(item)
}

func (s *splitter) give(item Item) error {
	if err := s.yield(item); err != nil {
		return &yieldError{err}
	}
	return nil
}

// fault tells of an element that could not be read, one by one at first and
// in sum later.
func (s *splitter) fault(item Item) error {
	if s.faults++; s.faults <= faultsTold {
		return s.give(item)
	}
	s.untold.Key, s.untold.Type = item.Key, item.Type
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

// Lookup finds a type by its callback key, or by another name that Garmin uses
// for it in paths, whatever its case.
func Lookup(key string) (*Type, bool) {
	if t, ok := byKey[key]; ok {
		return t, true
	}
	t, ok := byKey[strings.ToLower(key)]
	return t, ok
}

var byKey = func() map[string]*Type {
	m := map[string]*Type{"file": ActivityFiles} // an old name, seen in the wild
	for _, t := range Types {
		m[strings.ToLower(t.Pull)] = t
	}
	for _, t := range Types { // callback keys win over path names
		m[strings.ToLower(t.Key)] = t
		m[t.Key] = t
	}
	delete(m, "")
	return m
}()
