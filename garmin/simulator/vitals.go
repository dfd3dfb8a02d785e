package simulator

import "math"

// vitals are the slow variables of a person on one date.
type vitals struct {
	illness float64 // 0 well, 1 in bed
	fatigue float64 // what the last days' training left
	fitness float64 // -1 to 1, over months
	rest    float64 // resting heart rate, bpm
	hrv     float64 // overnight average, ms
	breaths float64 // per minute, asleep
	skin    float64 // deviation of skin temperature asleep, °C
	weight  float64 // kg
}

func (w *World) vitals(p *Person, c civil) vitals {
	v := vitals{illness: w.illness(p, c), fitness: w.fitness(p, c)}
	for k := 1; k <= 5; k++ {
		v.fatigue += w.load(p, c-civil(k)) * math.Pow(0.55, float64(k))
	}
	jet := float64(6-p.sinceFlight(c, 6)) / 6
	day := w.key(p.Index, forVitals, 0)
	wobble := noise(day, float64(c)/1.7)
	tired := v.fatigue/100 - 0.4
	v.rest = p.rest - 3*v.fitness + 10*v.illness + 2.2*tired + 1.5*jet + 1.1*wobble
	v.hrv = p.hrv * math.Exp(0.12*v.fitness-0.38*v.illness-0.11*tired-0.08*jet-0.07*noise(day+1, float64(c)/1.5))
	v.breaths = p.breaths + 2.6*v.illness + 0.3*noise(day+2, float64(c)/2.5)
	v.skin = 1.3*v.illness + 0.25*noise(day+3, float64(c)/2)
	if p.menstrual {
		// The second half of the cycle is warmer.
		if at := w.monthOf(p, c); at.day > at.length-13 {
			v.skin += 0.3
		}
	}
	months := w.key(p.Index, forWeight, 0)
	v.weight = p.weight * (1 + 0.025*noise(months, float64(c)/70) + 0.004*noise(months+1, float64(c)/1.3) - 0.01*v.illness)
	return v
}

// fitness follows the seasons and a drift of one's own.
func (w *World) fitness(p *Person, c civil) float64 {
	k := w.key(p.Index, forFitness, 0)
	season := math.Sin(2 * math.Pi * (float64(c)/365.25 - 0.3))
	return 0.45*season + 0.55*noise(k, float64(c)/45)
}

// illness is how ill the person is: rising within two days, fading by the end.
func (w *World) illness(p *Person, c civil) float64 {
	for _, s := range p.ill {
		if s.has(c) {
			return course(int(c-s.first), int(s.last-s.first)+1)
		}
	}
	if p.Index < 3 {
		return 0
	}
	const season = 150
	block := int64(c) / season
	r := w.stream(p.Index, forIllness, block)
	if r.Float64() > 0.55 {
		return 0
	}
	length := 5 + r.IntN(4)
	first := civil(block*season) + civil(r.IntN(season-length))
	if c < first || c >= first+civil(length) {
		return 0
	}
	return course(int(c-first), length)
}

func course(day, length int) float64 {
	return math.Min(1, 0.55+0.45*float64(day)) * math.Min(1, float64(length-day)/float64(length)*1.6)
}

// load is the training load of a date: minutes weighted by intensity.
func (w *World) load(p *Person, c civil) float64 {
	var sum float64
	for _, wo := range w.workouts(p, c) {
		if wo.counts() {
			sum += float64(wo.length) / 60 * wo.intensity * wo.intensity * 2.4
		}
	}
	return sum
}

// wakeBattery and bedBattery are the Body Battery at the ends of the night of
// date c and of the day that follows it: the level of every minute lies
// between them.
func (w *World) wakeBattery(p *Person, n night, v vitals) float64 {
	hours := float64(n.wake-n.bed) / 3600
	own := noise(w.key(p.Index, forBattery, 0), float64(n.date)/1.2)
	return clamp(94-7*math.Max(0, 7.6-hours)-30*v.illness-0.07*v.fatigue+7*own, 38, 100)
}

func (w *World) bedBattery(p *Person, c civil) float64 {
	own := noise(w.key(p.Index, forBattery, 1), float64(c)/1.2)
	return clamp(29-0.1*w.load(p, c)-8*w.illness(p, c)+9*own, 5, 48)
}
