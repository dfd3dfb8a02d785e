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
