package chart

import (
	"cmp"
	"slices"
)

// Part is the ribbon between two instants in unix milliseconds, which lie within its
// bounds: only what is there, at the full width. A lane whose scale is that of its data
// takes the scale of the part.
func (r Ribbon) Part(from, to int64) Ribbon {
	out := r
	out.From, out.To = from, to
	if r.Midnight != 0 {
		out.Midnight = min(max(r.Midnight, from), to)
	}
	out.Seams = nil
	for _, s := range r.Seams {
		if s.At <= from {
			out.Offset = s.Offset
		} else if s.At < to {
			out.Seams = append(out.Seams, s)
		}
	}
	out.Marks = slices.DeleteFunc(slices.Clone(r.Marks), func(m Mark) bool { return m.At < from || m.At > to })
	out.Lanes = make([]Lane, len(r.Lanes))
	for i, l := range r.Lanes {
		out.Lanes[i] = l.part(from, to)
	}
	return out
}

// part is what a lane has between two instants.
func (l Lane) part(from, to int64) Lane {
	points := l.Series.Points
	begin, _ := slices.BinarySearchFunc(points, from, byTime)
	end, _ := slices.BinarySearchFunc(points, to, byTime)
	l.Series.Points = points[begin:end:end]
	l.Series.OffBody = slices.DeleteFunc(slices.Clone(l.Series.OffBody), func(s Span) bool {
		return s.To <= from || s.From >= to
	})
	l.Blocks = slices.DeleteFunc(slices.Clone(l.Blocks), func(b Block) bool { return b.To <= from || b.From >= to })
	return l
}

func byTime(p Point, t int64) int { return cmp.Compare(p.T, t) }
