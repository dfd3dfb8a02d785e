package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"strings"
)

// Sample is the beginning of a file.
type Sample struct {
	// Text is the lines as they are in the file.
	Text string
	// Header and Rows are the cells of a CSV file, with the guard of texts.
	Header []string
	Rows   [][]string
	// Whole means that the file has no more rows.
	Whole bool
	// Bytes is the length of Text, Lines the number of rows in it.
	Bytes, Lines int
}

// mostPreview bounds a preview whose lines are long.
const mostPreview = 1 << 20

// errEnough ends the writing of a file of which enough has been seen.
var errEnough = errors.New("enough")

// Preview writes a file up to some rows and returns them. It reads no more than
// it needs. form is the format of the file.
func Preview(ctx context.Context, f File, form Form, from *Source, rows int) (s Sample, err error) {
	lines := rows
	if form == CSV {
		lines++ // the header
	}
	head := &firstLines{left: lines, strings: form == CSV}
	_, err = f.Write(ctx, head, from)
	if s.Whole = err == nil; errors.Is(err, errEnough) {
		err = nil
	}
	s.Text = head.kept.String()
	s.Bytes, s.Lines = len(s.Text), lines-head.left
	if err != nil || form != CSV {
		return s, err
	}
	table, err := csv.NewReader(strings.NewReader(s.Text)).ReadAll()
	if len(table) > 0 {
		s.Header, s.Rows, s.Lines = table[0], table[1:], len(table)-1
	}
	return s, err
}

// firstLines keeps the first lines of what is written to it, and then refuses more.
type firstLines struct {
	kept    bytes.Buffer
	left    int  // lines still to keep
	strings bool // line breaks within quotes end no line
	quoted  bool
}

func (f *firstLines) Write(p []byte) (int, error) {
	for i, c := range p {
		if f.left == 0 || f.kept.Len() >= mostPreview {
			return i, errEnough
		}
		f.kept.WriteByte(c)
		switch {
		case c == '"' && f.strings:
			f.quoted = !f.quoted
		case c == '\n' && !f.quoted:
			f.left--
		}
	}
	return len(p), nil
}
