package query

import (
	"errors"
	"math"
	"strings"

	"garner/db"
	"garner/garmin"
	"garner/health"
)

// LapFigures sum up a lap; numbers are NaN where nothing is known.
type LapFigures struct {
	Stretch
	// Seconds are by the timer, without pauses. MeanBPM is of its samples.
	Seconds, Meters, MeanBPM float64
}

// LapFigures are those of each lap.
func (r *Recording) LapFigures() []LapFigures {
	timer, distance, bpm := r.Stream("timer_duration"), r.Stream("distance"), r.Stream("heart_rate")
	var out []LapFigures
	for _, lap := range r.Laps {
		f := LapFigures{Stretch: lap, Seconds: r.passed(timer, lap), Meters: r.passed(distance, lap)}
		if math.IsNaN(f.Seconds) {
			f.Seconds = lap.To - lap.From
		}
		sum, n := 0.0, 0.0
		for i, t := range r.T {
			if bpm != nil && t >= lap.From && t < lap.To && !math.IsNaN(bpm[i]) {
				sum, n = sum+bpm[i], n+1
			}
		}
		f.MeanBPM = sum / n
		out = append(out, f)
	}
	return out
}

// passed is how much a counter grew in a stretch.
func (r *Recording) passed(counter []float64, in Stretch) float64 {
	first, last := math.NaN(), math.NaN()
	for i, x := range counter {
		if math.IsNaN(x) || r.T[i] > in.To {
			continue
		}
		if r.T[i] <= in.From || math.IsNaN(first) {
			first = x
		}
		last = x
	}
	return last - first
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
	// Since is the newest day on which Garmin had them.
	Since health.Day
}

// zones finds the time in zones: those of the sport, or else those of all sports.
func (r *activityReader) zones() error {
	d := &r.out
	bpm := d.Stream("heart_rate")
	if bpm == nil {
		return nil
	}
	var z *Zones
	own := false
	for rec, err := range r.q.Store.Each(r.ctx, r.person, garmin.HeartRateZones.Key, 0, 1<<30) {
		if errors.Is(err, db.ErrDamaged) {
			continue
		}
		if err != nil {
			return err
		}
		u, err := unpack(rec)
		if err != nil {
			return err
		}
		sport := u.v.Get("sport").Text()
		ours := sport != "" && strings.Contains(d.Sport, sport)
		next, ok := zonesOf(u)
		if !ok || !ours && (own || sport != "DEFAULT") {
			continue
		}
		z, own = next, ours
	}
	if z != nil {
		z.count(d, bpm)
	}
	d.Zones = z
	return nil
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
func (z *Zones) count(d *ActivityDetail, bpm []float64) {
	for i := 0; i+1 < len(d.T); i++ {
		if step := d.T[i+1] - d.T[i]; !math.IsNaN(bpm[i]) && step <= Silence.Seconds() {
			zone := 0
			for zone < len(z.Floors) && bpm[i] >= z.Floors[zone] {
				zone++
			}
			z.Seconds[zone] += step
		}
	}
}
