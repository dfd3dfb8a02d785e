package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// longestLine limits a line: no element is larger than the largest accepted body,
// and identity adds little.
const longestLine = 160 << 20

var errLongLine = fmt.Errorf("longer than %d MiB", longestLine>>20)

// ReadJSON reads the JSON Lines of Write. It yields the name of the person, the
// type's callback key and the element, byte for byte as in the line; the bytes are
// valid until yield returns. The rest of a line follows from the element and is
// ignored, as are unknown members.
//
// It stops at the first line that is not of this form, with its number, and at the
// first error of yield, which is returned as it is.
func ReadJSON(r io.Reader, yield func(person, typ string, element []byte) error) error {
	src := &bounded{r: r, left: longestLine}
	br := bufio.NewReaderSize(src, 64<<10)
	if head, err := br.Peek(3); err == nil && string(head) == "\ufeff" {
		br.Discard(3) //nolint:errcheck // they were there
	}
	dec := jsontext.NewDecoder(br, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var l line
	for n := 1; ; n++ {
		src.left = longestLine
		switch err := l.read(dec); {
		case errors.Is(err, errNoLine):
			return nil
		case err != nil:
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := yield(l.person, l.typ, l.element); err != nil {
			return err
		}
	}
}

// errNoLine means that the file ended where a line might begin.
var errNoLine = errors.New("no more lines")

// line is the needed content of one line.
type line struct {
	person, typ string
	element     []byte
}

func (l *line) read(dec *jsontext.Decoder) error {
	l.person, l.typ, l.element = "", "", l.element[:0]
	begin, err := dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return errNoLine
	case err != nil:
		return plain(err)
	case begin.Kind() != '{':
		return errors.New("not an object")
	}
	for dec.PeekKind() != '}' {
		if err := l.member(dec); err != nil {
			return plain(err)
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return plain(err)
	}
	return l.check()
}

// member reads one name and its value.
func (l *line) member(dec *jsontext.Decoder) error {
	name, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch name.String() {
	case "person":
		l.person, err = readText(dec)
	case "type":
		l.typ, err = readText(dec)
	case "element":
		var text jsontext.Value
		if text, err = dec.ReadValue(); err == nil {
			l.element = append(l.element[:0], text...)
		}
	default:
		err = dec.SkipValue()
	}
	return err
}

func (l *line) check() error {
	switch {
	case l.person == "":
		return errors.New("names no person")
	case l.typ == "":
		return errors.New("names no type")
	case len(l.element) == 0 || l.element[0] != '{':
		return errors.New("holds no element")
	}
	return nil
}

// readText reads a string; "" for anything else.
func readText(dec *jsontext.Decoder) (string, error) {
	if dec.PeekKind() != '"' {
		return "", dec.SkipValue()
	}
	text, err := dec.ReadToken()
	if err != nil {
		return "", err
	}
	return text.String(), nil
}

// plain formats a syntax error without any content of the line, which is health
// data.
func plain(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends too soon")
	case errors.As(err, &syntax):
		return errors.New("not JSON")
	}
	return err
}

// bounded reads until left is used up.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongLine
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}
