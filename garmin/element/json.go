package element

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// AppendJSON appends the value as JSON without white space: the same names in
// the same order, the same number literals. An absent value is null.
func (v Value) AppendJSON(dst []byte) []byte {
	switch n := v.n.(type) {
	case boolNode:
		return strconv.AppendBool(dst, bool(n))
	case Num:
		return n.AppendText(dst)
	case stringNode:
		return AppendQuoted(dst, string(n))
	case *listNode:
		dst = append(dst, '[')
		for i, item := range n.items {
			dst = appendComma(dst, i)
			dst = item.AppendJSON(dst)
		}
		return append(dst, ']')
	case *rowsNode:
		dst = append(dst, '[')
		i := 0
		n.each(func(o *objectNode) bool {
			dst = appendComma(dst, i)
			dst = Value{o}.AppendJSON(dst)
			i++
			return true
		})
		return append(dst, ']')
	case *objectNode:
		dst = append(dst, '{')
		for i, name := range n.names {
			dst = appendComma(dst, i)
			dst = append(AppendQuoted(dst, name), ':')
			dst = n.vals[i].AppendJSON(dst)
		}
		return append(dst, '}')
	case *pointsNode:
		dst = append(dst, '{')
		for i, name := range n.names {
			dst = appendComma(dst, i)
			dst = append(strconv.AppendInt(append(dst, '"'), name, 10), '"', ':')
			dst = n.nums.at(i).AppendText(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

func appendComma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

// AppendQuoted writes a string; what is not valid UTF-8 becomes U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] != '"' && s[i] != '\\' && s[i] < 0x7f
	}
	if plain {
		return append(append(append(dst, '"'), s...), '"')
	}
	out, err := jsontext.AppendQuote(dst, s)
	if err != nil && len(out) == len(dst) {
		return append(dst, `""`...) // not reached: invalid UTF-8 is replaced
	}
	return out
}
