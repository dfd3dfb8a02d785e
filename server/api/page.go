package api

import (
	"encoding/json"
	"errors"

	"garner/db"
	"garner/garmin/element"
)

// page is an answer of several items whose JSON is written directly.
type page struct {
	b       []byte
	n       int
	damaged []*db.DamagedError
}

// mostBytes ends a page before its limit, so that an answer stays small enough to hold.
const mostBytes = 16 << 20

func newPage() *page { return &page{b: []byte(`{"data":[`)} }

// item begins an item. The caller appends it to b.
func (p *page) item() {
	if p.n++; p.n > 1 {
		p.b = append(p.b, ',')
	}
}

// full reports whether the page has all that it may have.
func (p *page) full(limit int) bool { return p.n >= limit || len(p.b) >= mostBytes }

// noted notes a record that is damaged and left out. It reports whether err says so.
func (p *page) noted(err error) bool {
	damage, ok := errors.AsType[*db.DamagedError](err)
	if ok {
		p.damaged = append(p.damaged, damage)
	}
	return ok
}

// end ends the page; next is empty for the last one.
func (p *page) end(next string) json.RawMessage {
	b := append(p.b, ']')
	if next != "" {
		b = element.AppendQuoted(append(b, `,"next":`...), next)
	}
	for i, d := range p.damaged {
		if i == 0 {
			b = append(b, `,"damaged":[`...)
		} else {
			b = append(b, ',')
		}
		b = element.AppendQuoted(append(b, `{"type":`...), d.Type)
		b = element.AppendQuoted(append(b, `,"date":`...), d.Day.String())
		b = append(element.AppendQuoted(append(b, `,"reason":`...), d.Why), '}')
	}
	if len(p.damaged) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}
