package simulator

// weighing is one step on a scale, or a weight typed in by hand.
type weighing struct {
	at           int64
	offset       int
	typed        bool
	grams        int64
	muscle, bone int64   // g
	water, fat   float64 // %
	index        float64 // BMI
}

// weighing is the weight of a date, on some.
func (w *World) weighing(p *Person, c civil) (weighing, bool) {
	r := w.stream(p.Index, forWeight, int64(c))
	draw := r.Float64()
	g := weighing{typed: !p.scale}
	loc := p.zoneOn(c)
	if p.flies(c) || loc != p.Zone || draw > 0.45 || g.typed && (draw > 0.03 || p.age < 18) {
		return g, false
	}
	g.at = w.night(p, c).wake + 240 + r.Int64N(1200)
	g.offset = p.offset(c, g.at)
	v := w.vitals(p, c)
	kilos := v.weight
	g.grams = int64(kilos*10+0.5) * 100
	g.index = kilos / p.height / p.height
	g.fat = 1.1*g.index - 2 - 1.5*v.fitness + between(r, -0.3, 0.3)
	g.muscle = int64(kilos * (1 - g.fat/100) * 550)
	g.bone = int64(kilos*45) / 100 * 100
	g.water = 0.72 * (100 - g.fat)
	return g, true
}

// bodyComps writes what the scale says, or a weight typed in by hand.
func (d *day) bodyComps(b *body, from, to int64) {
	g, ok := d.w.weighing(d.p, d.date)
	if !ok || !happened(g.at+60, from, to) {
		return
	}
	b.open(d.p, g.at)
	b.int("measurementTimeInSeconds", g.at)
	b.int("measurementTimeOffsetInSeconds", int64(g.offset))
	b.int("weightInGrams", g.grams)
	if !g.typed {
		b.int("muscleMassInGrams", g.muscle)
		b.int("boneMassInGrams", g.bone)
		b.dec("bodyWaterInPercent", g.water, 2)
		b.dec("bodyFatInPercent", g.fat, 2)
		b.dec("bodyMassIndex", g.index, 1)
	}
	b.close()
}
