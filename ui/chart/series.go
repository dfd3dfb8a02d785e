package chart

import (
	"time"

	"garner/health"
)

// Point is one sample.
type Point = health.Point

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

// Break is the distance between samples beyond which a line of this cadence
// must not be joined.
func Break(cadence time.Duration) time.Duration { return health.Break(cadence) }

// Runs splits samples wherever the line must break. A run of one is drawn as
// a dot.
func (s Series) Runs() [][]Point { return s.samples().Runs() }

// Gaps are the stretches of the window without samples, by the same rule as
// Runs, with the device's own explanations cut out.
func (s Series) Gaps(from, to int64) []Span { return s.samples().Holes(from, to, Break(s.Cadence)) }

func (s Series) samples() health.Samples {
	return health.Samples{Cadence: s.Cadence, Points: s.Points, Off: s.OffBody}
}
