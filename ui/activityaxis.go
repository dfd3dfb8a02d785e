package ui

import (
	"math"
	"strconv"
	"time"

	"garner/query"
	"garner/ui/chart"
)

// The axes of the streams of an activity.
const (
	axisDistance = "distance"
	axisMoving   = "moving"
	axisClock    = "clock"
)

// slowestPace is where the scale of a pace ends, in minutes: above, a person stands.
const slowestPace = 20

// streams draws the measures over an axis.
func (w *activityWriter) streams(axis string) {
	xs := map[string][]float64{axisDistance: w.d.Rising("distance"), axisMoving: w.d.Rising("moving_duration"),
		axisClock: w.d.T}
	if xs[axis] == nil {
		axis = axisClock
		for _, first := range []string{axisMoving, axisDistance} {
			if xs[first] != nil {
				axis = first
			}
		}
	}
	for _, c := range []Choice{{axisDistance, "Distance", false}, {axisMoving, "Moving time", false},
		{axisClock, "Clock", false}} {
		if xs[c.Value] != nil {
			c.Chosen = c.Value == axis
			w.v.Axes = append(w.v.Axes, c)
		}
	}
	x := xs[axis]
	w.v.Streams = chart.Streams{From: 0, To: thousandths(last(x)), Ticks: w.ticks(axis, last(x))}
	if axis == axisClock {
		for _, p := range w.d.Pauses {
			w.v.Streams.Pauses = append(w.v.Streams.Pauses, chart.Span{From: thousandths(p.From), To: thousandths(p.To)})
		}
	}
	list := streamsOf(w.v.Units, w.d)
	w.twin(list)
	for _, s := range list {
		write := func(v float64) string { return grouped(v, 0) }
		out := chart.Stream{ID: "stream-" + s.Name, Key: s.Name, Title: s.Label + ", " + s.scale.name, Invert: s.Pace,
			Runs: w.runs(x, s.Values), Format: write}
		if s.Pace {
			out.Format, out.Clip, out.ClipText = minutes, slowestPace, "slower than "+minutes(slowestPace)
		}
		w.v.List = append(w.v.List, out)
	}
}

// runs are the parts of a measure without a pause, a hole or a value that is missing.
func (w *activityWriter) runs(x, values []float64) (out [][]chart.Point) {
	before := -1
	for i, v := range values {
		if math.IsNaN(v) || math.IsNaN(x[i]) {
			continue
		}
		if before < 0 || w.apart(w.d.T[before], w.d.T[i]) {
			out = append(out, nil)
		}
		n := len(out) - 1
		out[n], before = append(out[n], chart.Point{T: thousandths(x[i]), V: v}), i
	}
	return out
}

// apart reports whether two samples must not be joined.
func (w *activityWriter) apart(from, to float64) bool {
	if to-from > query.Silence.Seconds() {
		return true
	}
	for _, p := range w.d.Pauses {
		if from < p.To && to > p.From {
			return true
		}
	}
	return false
}

func thousandths(x float64) int64 { return int64(math.Round(x * 1000)) }

func last(list []float64) float64 {
	for i := len(list) - 1; i >= 0; i-- {
		if !math.IsNaN(list[i]) {
			return list[i]
		}
	}
	return 0
}

// inUnit writes a distance of an axis.
func inUnit(long scale, v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) + thin + long.name
}

// stepWithin is the first of some steps that is not less than another, or the last one
// doubled until it is: samples may be years apart.
func stepWithin(least float64, steps ...float64) float64 {
	for _, s := range steps {
		if s >= least {
			return s
		}
	}
	step := steps[len(steps)-1]
	for step < least {
		step *= 2
	}
	return step
}

// ticks are round distances, lengths of time or times of day.
func (w *activityWriter) ticks(axis string, to float64) (out []chart.StreamTick) {
	const most = 7
	if axis == axisDistance {
		long := w.v.Units.long()
		for _, v := range chart.Ticks(0, to*long.factor, most) {
			out = append(out, chart.StreamTick{At: thousandths(v / long.factor), Text: inUnit(long, v)})
		}
		return out
	}
	step := stepWithin(to/most, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)
	at := 0.0
	if axis == axisClock {
		local := math.Mod(float64(w.d.Begin+int64(w.d.Offset)), step)
		at = math.Mod(step-local, step)
	}
	for ; at <= to; at += step {
		text := Duration(time.Duration(at) * time.Second)
		if axis == axisClock {
			text = w.p.Time(onClock(w.d.Begin+int64(at), w.d.Offset))
		}
		out = append(out, chart.StreamTick{At: thousandths(at), Text: text})
	}
	return out
}
