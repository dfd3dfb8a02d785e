package garmin

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// Limits limit the cost of one delivery.
type Limits struct {
	// Depth and ElementBytes limit each element; see element.Limits.
	Depth        int
	ElementBytes int64
	// TextBytes limits each text and name; 0 is 1 MiB. It applies while they are
	// read, before any other limit can.
	TextBytes int
	// Elements limits their number.
	Elements int
}

// Item is one element of a delivery.
type Item struct {
	// Key is the top-level key, or the type that the path names for bodies
	// without keys. Type is nil if the key is unknown.
	Key   string
	Type  *Type
	Index int // within the array of its key
	Value element.Value
	// UserID and Token identify the person; either may be empty.
	UserID, Token string
	// UploadEnd is that of Outer; the element's own has priority.
	UploadEnd int64
	// Ping and Owner are Outer's Ping and UserID.
	Ping, Owner string
	// CallbackURL is set on pings, and only on them.
	CallbackURL string
	// Err is why the element could not be read; Value is then absent.
	Err error
	// Count is how many elements an item with Err covers; 0 counts as 1.
	Count int
}

// UnreadableError means that a body is not JSON, or not of Garmin's form, from
// Offset on. Items before it were yielded.
type UnreadableError struct {
	Offset int64
	Err    error
}

func (e *UnreadableError) Error() string { return fmt.Sprintf("at byte %d: %v", e.Offset, e.Err) }

// Unwrap returns the cause.
func (e *UnreadableError) Unwrap() error { return e.Err }

// Split yields the elements of a body in the order sent: an object whose keys
// are types and whose values are arrays, or a bare array, or a bare element,
// of the type that hint (the callback's path) names. It reads r as a stream
// and stops at the first error of yield. Errors of r itself come back as they
// are; a body that is not of this form gives an *UnreadableError, and so does
// one for which r itself returns that error.
//
// What the body says next to the lists (Outer) applies to the elements after it; see
// FindOuter for those before it.
//
// If an element repeats a name, the last counts; of repeated top-level keys,
// each does. It is unknown whether Garmin ever sends several keys; they are
// accepted. A byte order mark at the start is skipped.
func Split(r io.Reader, hint string, lim Limits, yield func(Item) error) error {
	src := &source{r: r}
	s := newSplitter(src, hint, lim)
	s.yield = yield
	err := s.body()
	var own *yieldError
	var unreadable *UnreadableError
	switch {
	case errors.As(err, &own):
		return own.err
	case errors.As(src.err, &unreadable):
		err = &UnreadableError{Offset: s.offset(), Err: unreadable.Err}
	case src.err != nil:
		return src.err
	case err != nil:
		err = &UnreadableError{Offset: s.offset(), Err: plainSyntax(err)}
	}
	if rest := s.tellRest(); rest != nil {
		return rest
	}
	return err
}

func newSplitter(r io.Reader, hint string, lim Limits) *splitter {
	br := bufio.NewReaderSize(r, 64<<10)
	s := &splitter{lim: lim, hint: hint}
	if head, err := br.Peek(3); err == nil && string(head) == "\ufeff" {
		n, _ := br.Discard(3) // they were there
		s.before = int64(n)
	}
	if _, known := Lookup(hint); known {
		s.bare = looksBare(br)
	}
	s.trim = &trimmer{r: br, most: cmp.Or(lim.TextBytes, textBytes)}
	s.dec = jsontext.NewDecoder(s.trim, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return s
}

// source keeps an error of the reader itself, which is not a fault of the
// body.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err // data after a fault is not part of the body
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// yieldError is an error of the caller's own.
type yieldError struct{ err error }

func (e *yieldError) Error() string { return e.err.Error() }

// plainSyntax describes a syntax error without any content of the body, which may
// be health data and would be shown in lists of reasons.
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
