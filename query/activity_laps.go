package query

import (
	"math"
	"sort"
	"strings"

	"garner/garmin"
	"garner/health"
)

// LapFigures sum up a lap; numbers are NaN where nothing is known.
type LapFigures struct {
	Stretch
	// Seconds are by the timer, without pauses. MeanBPM is by time.
	Seconds, Meters, MeanBPM float64
}

// LapFigures are those of each lap.
func (r *Recording) LapFigures() []LapFigures {
	timer, distance, bpm := r.Stream("timer_duration"), r.Stream("distance"), r.Stream("heart_rate")
	weights := r.Weights()
	var out []LapFigures
	for _, lap := range r.Laps {
		f := LapFigures{Stretch: lap, Seconds: r.passed(timer, lap), Meters: r.passed(distance, lap), MeanBPM: math.NaN()}
		if math.IsNaN(f.Seconds) {
			f.Seconds = lap.To - lap.From
		}
		if bpm != nil {
			from, to := sort.SearchFloat64s(r.T, lap.From), sort.SearchFloat64s(r.T, lap.To)
			f.MeanBPM = meanOf(bpm[from:to], weights[from:to])
		}
		out = append(out, f)
	}
	return out
}

// Weights are the seconds from each sample to the next: 0 for the last, across a pause, and
// where samples are missing. Every mean and every time in a zone is by them.
func (r *Recording) Weights() []float64 {
	out, pauses := make([]float64, len(r.T)), r.Pauses
	for i := 0; i+1 < len(r.T); i++ {
		for len(pauses) > 0 && pauses[0].To <= r.T[i] {
			pauses = pauses[1:]
		}
		step := r.T[i+1] - r.T[i]
		if paused := len(pauses) > 0 && pauses[0].From < r.T[i+1]; !paused && step <= Silence.Seconds() {
			out[i] = step
		}
	}
	return out
}

// meanOf is a mean by weights, NaN without a value.
func meanOf(values, weights []float64) float64 {
	sum, all := 0.0, 0.0
	for i, x := range values {
		if !math.IsNaN(x) {
			sum, all = sum+x*weights[i], all+weights[i]
		}
	}
	return sum / all
}

// Rising is a counter that can be an axis: nil if it was not recorded, or if it falls, since
// the parts of a multisport activity each begin at 0 anew.
func (r *Recording) Rising(name string) []float64 {
	counter, before := r.Stream(name), math.Inf(-1)
	for _, x := range counter {
		if x < before {
			return nil
		}
		if !math.IsNaN(x) {
			before = x
		}
	}
	return counter
}

// passed is how much a counter grew in a stretch. The parts of a multisport activity may
// each begin at 0 anew: where a counter falls, it starts again.
func (r *Recording) passed(counter []float64, in Stretch) float64 {
	if counter == nil {
		return math.NaN()
	}
	at := sort.SearchFloat64s(r.T, in.From)
	if at == len(r.T) || r.T[at] > in.From {
		at--
	}
	for at > 0 && math.IsNaN(counter[at]) {
		at--
	}
	before, grown := math.NaN(), math.NaN()
	for i := max(at, 0); i < len(r.T) && r.T[i] <= in.To; i++ {
		x := counter[i]
		switch {
		case math.IsNaN(x):
			continue
		case math.IsNaN(grown):
			grown = 0
		default:
			grown += max(0, x-before)
		}
		before = x
	}
	return grown
}

// Last is the last value of a measure, NaN if there is none.
func (r *Recording) Last(name string) float64 {
	last := math.NaN()
	for _, x := range r.Stream(name) {
		if !math.IsNaN(x) {
			last = x
		}
	}
	return last
}

// Zones are the heart rate zones that held for an activity.
type Zones struct {
	// Floors are where zones 1 to 5 begin, in bpm.
	Floors [5]float64
	// Seconds are the time below zone 1 and in zones 1 to 5. Time without samples and
	// pauses are left out.
	Seconds [6]float64
	// Since is the last day up to the activity's on which Garmin had them, or else the first
	// one after it.
	Since health.Day
}

// zones finds the time in zones: those of the sport, or else those of all sports, as they
// were on the activity's day, or else the first ones after it.
func (r *activityReader) zones() (err error) {
	d := &r.out
	bpm := d.Stream("heart_rate")
	if bpm == nil {
		return nil
	}
	if d.Zones, err = r.zonesWithin(0, d.Day, false); err == nil && d.Zones == nil {
		d.Zones, err = r.zonesWithin(d.Day+1, forever, true)
	}
	if d.Zones != nil {
		d.Zones.count(&d.Recording, bpm)
	}
	return err
}

// zonesWithin are the last zones of the days from from to to, or the first ones.
func (r *activityReader) zonesWithin(from, to health.Day, first bool) (*Zones, error) {
	var z *Zones
	own := false
	for u, err := range intact(r.q.Store.Each(r.ctx, r.person, garmin.HeartRateZones.Key, from, to)) {
		if err != nil {
			return nil, err
		}
		sport := u.v.Get("sport").Text()
		ours := sport != "" && strings.Contains(r.out.Sport, sport)
		next, ok := zonesOf(u)
		if !ok || !ours && (own || sport != "DEFAULT") || first && z != nil && ours == own {
			continue
		}
		z, own = next, ours
	}
	return z, nil
}

func zonesOf(u unpacked) (*Zones, bool) {
	z := &Zones{Since: u.Day}
	for i, name := range []string{"zone1Floor", "zone2Floor", "zone3Floor", "zone4Floor", "zone5Floor"} {
		x, ok := u.v.Get(name).Float()
		if !ok || i > 0 && x < z.Floors[i-1] {
			return nil, false
		}
		z.Floors[i] = x
	}
	return z, true
}

// count adds up the time from each sample to the next.
func (z *Zones) count(r *Recording, bpm []float64) {
	for i, seconds := range r.Weights() {
		if !math.IsNaN(bpm[i]) {
			zone := 0
			for zone < len(z.Floors) && bpm[i] >= z.Floors[zone] {
				zone++
			}
			z.Seconds[zone] += seconds
		}
	}
}
