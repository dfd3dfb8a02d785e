package simulator

// month is where a date lies in a menstrual cycle.
type month struct {
	first       civil // of the period
	day, length int   // day counts from 1
	bleeding    int   // days
}

// monthOf finds the cycle of a date. Starts lie on a grid of 28 days, each
// moved by a little, so none depends on the one before.
func (w *World) monthOf(p *Person, c civil) month {
	const grid = 28
	phase := int64(w.key(p.Index, forCycle, -1) % grid)
	begin := func(k int64) civil {
		return civil(k*grid + phase + int64(w.key(p.Index, forCycle, k)%4))
	}
	k := (int64(c) - phase) / grid
	if begin(k) > c {
		k--
	}
	first := begin(k)
	return month{first, int(c-first) + 1, int(begin(k+1) - first), 4 + int(w.key(p.Index, forCycle, k)>>8%2)}
}

// phase is one of the four of a cycle.
type phase struct {
	number        int64
	name          string
	begin, length int // days of the cycle
}

// ovulation is the day of the cycle of ovulation.
func (m month) ovulation() int { return m.length - 14 }

func (m month) phase() phase {
	o := m.ovulation()
	switch {
	case m.day > o+2:
		return phase{4, "LUTEAL", o + 3, m.length - o - 2}
	case m.day >= o-1:
		return phase{3, "OVULATION", o - 1, 4}
	case m.day > m.bleeding:
		return phase{2, "FOLLICULAR", m.bleeding + 1, o - 2 - m.bleeding}
	}
	return phase{1, "MENSTRUAL", 1, m.bleeding}
}
