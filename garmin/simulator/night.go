package simulator

import (
	"math/rand/v2"
	"time"
)

// night is the sleep that ends on a date.
type night struct {
	date      civil
	bed, wake int64 // instants, whole minutes
	worn      bool
	// declared is set where the watch was off and says so (OFF_WRIST) instead
	// of sending nothing; typed where the person entered the night by hand.
	declared, typed bool
	// gap is a long time awake that makes two sleeps of the night; empty mostly.
	gap span
	// late is by how many seconds the first account misses the true start.
	late int64
}

// night plans the sleep that ends on date c.
func (w *World) night(p *Person, c civil) night {
	r := w.stream(p.Index, forNight, int64(c))
	bed := float64(p.bed) + 32*r.NormFloat64()
	wake := float64(p.wake) + 18*r.NormFloat64()
	if c.weekend() {
		bed += 55 + 25*r.Float64()
		wake += 80 + 35*r.Float64()
	} else if c.weekday() == time.Monday {
		bed += 15 // Sunday evenings grow late
	}
	if r.Float64() < 0.05 {
		bed += 70
	}
	if since := p.sinceFlight(c, 5); since < 5 {
		bed += between(r, -60, 90) * float64(5-since) / 5
		wake += between(r, -110, 20) * float64(5-since) / 5
	}
	ill := w.illness(p, c)
	bed, wake = bed-45*ill, wake+40*ill
	zone := p.zoneOn(c)
	n := night{date: c}
	n.bed = c.at(zone, int(clamp(bed, -150, 120)))
	n.wake = c.at(zone, int(clamp(wake, 300, 630)))
	off := r.Float64()
	n.worn = off >= p.nightsOff && !anyHas(p.unworn, c)
	if said := r.Float64(); !n.worn {
		n.declared, n.typed = said < 0.35, said > 0.8
	}
	if anyHas(p.entered, c) {
		n.worn, n.declared, n.typed = false, false, true
	}
	if p.nightless {
		n.worn, n.declared, n.typed = false, false, false
	}
	if r.Float64() < 0.12 {
		n.late = 60 * int64(3+r.IntN(9))
	}
	if n.worn && n.wake-n.bed > 23000 && r.Float64() < p.splits {
		from := n.wake - 60*int64(215+r.IntN(30))
		n.gap = span{from, from + 60*int64(65+r.IntN(30))}
	}
	return n
}

// parts are the sleeps of the night.
func (n *night) parts() []span {
	if n.gap.empty() {
		return []span{{n.bed, n.wake}}
	}
	return []span{{n.bed, n.gap.from}, {n.gap.to, n.wake}}
}

// stage is what a person does at night, in Garmin's four words.
type stage uint8

const (
	awake stage = iota // not in bed
	deep
	light
	rem
	restless // awake in bed
	nap
)

func (s stage) asleep() bool { return s == deep || s == light || s == rem || s == nap }

// lap is a stretch of one stage, in minutes from going to bed.
type lap struct {
	stage    stage
	from, to int
}

// stages divides a night into cycles of about 90 minutes: deep sleep early,
// REM late, awake now and then.
func stages(r *rand.Rand, minutes int, illness float64) []lap {
	var laps []lap
	at := 0
	add := func(s stage, length float64) {
		to := min(minutes, at+max(1, int(length)))
		if at < to {
			laps = append(laps, lap{s, at, to})
			at = to
		}
	}
	add(restless, between(r, 1, 6))
	for cycle := 0.0; at < minutes; cycle++ {
		add(light, between(r, 8, 16))
		if depth := (34 - 10*cycle + between(r, -6, 6)) * (1 - 0.5*illness); depth >= 5 {
			add(deep, depth)
		}
		add(light, between(r, 22, 36)+4*cycle)
		add(rem, clamp(9+8*cycle+between(r, -4, 6), 5, 42)*(1-0.3*illness))
		if r.Float64() < 0.35+0.4*illness {
			add(restless, between(r, 1, 7)+9*illness)
		}
	}
	return laps
}

func (w *World) stagesOf(p *Person, n night) []lap {
	r := w.stream(p.Index, forStages, int64(n.date))
	return stages(r, int((n.wake-n.bed)/60), w.illness(p, n.date))
}

// napOn returns the nap of a date, if there was one.
func (w *World) napOn(p *Person, c civil) (start int64, length int, ok bool) {
	r := w.stream(p.Index, forNight, -int64(c))
	chance := 0.02
	if c.weekend() {
		chance = 0.09
	}
	if r.Float64() >= chance+0.5*w.illness(p, c) || p.flies(c) || p.unwornOn(c) {
		return 0, 0, false
	}
	start = c.at(p.zoneOn(c), 800+r.IntN(60))
	length = 60 * (18 + r.IntN(55))
	for _, wo := range w.workouts(p, c) {
		if wo.start < start+int64(length)+1800 && start < wo.start+int64(wo.length)+1800 {
			return 0, 0, false
		}
	}
	return start, length, true
}

func (p *Person) unwornOn(c civil) bool { return anyHas(p.unworn, c) }
