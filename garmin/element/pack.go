package element

import "encoding/binary"

// The tags of the packed form.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInt     // mantissa
	tagDecimal // decimals, mantissa
	tagLiteral // text
	tagString  // text
	tagArray   // count, items
	tagObject  // count, (text, value)…
	tagPoints  // count, ints, numbers
	tagRows    // see packRows
)

// AppendPacked appends the packed form: columns are stored together, so that a
// general compressor works well on them.
func (v Value) AppendPacked(dst []byte) []byte {
	return appendNode(append(dst, byte(packedVersion)), v)
}

func appendNode(b []byte, v Value) []byte {
	switch n := v.n.(type) {
	case boolNode:
		if n {
			return append(b, tagTrue)
		}
		return append(b, tagFalse)
	case Num:
		return appendNum(b, n)
	case stringNode:
		return appendText(append(b, tagString), string(n))
	case *listNode:
		b = binary.AppendUvarint(append(b, tagArray), uint64(len(n.items)))
		for _, item := range n.items {
			b = appendNode(b, item)
		}
		return b
	case *objectNode:
		b = binary.AppendUvarint(append(b, tagObject), uint64(len(n.names)))
		for i, name := range n.names {
			b = appendNode(appendText(b, name), n.vals[i])
		}
		return b
	case *pointsNode:
		b = binary.AppendUvarint(append(b, tagPoints), uint64(len(n.names)))
		return appendColumn(appendInts(b, n.names), &n.nums)
	case *rowsNode:
		return appendRows(append(b, tagRows), n)
	}
	return append(b, tagNull)
}

func appendNum(b []byte, n Num) []byte {
	switch {
	case n.Literal != "":
		return appendText(append(b, tagLiteral), n.Literal)
	case n.Decimals > 0:
		return binary.AppendVarint(append(b, tagDecimal, n.Decimals), n.Mantissa)
	}
	return binary.AppendVarint(append(b, tagInt), n.Mantissa)
}

// appendText writes a well-known name as its number, other text inline.
func appendText(b []byte, s string) []byte {
	if i, ok := nameIndex[s]; ok {
		return binary.AppendUvarint(b, uint64(i)<<1|1)
	}
	return append(binary.AppendUvarint(b, uint64(len(s))<<1), s...)
}

func appendRows(b []byte, n *rowsNode) []byte {
	b = binary.AppendUvarint(b, uint64(len(n.names)))
	for _, name := range n.names {
		b = appendText(b, name)
	}
	b = binary.AppendUvarint(b, uint64(len(n.shapes)))
	for _, s := range n.shapes {
		b = binary.AppendUvarint(b, uint64(len(s)))
		for _, cell := range s {
			b = binary.AppendUvarint(b, uint64(cell))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(n.shapeOf)))
	b = append(b, n.shapeOf...)
	for i := range n.names {
		b = binary.AppendUvarint(b, uint64(len(n.numbers[i].mantissas)))
		if len(n.numbers[i].mantissas) > 0 {
			b = appendColumn(b, &n.numbers[i])
		}
		b = binary.AppendUvarint(b, uint64(len(n.others[i])))
		for _, v := range n.others[i] {
			b = appendNode(b, v)
		}
	}
	return b
}
