package simulator

import "strconv"

// sheaf gathers elements into one body per type, in the order of the types.
type sheaf struct {
	bodies [len(kinds)]body
}

// body is the array of one type as it grows.
type body struct {
	js
	kind     string
	elements int
}

// open begins an element with what they all share. A summaryId is "x" and hex
// numbers: one of the person, the start, and others that a type may add.
func (b *body) open(p *Person, summaryID ...int64) {
	if b.elements == 0 {
		b.b = append(b.b, `{"`+b.kind+`":[`...)
	}
	b.elements++
	b.begin("", '{')
	b.str("userId", p.UserID)
	if p.Token != "" {
		b.str("userAccessToken", p.Token)
	}
	if len(summaryID) > 0 {
		b.summaryID(p, summaryID)
		b.b = append(b.b, '"')
	}
}

// openWith is open with an ending that is not hex.
func (b *body) openWith(p *Person, ending string, summaryID ...int64) {
	b.open(p)
	b.summaryID(p, summaryID)
	b.b = append(b.b, ending...)
	b.b = append(b.b, '"')
}

func (b *body) summaryID(p *Person, parts []int64) {
	b.key("summaryId")
	b.b = append(b.b, `"x`...)
	b.b = append(b.b, p.UserID[3:10]...)
	for _, n := range parts {
		b.b = append(b.b, '-')
		b.b = strconv.AppendInt(b.b, n, 16)
	}
}

func (b *body) close() { b.end('}') }

// bytes is the finished body; nil without elements.
func (b *body) bytes() []byte {
	if b.elements == 0 {
		return nil
	}
	return append(b.b, "]}"...)
}

// inside is what stands between the brackets of a finished body.
func inside(kind string, body []byte) []byte {
	return body[len(kind)+len(`{"":[`) : len(body)-len("]}")]
}

// join makes one body of several of a kind.
func join(kind string, bodies [][]byte) []byte {
	b := []byte(`{"` + kind + `":[`)
	for i, one := range bodies {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, inside(kind, one)...)
	}
	return append(b, "]}"...)
}
