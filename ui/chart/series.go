package chart

import (
	"time"

	"garner/health"
)

// Point is one sample.
type Point struct {
	T int64 // unix milliseconds
	V float64
}

// Span is a stretch of time, and why it is empty.
type Span = health.Span

// Series is samples of one measure, in order of time.
type Series struct {
	Name string
	Unit string
	// Cadence is the nominal distance between samples.
	Cadence time.Duration
	Points  []Point
	// OffBody are the stretches in which the device itself says that it
	// could not measure.
	OffBody []Span
}

// Block is a stretch that is something: a sleep stage, an activity, a spell
// on the wrist.
type Block struct {
	From, To int64 // unix milliseconds
	// Class is the kind of block and becomes part of its CSS class: deep,
	// light, rem, awake, asleep, nap, activity, worn.
	Class string
	Label string
	Href  string
}

// minBreak is the shortest distance that breaks a line: below it a dropped
// sample or two is no news.
const minBreak = 5 * time.Minute

// Break is the distance between samples beyond which a line of this cadence
// must not be joined.
func Break(cadence time.Duration) time.Duration { return max(3*cadence, minBreak) }

// Runs splits samples wherever the line must break. A run of one is drawn as
// a dot.
func (s Series) Runs() [][]Point {
	limit := Break(s.Cadence).Milliseconds()
	var runs [][]Point
	start := 0
	for i := 1; i <= len(s.Points); i++ {
		if i == len(s.Points) || s.Points[i].T-s.Points[i-1].T > limit {
			runs = append(runs, s.Points[start:i])
			start = i
		}
	}
	return runs
}

// Gaps are the stretches of the window without samples, by the same rule as
// Runs, with the device's own explanations cut out.
func (s Series) Gaps(from, to int64) []Span { return s.Holes(from, to, Break(s.Cadence)) }

// Holes are the same for distances longer than a limit.
func (s Series) Holes(from, to int64, longer time.Duration) []Span {
	limit := longer.Milliseconds()
	step := s.Cadence.Milliseconds()
	var gaps []Span
	last := from - step
	for _, p := range append(s.Points[:len(s.Points):len(s.Points)], Point{T: to}) {
		if p.T < from {
			continue
		}
		if p.T-last > limit && min(p.T, to) > last+step {
			gaps = append(gaps, without(Span{From: last + step, To: min(p.T, to)}, s.OffBody)...)
		}
		last = p.T
	}
	return gaps
}

// without is gap less the holes, which are in order of time.
func without(gap Span, holes []Span) []Span {
	var rest []Span
	for _, h := range holes {
		if h.To <= gap.From || h.From >= gap.To {
			continue
		}
		if h.From > gap.From {
			rest = append(rest, Span{From: gap.From, To: h.From})
		}
		gap.From = h.To
	}
	if gap.From < gap.To {
		rest = append(rest, gap)
	}
	return rest
}
