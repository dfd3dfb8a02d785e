package simulator

import (
	"math"
	"math/rand/v2"
	"time"
)

// workout is one activity as a device recorded it.
type workout struct {
	*sport
	date      civil
	start     int64
	length    int // seconds by the clock, pauses included
	intensity float64
	device    string
	id        int64
	key       uint64
	route     int
	// second marks the account of a second device, parent and child the parts
	// of a multisport workout, typed one entered by hand.
	second, parent, typed bool
	child                 int64 // the parent's id
}

// counts is false for accounts of effort that another workout already tells.
func (wo *workout) counts() bool { return !wo.second && !wo.parent }

func (wo *workout) end() int64 { return wo.start + int64(wo.length) }

// raceMinute is when a triathlon starts, in minutes from midnight.
const raceMinute = 540

// workouts plans the activities that start on date c, a child before its
// parent as Garmin sends them.
func (w *World) workouts(p *Person, c civil) []workout {
	if p.flies(c) || p.unwornOn(c) || w.illness(p, c) > 0 {
		return nil
	}
	if anyHas(p.races, c) {
		return w.multisport(nil, p, c, raceMinute)
	}
	r := w.stream(p.Index, forWorkouts, int64(c))
	var all []workout
	for _, h := range p.week {
		if h.day != c.weekday() || r.Float64() > h.chance {
			continue
		}
		all = w.train(all, p, c, h, r)
	}
	if len(all) == 0 && r.Float64() < p.manualEntry {
		wo := w.workout(p, c, yoga, 1020, 60*30, 0)
		wo.typed, wo.device = true, "unknown"
		all = append(all, wo)
	}
	return all
}

// train adds what became of a habit on a date.
func (w *World) train(all []workout, p *Person, c civil, h habit, r *rand.Rand) []workout {
	kind, minute := h.sport, h.minute+r.IntN(21)-10
	length := int(60*between(r, h.low, h.high)) + r.IntN(60)
	// Once in a while a long run on a summer Sunday becomes a small triathlon,
	// and icy streets send a runner indoors.
	if kind == run && h.low > 60 && c.utc().Month() >= time.May && c.utc().Month() <= time.September &&
		r.Float64() < 0.15 {
		return w.multisport(all, p, c, minute)
	}
	if kind == run && (c.utc().Month() == time.January || c.utc().Month() == time.February) && r.Float64() < 0.3 {
		kind = treadmill
	}
	wo := w.workout(p, c, kind, minute, length, 0)
	wo.intensity = clamp(h.intensity+0.04*r.NormFloat64(), 0.35, 0.92)
	all = append(all, wo)
	if len(p.Devices) > 1 && kind.bike {
		other := wo
		other.second, other.device = true, p.Devices[1]
		other.start, other.length = wo.start+17, wo.length-40
		other.id++
		all = append(all, other)
	}
	return all
}

// multisport is three sports with changes between them, then their parent.
func (w *World) multisport(all []workout, p *Person, c civil, minute int) []workout {
	whole := w.workout(p, c, triathlon, minute, 0, 3)
	whole.parent, whole.intensity = true, 0.74
	at := whole.start
	for i, part := range []struct {
		kind   *sport
		length int
	}{{lake, 1150}, {change, 140}, {ride, 3300}, {change, 95}, {run, 1700}} {
		wo := w.workout(p, c, part.kind, minute, part.length, 4+i)
		wo.start, wo.intensity, wo.child = at, 0.74, whole.id
		if part.kind == ride {
			quick := *ride
			quick.pause = false
			wo.sport = &quick
		}
		at += int64(part.length)
		all = append(all, wo)
	}
	whole.length = int(at - whole.start)
	return append(all, whole)
}

// An activity id counts from the minute of the workout's start.
const (
	firstMinute  = 1262304000 // unix seconds
	idsPerMinute = 20000
)

// workout fills in what every workout has. Slots keep the ids of workouts that
// start in the same minute apart.
func (w *World) workout(p *Person, c civil, kind *sport, minute, length, slot int) workout {
	start := c.at(p.zoneOn(c), minute) + int64(w.key(p.Index, forWorkout, int64(c))%60)
	minutes := (start - firstMinute) / 60
	return workout{
		sport: kind, date: c, start: start, length: length, intensity: 0.5, device: p.Devices[0],
		id:    minutes*idsPerMinute + int64(p.Index%1250)*16 + int64(slot),
		key:   w.key(p.Index, forWorkout, start+int64(slot)<<40),
		route: int(w.key(p.Index, forRoute, int64(c)) % 3),
	}
}

// effort is how hard the person works at second s, 0 to about 1.1: a warm-up,
// then the workout's own shape, then the last minutes easier.
func (wo *workout) effort(s float64) float64 {
	e := 1 + 0.06*s/float64(wo.length) + 0.05*noise(wo.key, s/75) + 0.02*noise(wo.key+1, s/9)
	if wo.wavy {
		e += 0.16 * math.Tanh(4*math.Sin(2*math.Pi*s/270))
	}
	e *= 0.62 + 0.38*clamp(s/420, 0, 1)
	return e * (0.85 + 0.15*clamp((float64(wo.length)-s)/180, 0, 1))
}

// pulse is the heart rate at second s.
func (wo *workout) pulse(p *Person, rest, s float64) float64 {
	share := wo.intensity * wo.effort(s)
	if wo.paused(int(s)) {
		share *= 0.72
	}
	return clamp(rest+(p.peak-rest)*share, rest, p.peak)
}

// paused is true while the person stands in front of a café: twice on a ride.
func (wo *workout) paused(s int) bool {
	if !wo.pause || wo.length < 3600 {
		return false
	}
	for i := 1; i <= 2; i++ {
		from := wo.length*i/3 + int(mix(wo.key+uint64(i))%600)
		if s >= from && s < from+240+int(mix(wo.key+uint64(i)*7)%420) {
			return true
		}
	}
	return false
}

// buried is true in the tunnel, where satellites are out of sight.
func (wo *workout) buried(s int) bool {
	from := wo.length * 11 / 20
	return wo.pause && wo.length >= 3600 && s >= from && s < from+230
}
