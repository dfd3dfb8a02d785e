package query

import (
	"cmp"
	"math"
	"slices"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// Recording is what was recorded during an activity, by sample. All columns are as
// long as T; a number that a sample does not have is NaN.
type Recording struct {
	// Begin is where its time counts from, in unix seconds.
	Begin int64
	// T is when each sample was taken, in seconds after Begin, rising.
	T []float64
	// Columns are those of garmin.ActivityDetails.Series that have a value.
	Columns []Stream
	// Laps cover it; none if it has no laps.
	Laps []Stretch
	// Pauses are where the timer stood, Unsampled where there are no samples without
	// that, Unplaced where there are samples without a place between others with one.
	Pauses, Unsampled, Unplaced []Stretch
}

// Stream is one measure over all samples.
type Stream struct {
	Name, Label string
	Unit        health.Unit
	Values      []float64
}

// Stretch is a part of a recording, in seconds after its begin.
type Stretch struct{ From, To float64 }

// Silence is how long samples or places may be apart before something is missing.
// Watches that record only changes write every few seconds.
const Silence = 20 * time.Second

// Stream returns the values of a measure by its name in garmin.ActivityDetails, nil
// if there are none.
func (r *Recording) Stream(name string) []float64 {
	for i := range r.Columns {
		if r.Columns[i].Name == name {
			return r.Columns[i].Values
		}
	}
	return nil
}

// Placed reports whether it has places.
func (r *Recording) Placed() bool { return r.Stream("latitude") != nil && r.Stream("longitude") != nil }

// Breaks reports whether a line from one sample to a later one, in seconds after the
// begin, would cross the begin or end of a pause or of what is missing.
func (r *Recording) Breaks(from, to float64) bool {
	for _, list := range [][]Stretch{r.Pauses, r.Unsampled, r.Unplaced} {
		for _, s := range list {
			if s.From >= from && s.From < to || s.To > from && s.To <= to {
				return true
			}
		}
	}
	return false
}

func recordingOf(u unpacked) Recording {
	r := Recording{Begin: u.Start}
	all := map[string][]health.Point{}
	var times []int64
	for i := range garmin.ActivityDetails.Series {
		s := &garmin.ActivityDetails.Series[i]
		points := pointsOf(u, s)
		all[s.Name] = points
		if !sameTimes(points, times) {
			times = joinTimes(times, points)
		}
	}
	for _, ms := range times {
		r.T = append(r.T, float64(ms-r.Begin*1000)/1000)
	}
	for i := range garmin.ActivityDetails.Series {
		s := &garmin.ActivityDetails.Series[i]
		if points := all[s.Name]; len(points) > 0 {
			r.Columns = append(r.Columns, Stream{s.Name, s.Label, s.Unit, spread(times, points)})
		}
	}
	r.laps(u)
	r.stops()
	return r
}

// mostMeasured is beyond all that a device measures, and mostDegrees where Earth ends.
// Larger numbers are no values: scales, axes and maps would overflow.
const mostMeasured = 1e9

var mostDegrees = map[string]float64{"latitude": 90, "longitude": 180}

// pointsOf are the values of a series, without codes and numbers that are none.
func pointsOf(u unpacked, s *garmin.Series) (out []health.Point) {
	s.Each(u.v, u.Start, func(ms int64, n element.Num) bool {
		x := n.Float()
		if s.Reason != nil {
			if _, none := s.Reason(x); none {
				return true
			}
		}
		if math.Abs(x) <= cmp.Or(mostDegrees[s.Name], mostMeasured) {
			out = append(out, health.Point{T: ms, V: x})
		}
		return true
	})
	return out
}

// sameTimes reports whether all points lie at times, in order.
func sameTimes(points []health.Point, times []int64) bool {
	at := 0
	for _, p := range points {
		for at < len(times) && times[at] < p.T {
			at++
		}
		if at == len(times) || times[at] != p.T {
			return false
		}
	}
	return true
}

// joinTimes adds the times of points.
func joinTimes(times []int64, points []health.Point) []int64 {
	for _, p := range points {
		times = append(times, p.T)
	}
	slices.Sort(times)
	return slices.Compact(times)
}

// spread puts points at their place among times. Of two at one instant the last
// counts.
func spread(times []int64, points []health.Point) []float64 {
	out := make([]float64, len(times))
	at := 0
	for i, ms := range times {
		out[i] = math.NaN()
		for ; at < len(points) && points[at].T == ms; at++ {
			out[i] = points[at].V
		}
	}
	return out
}

// mostLaps is how many laps are told apart; what comes after them belongs to the last.
const mostLaps = 1000

// laps reads where laps begin. The last ends with the recording.
func (r *Recording) laps(u unpacked) {
	if len(r.T) == 0 {
		return
	}
	end := r.T[len(r.T)-1]
	var starts []float64
	for lap := range u.v.Get("laps").Items() {
		at, ok := lap.Get("startTimeInSeconds").Float()
		if s := at - float64(r.Begin); ok && s < end {
			starts = append(starts, max(s, 0))
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	starts = starts[:min(len(starts), mostLaps)]
	for i, from := range starts {
		to := end
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		r.Laps = append(r.Laps, Stretch{from, to})
	}
}

// stops finds pauses and what is missing.
func (r *Recording) stops() {
	timer, lat := r.Stream("timer_duration"), r.Stream("latitude")
	long := Silence.Seconds()
	placed := -1
	for i := range r.T {
		if lat != nil && !math.IsNaN(lat[i]) {
			if placed >= 0 && placed < i-1 && r.T[i]-r.T[placed] > long {
				r.Unplaced = append(r.Unplaced, Stretch{r.T[placed], r.T[i]})
			}
			placed = i
		}
		if i == 0 {
			continue
		}
		between := Stretch{r.T[i-1], r.T[i]}
		step := between.To - between.From
		switch {
		case timer != nil && step-(timer[i]-timer[i-1]) > pauseSlack:
			r.Pauses = lengthen(r.Pauses, between)
		case step > long:
			r.Unsampled = lengthen(r.Unsampled, between)
		}
	}
}

// pauseSlack is how far the timer, in whole seconds, may lag behind the clock without
// a pause, in seconds.
const pauseSlack = 1.5

// lengthen adds a stretch, joined to the last where it goes on.
func lengthen(list []Stretch, s Stretch) []Stretch {
	if n := len(list); n > 0 && list[n-1].To == s.From {
		list[n-1].To = s.To
		return list
	}
	return append(list, s)
}
