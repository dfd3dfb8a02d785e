package simulator

// settled is how long after waking Garmin calls a sleep final.
const settled = 75 * 60

// account is what is known of a night at some instant.
type account struct {
	start, end int64
	laps       []lap // minutes from bed
	sum        [nap + 1]int64
	final      bool
}

// accountAt tells one sleep of the night as it is known at instant to.
func (y *cycle) accountAt(part span, to int64) account {
	a := account{start: part.from, end: min(part.to, to-10*60), final: to >= part.to+settled}
	if !a.final {
		a.start += y.late
	}
	first, last := int(a.start-y.bed)/60, int(a.end-y.bed)/60
	for _, l := range y.laps {
		l.from, l.to = max(l.from, first), min(l.to, last)
		if l.from < l.to {
			a.laps = append(a.laps, l)
			a.sum[l.stage] += int64(l.to-l.from) * 60
		}
	}
	a.end = y.bed + int64(last)*60
	return a
}

func (a *account) asleep() int64 { return a.sum[deep] + a.sum[light] + a.sum[rem] }

// sleeps writes the night that ends on the date, most often one sleep.
func (d *day) sleeps(b *body, from, to int64) {
	y := d.own
	if !y.worn {
		if happened(y.wake+settled, from, to) && y.declared {
			d.bareSleep(b, "OFF_WRIST")
		} else if happened(y.wake+settled, from, to) && y.typed {
			d.bareSleep(b, "MANUAL")
		}
		return
	}
	for _, part := range y.parts() {
		d.sleepPart(b, part, from, to)
	}
}

// sleepPart writes one sleep, and the day's nap with the last. It is known in
// part from an hour on, in full but tentative after waking, then final.
func (d *day) sleepPart(b *body, part span, from, to int64) {
	y := d.own
	napped := part.to == y.wake && !y.nap.empty() && to >= y.nap.to+600
	news := from < part.to+settled || napped && from < y.nap.to+600
	if !news || to < part.from+3600+y.late {
		return
	}
	a := y.accountAt(part, to)
	b.open(d.p, a.start, a.asleep())
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", a.start)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(a.start)))
	b.int("durationInSeconds", a.asleep())
	b.int("unmeasurableSleepInSeconds", 0)
	b.int("deepSleepDurationInSeconds", a.sum[deep])
	b.int("lightSleepDurationInSeconds", a.sum[light])
	b.int("remSleepInSeconds", a.sum[rem])
	b.int("awakeDurationInSeconds", a.sum[restless])
	b.begin("sleepLevelsMap", '{')
	for s, name := range [...]string{deep: "deep", light: "light", rem: "rem", restless: "awake"} {
		d.level(b, a.laps, stage(s), name)
	}
	b.end('}')
	if a.final {
		b.str("validation", "ENHANCED_FINAL")
	} else {
		b.str("validation", "ENHANCED_TENTATIVE")
	}
	d.sleepSamples(b, a)
	if a.end == part.to {
		d.sleepScores(b, a)
	}
	if napped {
		d.sleepNap(b)
	}
	b.close()
}

func (d *day) level(b *body, laps []lap, s stage, name string) {
	if name == "" {
		return
	}
	b.begin(name, '[')
	for _, l := range laps {
		if l.stage == s {
			b.begin("", '{')
			b.int("startTimeInSeconds", d.own.bed+int64(l.from)*60)
			b.int("endTimeInSeconds", d.own.bed+int64(l.to)*60)
			b.end('}')
		}
	}
	b.end(']')
}

func (d *day) sleepSamples(b *body, a account) {
	first, last := d.own.at(a.start), d.own.at(a.end)
	b.begin("timeOffsetSleepRespiration", '{')
	for i := first; i < last; i++ {
		if v := d.own.minutes[i].breath; v > 0 {
			b.hundredth(int64(i-first)*60, v)
		}
	}
	b.end('}')
	if !d.p.oximeter {
		return
	}
	b.begin("timeOffsetSleepSpo2", '{')
	for i := first; i < last; i++ {
		if v := d.own.minutes[i].oxygen; v > 0 {
			b.sample(int64(i-first)*60, int64(v))
		}
	}
	b.end('}')
}

// bareSleep is a night without stages: of a watch on the bedside table, or
// entered by hand.
func (d *day) bareSleep(b *body, validation string) {
	y := d.own
	b.open(d.p, y.bed, y.wake-y.bed)
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", y.bed)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(y.bed)))
	b.int("durationInSeconds", y.wake-y.bed)
	for _, name := range [...]string{"unmeasurableSleepInSeconds", "deepSleepDurationInSeconds",
		"lightSleepDurationInSeconds", "remSleepInSeconds", "awakeDurationInSeconds"} {
		b.int(name, 0)
	}
	b.begin("sleepLevelsMap", '{')
	b.end('}')
	b.str("validation", validation)
	b.begin("timeOffsetSleepRespiration", '{')
	b.end('}')
	b.begin("timeOffsetSleepSpo2", '{')
	b.end('}')
	b.close()
}

func (d *day) sleepNap(b *body) {
	n := d.own.nap
	b.int("totalNapDurationInSeconds", n.to-n.from)
	b.begin("naps", '[')
	b.begin("", '{')
	b.int("napStartTimeInSeconds", n.from)
	b.int("napOffsetInSeconds", int64(d.offsetAt(n.from)))
	b.int("napDurationInSeconds", n.to-n.from)
	b.str("napValidation", "DEVICE")
	b.end('}')
	b.end(']')
}
