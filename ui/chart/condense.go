package chart

// Condense thins blocks, which are in order of time, to what can be seen where
// there are more than slots of them: of each of the slots that the window is
// divided into, the kind of block that lasted longest stays. Where blocks
// overlap, the earlier counts.
func Condense(blocks []Block, from, to int64, slots int) []Block {
	if len(blocks) <= slots || to <= from {
		return blocks
	}
	c := condenser{from: from, to: to, slots: int64(slots), lasted: map[string]int64{}}
	for _, b := range blocks {
		c.add(b)
	}
	c.finish()
	return c.out
}

// condenser is one slot after the other.
type condenser struct {
	from, to, slots int64
	slot            int64
	seen            int64            // how far blocks were counted
	lasted          map[string]int64 // within the slot, by class
	best            Block            // of the slot
	out             []Block
}

func (c *condenser) bound(slot int64) int64 { return c.from + (c.to-c.from)*slot/c.slots }

func (c *condenser) add(b Block) {
	end := min(b.To, c.to)
	for at := max(b.From, c.from, c.seen); at < end; at = c.seen {
		for at >= c.bound(c.slot+1) {
			c.finish()
		}
		c.seen = min(end, c.bound(c.slot+1))
		if c.lasted[b.Class] += c.seen - at; c.best.Class == "" || c.lasted[b.Class] > c.lasted[c.best.Class] {
			c.best = b
		}
	}
}

// finish returns what the slot shows, joined to the slot before where that is
// the same, and goes on to the next.
func (c *condenser) finish() {
	from, to := c.bound(c.slot), c.bound(c.slot+1)
	c.slot++
	if len(c.lasted) == 0 {
		return
	}
	b := c.best
	b.From, b.To = from, to
	if n := len(c.out); n > 0 && c.out[n-1].To == from && c.out[n-1].Class == b.Class && c.out[n-1].Href == b.Href {
		c.out[n-1].To = to
	} else {
		c.out = append(c.out, b)
	}
	c.best = Block{}
	clear(c.lasted)
}

// CondenseSpans does the same with spans, by their words.
func CondenseSpans(spans []Span, from, to int64, slots int) []Span {
	if len(spans) <= slots || to <= from {
		return spans
	}
	blocks := make([]Block, len(spans))
	for i, s := range spans {
		blocks[i] = Block{From: s.From, To: s.To, Class: s.Word}
	}
	out := make([]Span, 0, slots)
	for _, b := range Condense(blocks, from, to, slots) {
		out = append(out, Span{From: b.From, To: b.To, Word: b.Class})
	}
	return out
}
