package ui

import (
	"math"
	"strconv"

	"garner/query"
	"garner/ui/text"
)

// ActivitySamples is what was recorded during an activity, by column, for scripts. Its
// numbers are the reader's: scripts change nothing but the number of decimals. Times
// are seconds since Start; what a sample does not have is null.
type ActivitySamples struct {
	// Start is in unix seconds, Offset how far the watch's clock was ahead of UTC.
	Start  int64 `json:"start"`
	Offset int32 `json:"offset"`
	// Clock is 12 for times of day such as 7:05 pm; anything else is 24 hours.
	Clock text.Clock `json:"clock"`
	T     numbers    `json:"t"`
	// Weights are the seconds that a sample counts in a mean.
	Weights numbers        `json:"weights"`
	Columns []SampleColumn `json:"columns"`
	// Lat and Lon are in degrees; empty without any places.
	Lat numbers `json:"lat"`
	Lon numbers `json:"lon"`
	// Distance is in metres, Moving in seconds; each is empty if it cannot be an axis.
	Distance numbers `json:"distance"`
	Moving   numbers `json:"moving"`
	// DistanceUnit is km or mi, and DistancePerMeter how much of it a metre is.
	DistanceUnit     string       `json:"distance_unit"`
	DistancePerMeter float64      `json:"distance_per_meter"`
	Laps             []SampleLap  `json:"laps"`
	Pauses           []SampleSpan `json:"pauses"`
	Gaps             []SampleSpan `json:"gaps"`
}

// SampleColumn is one measure.
type SampleColumn struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Unit     string `json:"unit"`
	Decimals int    `json:"decimals"`
	// Invert means that less is more: the axis has low numbers at its top. Pace means
	// that the numbers are minutes, to be written as 5:30.
	Invert bool `json:"invert"`
	Pace   bool `json:"pace"`
	// Noise is by how much an elevation must rise until it is a climb; 0 for other measures.
	Noise  float64 `json:"noise,omitempty"`
	Values numbers `json:"values"`
}

// SampleLap is a lap, counted from 1.
type SampleLap struct {
	Index int     `json:"index"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
}

// SampleSpan is a pause, or a stretch without samples and why.
type SampleSpan struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	Why  string  `json:"why,omitempty"`
}

// numbers are written with at most some decimals, NaN as null.
type numbers struct {
	values   []float64
	decimals int
}

// MarshalJSON writes an array.
func (n numbers) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 2+6*len(n.values)), '[')
	round := math.Pow10(n.decimals)
	for i, x := range n.values {
		if i > 0 {
			b = append(b, ',')
		}
		if x = math.Round(x*round) / round; math.IsNaN(x) || math.IsInf(x, 0) {
			b = append(b, "null"...)
		} else {
			b = strconv.AppendFloat(b, x+0, 'f', -1, 64) // + 0 makes 0 of -0
		}
	}
	return append(b, ']'), nil
}

// NewActivitySamples puts a recording into a reader's units, and tells their clock.
func NewActivitySamples(u Units, clock text.Clock, d *query.ActivityDetail) ActivitySamples {
	long := u.long()
	out := ActivitySamples{Start: d.Begin, Offset: d.Offset, Clock: clock, T: numbers{d.T, 3},
		Weights: numbers{d.Weights(), 3}, Columns: []SampleColumn{},
		Distance: numbers{d.Rising("distance"), 2}, Moving: numbers{d.Rising("moving_duration"), 0},
		DistanceUnit: long.name, DistancePerMeter: long.factor, Laps: []SampleLap{}, Pauses: spansOf(d.Pauses, "")}
	if d.Placed() {
		out.Lat, out.Lon = numbers{d.Stream("latitude"), 7}, numbers{d.Stream("longitude"), 7}
	}
	for _, s := range streamsOf(u, d) {
		c := SampleColumn{Name: s.Name, Label: s.Label, Unit: s.scale.name, Decimals: s.Decimals, Invert: s.Pace,
			Pace: s.Pace, Values: numbers{s.Values, s.Decimals}}
		if s.Name == "elevation" {
			c.Noise = barometerNoise * s.scale.factor
		}
		out.Columns = append(out.Columns, c)
	}
	for i, l := range d.Laps {
		out.Laps = append(out.Laps, SampleLap{i + 1, l.From, l.To})
	}
	out.Gaps = append(spansOf(d.Unsampled, noSamples), spansOf(d.Unplaced, noSignal)...)
	return out
}

// barometerNoise is how many metres the elevation of a watch that stands still goes up and
// down. In the climb of a part of an activity, a rise counts from there on; the climb of a
// whole activity is Garmin's own.
const barometerNoise = 2

// Why an activity has no samples or no places for a while.
const (
	noSamples = "no samples"
	noSignal  = "no signal"
)

func spansOf(list []query.Stretch, why string) []SampleSpan {
	out := []SampleSpan{}
	for _, s := range list {
		out = append(out, SampleSpan{s.From, s.To, why})
	}
	return out
}
