package garmin

import (
	"bytes"
	"fmt"
	"io"

	"garner/garmin/element"
)

// A decoder buffers a whole text, number or run of white space before it can be
// counted, so they are limited before the decoder.
const (
	// textBytes is how much of one text is read by default.
	textBytes = 1 << 20
	// runBytes is how much of one number, word or run of white space is read.
	runBytes = 4 << 10
	// blockBytes is how much is examined at once; see trimmer.plain.
	blockBytes = 2 << 10
)

// cut is a place at which something was left out.
type cut struct {
	at     int64 // in the trimmer's output
	before int64 // how much was left out before this
	kind   lexeme
}

// trimmer passes JSON on and shortens what is too long: a text to most bytes and
// the few that complete a character, numbers, words and white space to runBytes.
// Its output is valid JSON if its input is. It knows JSON only as far as needed to
// distinguish these.
type trimmer struct {
	r    io.Reader
	most int

	kind    lexeme // what the last byte belonged to
	n       int    // how much of that was passed on, without a text's quotes
	cutting bool   // the rest of the text is left out
	esc     int    // how many bytes of an escape are still to come
	digits  bool   // and whether they are digits
	unit    uint8  // the first two of them
	high    bool   // the text so far ends in the first half of a pair

	given int64 // bytes passed on
	left  int64 // bytes left out
	cuts  []cut // not fetched yet
}

// lexeme is what a byte belongs to.
type lexeme uint8

const (
	mark  lexeme = iota // structure
	space               // white space
	word                // a number or a literal
	quoted
)

var lexemes = func() (of [256]lexeme) {
	for i := range of {
		of[i] = word
	}
	for _, c := range []byte(`{}[]:,"`) {
		of[c] = mark
	}
	for _, c := range []byte(" \t\r\n") {
		of[c] = space
	}
	return of
}()

func (t *trimmer) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		n, err := t.r.Read(p)
		kept := 0
		for from := 0; from < n; from += blockBytes {
			block := p[from:min(from+blockBytes, n)]
			switch {
			case t.allLeftOut(block):
			case !t.plain(block):
				kept += t.trim(p[kept:], block)
			case kept < from:
				kept += copy(p[kept:], block)
			default:
				kept += len(block)
			}
		}
		t.given += int64(kept)
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}

// plain handles a block in which nothing can be too long and all is easy to
// classify, as in nearly all; for others it does nothing and returns false.
func (t *trimmer) plain(block []byte) bool {
	most := runBytes
	if t.kind == quoted {
		most = t.most
	}
	if t.cutting || t.esc > 0 || t.n+len(block) > most || len(block) > min(runBytes, t.most) ||
		bytes.IndexByte(block, '\\') >= 0 {
		return false
	}
	t.high = false
	quotes := bytes.Count(block, []byte{'"'})
	if (t.kind == quoted) == (quotes%2 == 0) { // ends within a text
		if quotes > 0 {
			t.n = -bytes.LastIndexByte(block, '"') - 1
		}
		t.kind, t.n = quoted, t.n+len(block)
		return true
	}
	last := lexemes[block[len(block)-1]]
	at := len(block)
	for at > 0 && last != mark && lexemes[block[at-1]] == last {
		at--
	}
	if at > 0 || t.kind != last {
		t.n = 0
	}
	t.kind, t.n = last, t.n+len(block)-at
	return true
}

// allLeftOut reports whether the whole block is part of a text that is being cut.
func (t *trimmer) allLeftOut(block []byte) bool {
	if !t.cutting || t.esc > 0 || bytes.IndexByte(block, '"') >= 0 || bytes.IndexByte(block, '\\') >= 0 {
		return false
	}
	t.left += int64(len(block))
	return true
}

// trim works byte by byte. dst is block, or before it in the same buffer.
func (t *trimmer) trim(dst, block []byte) int {
	kept := 0
	for _, c := range block {
		if t.kind == quoted {
			if t.text(c, kept) {
				dst[kept] = c
				kept++
			}
			continue
		}
		kind := lexemes[c]
		if kind != t.kind {
			t.kind, t.n = kind, 0
		}
		switch {
		case c == '"':
			t.kind, t.n = quoted, 0
		case kind == mark:
		case t.n < runBytes:
			t.n++
		case t.n == runBytes && kind == word:
			c = '0' // ends whatever part of a number was cut
			t.cut(kept)
			t.n++
		default:
			if t.n == runBytes {
				t.cut(kept)
				t.n++
			}
			t.left++
			continue
		}
		dst[kept] = c
		kept++
	}
	return kept
}

// text takes a byte within a text, or its last quote, and reports whether it
// stays.
func (t *trimmer) text(c byte, kept int) bool {
	begins := t.esc == 0 // a character, or the end
	switch {
	case !begins:
		t.escaped(c)
	case c == '"':
		t.kind, t.n, t.cutting, t.high = mark, 0, false, false
		return true
	case !t.cutting && t.n >= t.most && t.mayCut(c):
		t.cutting = true
		t.cut(kept)
	}
	if begins && c == '\\' {
		t.esc = 1
	} else if begins {
		t.high = false
	}
	if t.cutting {
		t.left++
		return false
	}
	t.n++
	return true
}

// escaped takes a byte of an escape after its backslash: the letter, then the
// four digits of a \u, whose first two identify a surrogate.
func (t *trimmer) escaped(c byte) {
	switch t.esc--; {
	case t.esc == 0 && t.digits:
		t.digits, t.high = false, t.unit&0xfc == 0xd8
	case t.digits && t.esc >= 2:
		t.unit = t.unit<<4 | hexDigit(c)
	case t.digits:
	case c == 'u':
		t.esc, t.digits = 4, true
	default:
		t.high = false
	}
}

func hexDigit(c byte) uint8 {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// mayCut reports whether a text may end before c, which is not within an escape:
// not within a character, nor between the halves of a surrogate pair. A text that can
// never be cut by this rule is invalid.
func (t *trimmer) mayCut(c byte) bool {
	over := t.n - t.most
	return !(c&0xc0 == 0x80 && over < 4 || c == '\\' && t.high && over < 12)
}

func (t *trimmer) cut(kept int) {
	t.cuts = append(t.cuts, cut{at: t.given + int64(kept), before: t.left, kind: t.kind})
}

// upTo forgets the cuts before an offset and returns the first of those that
// lost something.
func (t *trimmer) upTo(offset int64) (lost error) {
	n := 0
	for n < len(t.cuts) && t.cuts[n].at <= offset {
		if lost == nil && t.cuts[n].kind != space {
			lost = t.tooLong(t.cuts[n].kind)
		}
		n++
	}
	t.cuts = append(t.cuts[:0], t.cuts[n:]...)
	return lost
}

func (t *trimmer) tooLong(kind lexeme) error {
	if kind == word {
		return fmt.Errorf("holds a number longer than %d KiB: %w", runBytes>>10, element.ErrLimit)
	}
	return fmt.Errorf("holds a text longer than %d KiB: %w", t.most>>10, element.ErrLimit)
}

// original is the input offset of an output offset.
func (t *trimmer) original(offset int64) int64 {
	for _, c := range t.cuts {
		if c.at > offset {
			return offset + c.before
		}
	}
	return offset + t.left
}
