package simulator

import "math"

// Garmin's codes for stress that could not be determined.
const (
	offWrist     = -1
	largeMotion  = -2
	notEnough    = -3
	recovering   = -4
	unidentified = -5
)

// strain sets the stress of every minute: low asleep, higher at work, falling
// in the evening, unknown while moving.
func (y *cycle) strain(w *World, p *Person) {
	slow := w.key(p.Index, forStress, 0)
	zone := p.zoneOn(y.date)
	workday := !y.date.weekend()
	nine, six := y.date.at(zone, 9*60), y.date.at(zone, 18*60)
	for i := range y.minutes {
		m := &y.minutes[i]
		t := y.bed + int64(i)*60
		at := float64(t / 60)
		level := p.tension + 13*noise(slow, at/95) + 9*noise(slow+1, at/17) + 28*y.illness + 6*(y.fatigue/100-0.4)
		switch {
		case m.stage.asleep():
			level = 13 + 5*noise(slow+1, at/17) + 30*y.illness
			if m.stage == rem {
				level += 5
			}
		case m.stage == restless:
			level = 24 + 8*noise(slow+1, at/17)
		case workday && t >= nine && t < six:
			level += 12
		case t >= six:
			level -= 6
		}
		m.stress = int8(clamp(level, 1, 100))
		odd := mix(slow+uint64(t)) % 1000
		switch {
		case !m.worn:
			m.stress = offWrist
		case m.sport || m.steps > 55:
			m.stress = largeMotion
		case m.fresh:
			m.stress = recovering
		case m.stage == awake && odd < 22:
			m.stress = notEnough
		case m.stage == awake && odd < 25:
			m.stress = unidentified
		}
	}
}

// beat sets the heart rate: a target per minute that follows sleep, stress and
// movement, approached as a heart would, and the workout's own curve in one.
func (y *cycle) beat(w *World, p *Person, workouts []workout) {
	tremble := w.key(p.Index, forMinutes, int64(y.date))
	h := y.rest + 7
	var wo *workout
	for i := range y.minutes {
		m := &y.minutes[i]
		t := y.bed + int64(i)*60
		if m.sport && (wo == nil || t >= wo.end() || t+60 <= wo.start) {
			wo = underWay(workouts, t)
		}
		target := y.target(m, float64(t-y.bed)/float64(y.wake-y.bed))
		for q := range 4 {
			now := t + int64(q)*15
			if m.sport && wo != nil && now >= wo.start && now < wo.end() {
				h = wo.pulse(p, y.rest, float64(now-wo.start))
			} else {
				h += (target - h) * 0.13
			}
			if !m.worn {
				continue
			}
			tremble = tremble*6364136223846793005 + 1442695040888963407
			m.hr[q] = uint8(clamp(h+float64(tremble>>60)/5-1.5, 32, 225))
		}
	}
}

// target is the heart rate that a minute asks for; through is how much of the
// night is over.
func (y *cycle) target(m *minute, through float64) float64 {
	dip := 3.5 * (1 - math.Min(1, through)) // the heart slows until morning
	switch m.stage {
	case deep:
		return y.rest - 1 + dip
	case light, nap:
		return y.rest + 1 + dip
	case rem:
		return y.rest + 4 + dip
	case restless:
		return y.rest + 8 + dip
	}
	strain := math.Max(0, float64(m.stress))
	if m.stress < 0 {
		strain = 30
	}
	return y.rest + 11 + 0.2*strain + 0.32*float64(m.steps) + 14*float64(m.floors)
}

// underWay finds the workout that holds the minute at t.
func underWay(workouts []workout, t int64) *workout {
	for i := range workouts {
		wo := &workouts[i]
		if wo.counts() && t+60 > wo.start && t < wo.end() {
			return wo
		}
	}
	return nil
}
