package ui

import (
	"math"

	"garner/health"
	"garner/query"
)

// stream is one measure of an activity in the reader's units, a number for each sample;
// NaN where there is none.
type stream struct {
	Name, Label string
	// scale is how its numbers are written.
	unit     health.Unit
	scale    scale
	Decimals int
	// Pace means minutes, written as 5:30: the less, the faster.
	Pace   bool
	Values []float64
}

// notStreams are the columns that are places and clocks.
var notStreams = map[string]bool{"latitude": true, "longitude": true, "distance": true, "timer_duration": true,
	"clock_duration": true, "moving_duration": true}

// streamOrder is the order in which streams stand, others behind.
var streamOrder = []string{"heart_rate", "speed", "elevation", "cadence", "bike_cadence", "swim_cadence",
	"push_cadence", "power", "air_temperature"}

// streamDecimals are those of streams whose unit has fractions that say something.
var streamDecimals = map[string]int{"elevation": 1, "air_temperature": 1}

// streamsOf are the measures of a recording.
func streamsOf(u Units, d *query.ActivityDetail) (out []stream) {
	add := func(c query.Stream) { out = append(out, u.stream(sportOf(d.Sport), c)) }
	listed := map[string]bool{}
	for _, name := range streamOrder {
		listed[name] = true
		for _, c := range d.Columns {
			if c.Name == name {
				add(c)
			}
		}
	}
	for _, c := range d.Columns {
		if !listed[c.Name] && !notStreams[c.Name] {
			add(c)
		}
	}
	return out
}

// stream converts a column.
func (u Units) stream(s sport, c query.Stream) stream {
	out := stream{Name: c.Name, Label: c.Label, unit: c.Unit, Decimals: streamDecimals[c.Name]}
	each := func(x float64) float64 { return x }
	if c.Name == "speed" && s.pace != "" {
		out.Name, out.Label, out.unit, out.Pace, out.Decimals = "pace", "Pace", s.pace, true, 3
		each = func(x float64) float64 {
			if minutes, ok := s.paceOf(x); ok {
				return minutes
			}
			return math.NaN()
		}
	}
	out.scale = u.scale(out.unit)
	out.Decimals += out.scale.decimals
	out.Values = make([]float64, len(c.Values))
	for i, x := range c.Values {
		out.Values[i] = each(x)*out.scale.factor + out.scale.offset
	}
	return out
}
