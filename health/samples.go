package health

import "time"

// Point is one sample.
type Point struct {
	T int64 // unix milliseconds
	V float64
}

// Samples are the values of one measure over some time.
type Samples struct {
	// Cadence is the nominal distance between samples.
	Cadence time.Duration
	// Points are in order of time.
	Points []Point
	// Off are the spans without samples for a known reason, in order of
	// time.
	Off []Span
}

// minBreak is the shortest distance that breaks a run of samples, so that one or
// two dropped samples do not.
const minBreak = 5 * time.Minute

// Break is the distance beyond which two samples of this cadence are in different
// runs.
func Break(cadence time.Duration) time.Duration { return max(3*cadence, minBreak) }

// BreakDays is the distance, in days, beyond which two values that come as they come, such
// as weighings, are no longer joined by a line.
const BreakDays = 14

// Runs splits the samples where the distance exceeds Break.
func (s Samples) Runs() [][]Point {
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

// Holes are the spans between from and to, in unix milliseconds, without samples
// for longer than a limit, minus explained spans.
func (s Samples) Holes(from, to int64, longer time.Duration) []Span {
	limit := longer.Milliseconds()
	step := s.Cadence.Milliseconds()
	var holes []Span
	last := from - step
	for _, p := range append(s.Points[:len(s.Points):len(s.Points)], Point{T: to}) {
		if p.T < from {
			continue
		}
		if p.T-last > limit && min(p.T, to) > last+step {
			holes = append(holes, less(Span{From: last + step, To: min(p.T, to)}, s.Off)...)
		}
		last = p.T
	}
	return holes
}
