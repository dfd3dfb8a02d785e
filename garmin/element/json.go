package element

import (
	"crypto/sha256"
	"hash"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// AppendJSON appends the value as JSON without white space: the same names in
// the same order, the same number literals. An absent value is null.
func (v Value) AppendJSON(dst []byte) []byte {
	w := writer{b: dst}
	w.value(v)
	return w.b
}

// Sum is a hash of the content; it depends neither on white space nor on the
// packed form, which may change one day: it is the start of the SHA-256 of the
// output of AppendJSON.
func (v Value) Sum() (out [16]byte) {
	w := writer{b: make([]byte, 0, 2*chunk), hash: sha256.New()}
	w.value(v)
	w.hash.Write(w.b)
	copy(out[:], w.hash.Sum(nil))
	return out
}

// writer writes JSON to b and, where it has a hash, from there into the hash
// before b grows: the text of a long activity would take more memory than the
// activity does.
type writer struct {
	b    []byte
	hash hash.Hash
}

const chunk = 4096

func (w *writer) flush() {
	if w.hash != nil && len(w.b) >= chunk {
		w.hash.Write(w.b)
		w.b = w.b[:0]
	}
}

func (w *writer) value(v Value) {
	switch n := v.n.(type) {
	case boolNode:
		w.b = strconv.AppendBool(w.b, bool(n))
	case Num:
		w.b = n.AppendText(w.b)
	case stringNode:
		w.b = AppendQuoted(w.b, string(n))
	case *listNode:
		w.list(n)
	case *rowsNode:
		w.rows(n)
	case *objectNode:
		w.object(n)
	case *pointsNode:
		w.points(n)
	default:
		w.b = append(w.b, "null"...)
	}
	w.flush()
}

func (w *writer) comma(i int) {
	if i > 0 {
		w.b = append(w.b, ',')
	}
}

func (w *writer) list(n *listNode) {
	w.b = append(w.b, '[')
	for i, item := range n.items {
		w.comma(i)
		w.value(item)
	}
	w.b = append(w.b, ']')
}

func (w *writer) object(n *objectNode) {
	w.b = append(w.b, '{')
	for i, name := range n.names {
		w.comma(i)
		w.b = append(AppendQuoted(w.b, name), ':')
		w.value(n.vals[i])
	}
	w.b = append(w.b, '}')
}

func (w *writer) points(n *pointsNode) {
	w.b = append(w.b, '{')
	for i, name := range n.names {
		w.comma(i)
		w.b = append(strconv.AppendInt(append(w.b, '"'), name, 10), '"', ':')
		w.b = n.nums.at(i).AppendText(w.b)
		w.flush()
	}
	w.b = append(w.b, '}')
}

func (w *writer) rows(n *rowsNode) {
	names := make([][]byte, len(n.names))
	for i, name := range n.names {
		names[i] = append(AppendQuoted(nil, name), ':')
	}
	c := n.cursor()
	w.b = append(w.b, '[')
	for i, s := range n.shapeOf {
		w.comma(i)
		w.b = append(w.b, '{')
		for k, cell := range n.shapes[s] {
			w.comma(k)
			w.b = append(w.b, names[cell>>1]...)
			if cell&1 == 0 {
				w.b = c.num(cell >> 1).AppendText(w.b)
			} else {
				w.value(c.other(cell >> 1))
			}
		}
		w.b = append(w.b, '}')
		w.flush()
	}
	w.b = append(w.b, ']')
}

// AppendQuoted writes a string; what is not valid UTF-8 becomes U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			// The error only says that invalid UTF-8 was replaced.
			dst, _ = jsontext.AppendQuote(dst, s)
			return dst
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}
