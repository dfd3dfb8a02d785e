package simulator

// breathe sets respiration and, asleep, oxygen saturation.
func (y *cycle) breathe(w *World, p *Person) {
	k := w.key(p.Index, forOxygen, 0)
	for i := range y.minutes {
		m := &y.minutes[i]
		if !m.worn {
			continue
		}
		at := float64(y.bed/60 + int64(i))
		if !m.sport && m.steps < 60 && mix(k+uint64(y.bed)+uint64(i))%50 != 0 {
			b := y.breaths + 0.9*noise(k+1, at/6)
			switch {
			case m.stage == rem:
				b += 0.8 + 0.7*noise(k+2, at)
			case !m.stage.asleep():
				b += 1.6 + 0.8*noise(k+2, at)
			}
			m.breath = uint16(clamp(b, 6, 40) * 100)
		}
		if p.oximeter && m.stage != awake && m.stage != nap {
			o := 96.3 - 2.2*y.illness + 1.6*noise(k+3, at/25) + 0.9*noise(k+4, at/2)
			if noise(k+5, at/9) > 0.93 {
				o -= 5 // a few dips
			}
			m.oxygen = uint8(clamp(o, 78, 100))
		}
	}
}

// charge sets the Body Battery: from the level at bedtime up to the morning's
// in step with sleep, then down to the next bedtime's in step with strain.
func (y *cycle) charge(w *World, p *Person) {
	morning := w.wakeBattery(p, y.night, y.vitals)
	y.ramp(span{y.bed, y.wake}, w.bedBattery(p, y.date-1), morning, func(m *minute) float64 {
		switch m.stage {
		case deep:
			return 1.4
		case light:
			return 1
		case rem:
			return 0.8
		}
		return 0.05
	})
	y.ramp(span{y.wake, y.next.bed}, morning, w.bedBattery(p, y.date), func(m *minute) float64 {
		if m.stage == nap {
			return 0
		}
		return 0.25 + 0.012*float64(max(m.stress, 20)) + 0.22*float64(m.kcal)
	})
}

// ramp leads the level from one value to another, each minute by its weight.
func (y *cycle) ramp(s span, from, to float64, weight func(*minute) float64) {
	var sum, done float64
	y.each(s, func(m *minute, _ int64) { sum += weight(m) })
	y.each(s, func(m *minute, _ int64) {
		done += weight(m)
		m.level = uint8(from + (to-from)*done/sum + 0.5)
	})
}
