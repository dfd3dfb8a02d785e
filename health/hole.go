package health

import (
	"cmp"
	"slices"
)

// Why samples are absent, as Garner finds; watches name more reasons. Exports and the API
// have the same words.
const (
	HoleOffWrist   = "off wrist"
	HoleUnmeasured = "not measured"
)

// Span is a stretch of time, from inclusive, to exclusive.
type Span struct {
	From, To int64 // unix milliseconds
	// Word is the reason, in a word or two: "off wrist", "recovering from exercise".
	Word string
}

// ExplainHoles returns why samples of one measure are absent, hole by hole. If
// another measure of the same watch shows that it was off the wrist, this applies
// to all of them; the rest of what a record covers was not measured. Everything
// else stays unexplained: it did not come.
func ExplainHoles(holes, unworn, covered []Span) []Span {
	var out []Span
	for _, hole := range holes {
		off := overlaps(hole, unworn)
		for i := range off {
			off[i].Word = HoleOffWrist
		}
		for _, rest := range less(hole, off) {
			for _, c := range overlaps(rest, covered) {
				c.Word = HoleUnmeasured
				off = append(off, c)
			}
		}
		slices.SortFunc(off, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
		out = append(out, off...)
	}
	return out
}

// less is a span without some others, given in order of time.
func less(span Span, others []Span) []Span {
	var out []Span
	for _, o := range others {
		if o.To <= span.From || o.From >= span.To {
			continue
		}
		if o.From > span.From {
			out = append(out, Span{From: span.From, To: o.From})
		}
		span.From = o.To
	}
	if span.From < span.To {
		out = append(out, span)
	}
	return out
}

// overlaps are the parts of spans within one.
func overlaps(one Span, list []Span) []Span {
	var out []Span
	for _, s := range list {
		if from, to := max(one.From, s.From), min(one.To, s.To); from < to {
			out = append(out, Span{from, to, s.Word})
		}
	}
	return out
}
