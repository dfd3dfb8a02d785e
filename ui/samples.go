package ui

import (
	"math"
	"strconv"

	"garner/health"
	"garner/query"
)

// ActivitySamples is what was recorded during an activity, by column, for scripts. Its
// numbers are the reader's: scripts change nothing but the number of decimals. Times
// are seconds since Start; what a sample does not have is null.
type ActivitySamples struct {
	// Start is in unix seconds, Offset how far the watch's clock was ahead of UTC.
	Start   int64          `json:"start"`
	Offset  int32          `json:"offset"`
	T       numbers        `json:"t"`
	Columns []SampleColumn `json:"columns"`
	// Lat and Lon are in degrees; empty without any places.
	Lat numbers `json:"lat"`
	Lon numbers `json:"lon"`
	// Distance is in metres, Moving in seconds; each is empty if it was not recorded.
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
	Invert bool    `json:"invert"`
	Pace   bool    `json:"pace"`
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

// NewActivitySamples puts a recording into a reader's units.
func NewActivitySamples(u Units, d *query.ActivityDetail) ActivitySamples {
	long := u.long()
	out := ActivitySamples{Start: d.Begin, Offset: d.Offset, T: numbers{d.T, 3}, Columns: []SampleColumn{},
		Distance: numbers{d.Stream("distance"), 2}, Moving: numbers{d.Stream("moving_duration"), 0},
		DistanceUnit: long.name, DistancePerMeter: long.factor, Laps: []SampleLap{}, Pauses: spansOf(d.Pauses, "")}
	if d.Placed() {
		out.Lat, out.Lon = numbers{d.Stream("latitude"), 7}, numbers{d.Stream("longitude"), 7}
	}
	for _, s := range streamsOf(u, d) {
		out.Columns = append(out.Columns, SampleColumn{s.Name, s.Label, s.scale.name, s.Decimals, s.Pace, s.Pace,
			numbers{s.Values, s.Decimals}})
	}
	for i, l := range d.Laps {
		out.Laps = append(out.Laps, SampleLap{i + 1, l.From, l.To})
	}
	out.Gaps = append(spansOf(d.Unsampled, noSamples), spansOf(d.Unplaced, noSignal)...)
	return out
}

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

// DaySamples are the lanes of a day with every sample, for scripts. Times are seconds
// since Start.
type DaySamples struct {
	// Start and End are in unix seconds, Midnight seconds after Start.
	Start    int64 `json:"start"`
	End      int64 `json:"end"`
	Midnight int64 `json:"midnight"`
	// Offset is that of the watch's clock at Start; Seams are where it changed.
	Offset int32        `json:"offset"`
	Seams  []SampleSeam `json:"seams"`
	Lanes  []SampleLane `json:"lanes"`
}

// SampleSeam is a change of the watch's clock.
type SampleSeam struct {
	At     int64 `json:"at"`
	Offset int32 `json:"offset"`
}

// SampleLane is one measure of a day.
type SampleLane struct {
	Key      string `json:"key"`
	Title    string `json:"title"`
	Unit     string `json:"unit"`
	Decimals int    `json:"decimals"`
	// Break is the distance in seconds beyond which samples are not joined.
	Break float64      `json:"break"`
	T     numbers      `json:"t"`
	V     numbers      `json:"v"`
	Off   []SampleSpan `json:"off"`
}

// NewDaySamples puts a day into a reader's units.
func NewDaySamples(u Units, d query.Day) DaySamples {
	out := DaySamples{Start: d.First, End: d.To, Midnight: d.From - d.First, Seams: []SampleSeam{},
		Lanes: []SampleLane{}}
	if len(d.Types) == 0 {
		return out
	}
	out.Offset = d.Clock.Offset(d.First)
	for _, c := range d.Clock.Changes(d.First, d.To) {
		out.Seams = append(out.Seams, SampleSeam{c.At - d.First, c.Offset})
	}
	for _, l := range []struct {
		key, title string
		m          query.Measure
	}{{"stress", "Stress", d.Stress}, {"battery", "Body Battery", d.BodyBattery}, {"heart", "Heart rate", d.HeartRate},
		{"steps", "Steps", d.Steps}, {"spo2", "Blood oxygen", d.SpO2}, {"respiration", "Respiration", d.Respiration}} {
		out.Lanes = append(out.Lanes, u.lane(l.key, l.title, l.m, d.First))
	}
	return out
}

// lane is one with its samples counted from an instant in unix seconds.
func (u Units) lane(key, title string, m query.Measure, from int64) SampleLane {
	s := u.scale(m.Unit)
	l := SampleLane{Key: key, Title: title, Unit: s.name, Decimals: s.decimals, Break: health.Break(m.Cadence).Seconds(),
		T: numbers{decimals: 3}, V: numbers{decimals: s.decimals + 1}, Off: []SampleSpan{}}
	since := func(ms int64) float64 { return float64(ms)/1000 - float64(from) }
	for _, p := range m.Points {
		l.T.values = append(l.T.values, since(p.T))
		l.V.values = append(l.V.values, p.V*s.factor+s.offset)
	}
	for _, off := range m.Off {
		l.Off = append(l.Off, SampleSpan{since(off.From), since(off.To), off.Word})
	}
	return l
}
