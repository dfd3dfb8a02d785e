package simulator

import "math/rand/v2"

// epochKind is what a minute counts as in epochs.
type epochKind uint8

const (
	sedentary epochKind = iota
	walking
	running
	generic
)

// minute is all that is known of one minute of a life.
type minute struct {
	stage  stage
	kind   epochKind
	worn   bool
	sport  bool // part of a workout
	fresh  bool // shortly after a hard one
	steps  uint8
	stress int8  // 1-100, or one of Garmin's negative codes
	level  uint8 // Body Battery
	oxygen uint8 // %, 0 not measured
	floors uint8
	hr     [4]uint8 // bpm per 15 s, 0 not measured
	breath uint16   // hundredths per minute, 0 not measured
	kcal   float32
	metres float32
}

// cycle is one night and the waking hours after it, until the next night.
// Civil days are cut from cycles, so nothing jumps at midnight.
type cycle struct {
	night
	vitals
	next    night
	laps    []lap
	nap     span // instants, empty if none
	bouts   []span
	minutes []minute
}

// span is a stretch of instants.
type span struct{ from, to int64 }

func (s span) empty() bool { return s.to <= s.from }

func (s span) meets(o span) bool { return s.from < o.to && o.from < s.to }

// cycle makes the night that ends on date c and what follows.
func (w *World) cycle(p *Person, c civil) *cycle {
	return w.cycles.get(cacheKey{p.Index, c}, func() *cycle { return w.makeCycle(p, c) })
}

func (w *World) makeCycle(p *Person, c civil) *cycle {
	y := &cycle{night: w.night(p, c), next: w.night(p, c+1), vitals: w.vitals(p, c)}
	y.laps = w.stagesOf(p, y.night)
	y.minutes = make([]minute, (y.next.bed-y.bed)/60)
	y.sleep()
	workouts := w.workouts(p, c)
	if start, length, ok := w.napOn(p, c); ok {
		y.nap = span{start, start + int64(length)}
		y.each(y.nap, func(m *minute, _ int64) { m.stage = nap })
	}
	y.exercise(p, workouts)
	y.wander(p, w.stream(p.Index, forBouts, int64(c)), workouts)
	y.takeOff(p, w.stream(p.Index, forWrist, int64(c)), workouts)
	y.strain(w, p)
	y.beat(w, p, workouts)
	y.breathe(w, p)
	y.charge(w, p)
	return y
}

// at is the index of the minute that holds instant t, which may lie outside.
func (y *cycle) at(t int64) int { return int((t - y.bed) / 60) }

// each visits the minutes of a span with their instants.
func (y *cycle) each(s span, visit func(m *minute, t int64)) {
	for i := max(0, y.at(s.from)); i < len(y.minutes); i++ {
		t := y.bed + int64(i)*60
		if t >= s.to {
			return
		}
		visit(&y.minutes[i], t)
	}
}

// sleep sets the stages of the night; everything is worn until takeOff.
func (y *cycle) sleep() {
	for i := range y.minutes {
		y.minutes[i].worn = true
	}
	for _, l := range y.laps {
		for i := l.from; i < min(l.to, len(y.minutes)); i++ {
			y.minutes[i].stage = l.stage
		}
	}
	y.each(y.gap, func(m *minute, _ int64) { m.stage = awake })
}

// exercise lays workouts over the day.
func (y *cycle) exercise(p *Person, workouts []workout) {
	for i := range workouts {
		wo := &workouts[i]
		if !wo.counts() {
			continue
		}
		y.each(span{wo.start, wo.end()}, func(m *minute, t int64) {
			m.sport, m.kind = true, wo.epoch
			m.kcal = float32(wo.burn * p.weight / 70 * (0.5 + wo.intensity*0.8))
			if wo.paused(int(t - wo.start)) {
				m.kind, m.kcal = sedentary, 1.5
				return
			}
			m.steps = uint8(wo.steps * (0.97 + 0.05*noise(wo.key+3, float64(t)/240)))
			if wo.epoch != generic && wo.speed > 0 {
				m.metres = float32(wo.speed * 60)
			}
			if wo.gps && t%600 == 0 {
				m.floors = 1
			}
		})
		if wo.intensity > 0.6 {
			y.each(span{wo.end(), wo.end() + 2400}, func(m *minute, _ int64) { m.fresh = true })
		}
	}
}

// wander adds the walks of an ordinary day: short ones most of the time, some
// of a quarter of an hour or more, which Garmin's Move IQ will notice.
func (y *cycle) wander(p *Person, r *rand.Rand, workouts []workout) {
	bouts := int((15 + 6*r.NormFloat64()) * p.bounce * (1 - 0.75*y.illness))
	for range bouts {
		from := y.wake + 60*r.Int64N(max(1, (y.next.bed-y.wake)/60-20))
		length := int64(60 * (1 + r.ExpFloat64()*5))
		pace := between(r, 68, 112)
		b := span{from, from + min(length, 2400)}
		if b.meets(y.nap) || busy(workouts, b) {
			continue
		}
		y.each(b, func(m *minute, _ int64) {
			m.kind, m.steps = walking, uint8(pace+between(r, -9, 9))
			m.metres = float32(0.42 * p.height * float64(m.steps))
			m.kcal = float32(float64(m.steps) * 0.00045 * p.weight)
			if r.Float64() < 0.07 {
				m.floors = 1
			}
		})
		if b.to-b.from >= 720 {
			y.bouts = append(y.bouts, b)
		}
	}
	y.each(span{y.wake, y.next.bed}, func(m *minute, _ int64) {
		if m.kind == sedentary && !m.sport && m.stage == awake && r.Float64() < 0.12 {
			m.steps = uint8(4 + r.IntN(26))
			m.metres, m.kcal = float32(m.steps)*0.6, float32(m.steps)*0.03
		}
	})
}

// busy reports whether a workout that counts is under way in a span.
func busy(workouts []workout, s span) bool {
	for i := range workouts {
		if workouts[i].counts() && s.meets(span{workouts[i].start, workouts[i].end()}) {
			return true
		}
	}
	return false
}

// takeOff takes the watch off the wrist: for the shower, for charging, for
// nights and whole days, but never in a workout.
func (y *cycle) takeOff(p *Person, r *rand.Rand, workouts []workout) {
	shower := y.wake + int64(60*(10+r.IntN(80)))
	off := []span{{shower, shower + int64(60*(12+r.IntN(18)))}}
	if hours := between(r, 1, 4.5); r.Float64() < p.hoursOff {
		from := y.wake + int64(between(r, 2, 11)*3600)
		off = append(off, span{from, from + int64(hours*3600)})
	}
	if !y.worn {
		off = append(off, span{y.bed, y.wake + 900})
	}
	if p.unwornOn(y.date) {
		off = append(off, span{y.bed, y.next.bed})
	}
	for _, s := range off {
		y.each(s, func(m *minute, _ int64) {
			if !m.sport {
				m.worn, m.steps, m.metres, m.kcal, m.floors, m.kind = false, 0, 0, 0, 0, sedentary
			}
		})
	}
}
