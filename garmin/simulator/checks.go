package simulator

// userMetrics writes VO2 max and fitness age, each morning.
func (d *day) userMetrics(b *body, from, to int64) {
	at := d.own.wake + 1500
	if !happened(at, from, to) || d.p.unwornOn(d.date) {
		return
	}
	v := d.p.vo2 * (1 + 0.05*d.own.fitness)
	b.open(d.p, d.start)
	b.date("calendarDate", d.date)
	b.dec("vo2Max", v, 1)
	if len(d.p.Devices) > 1 {
		b.dec("vo2MaxCycling", v*0.96, 1)
	}
	b.int("fitnessAge", int64(max(18, float64(d.p.age)-(v-38)/1.6)))
	b.bool("enhanced", true)
	b.close()
}

// bodyComps writes what the scale says, or a weight typed in by hand.
func (d *day) bodyComps(b *body, from, to int64) {
	r := d.w.stream(d.p.Index, forWeight, int64(d.date))
	draw := r.Float64()
	typed := !d.p.scale
	if d.p.flies(d.date) || d.loc != d.p.Zone || draw > 0.45 || typed && (draw > 0.03 || d.p.age < 18) {
		return
	}
	at := d.own.wake + 240 + r.Int64N(1200)
	if !happened(at+60, from, to) {
		return
	}
	kilos := d.own.weight
	b.open(d.p, at)
	b.int("measurementTimeInSeconds", at)
	b.int("measurementTimeOffsetInSeconds", int64(d.offsetAt(at)))
	b.int("weightInGrams", int64(kilos*10+0.5)*100)
	if !typed {
		index := kilos / d.p.height / d.p.height
		fat := 1.1*index - 2 - 1.5*d.own.fitness + between(r, -0.3, 0.3)
		b.int("muscleMassInGrams", int64(kilos*(1-fat/100)*550))
		b.int("boneMassInGrams", int64(kilos*45)/100*100)
		b.dec("bodyWaterInPercent", 0.72*(100-fat), 2)
		b.dec("bodyFatInPercent", fat, 2)
		b.dec("bodyMassIndex", index, 1)
	}
	b.close()
}

// bloodPressures writes a reading or two on some days.
func (d *day) bloodPressures(b *body, from, to int64) {
	r := d.w.stream(d.p.Index, forPressure, int64(d.date))
	if !d.p.pressure || r.Float64() > 0.4 {
		return
	}
	for range 1 + r.IntN(2) {
		at := d.at(430 + r.IntN(60) + 780*r.IntN(2))
		high := 126 + 5*noise(d.w.key(d.p.Index, forPressure, -1), float64(d.date)/20) + 5*r.NormFloat64()
		typed := r.Float64() < 0.3
		if !happened(at+60, from, to) {
			continue
		}
		b.open(d.p, at)
		b.int("measurementTimeInSeconds", at)
		b.int("measurementTimeOffsetInSeconds", int64(d.offsetAt(at)))
		b.int("systolic", int64(high))
		b.int("diastolic", int64(high*0.64))
		b.int("pulse", int64(d.own.rest+9))
		if typed {
			b.str("sourceType", "MANUAL")
		} else {
			b.str("sourceType", "DEVICE")
		}
		b.close()
	}
}

// mct writes the menstrual cycle, twice a week and when a period begins.
func (d *day) mct(b *body, from, to int64) {
	at := d.own.wake + 2400
	m := d.w.monthOf(d.p, d.date)
	if !d.p.menstrual || m.day != 1 && m.day%4 != 0 || !happened(at, from, to) {
		return
	}
	phase, name, begin, length := int64(1), "MENSTRUAL", 1, m.bleeding
	ovulation := m.length - 14
	switch {
	case m.day > ovulation+2:
		phase, name, begin, length = 4, "LUTEAL", ovulation+3, m.length-ovulation-2
	case m.day >= ovulation-1:
		phase, name, begin, length = 3, "OVULATION", ovulation-1, 4
	case m.day > m.bleeding:
		phase, name, begin, length = 2, "FOLLICULAR", m.bleeding+1, ovulation-2-m.bleeding
	}
	b.open(d.p, m.first.utc().UnixMilli())
	b.date("periodStartDate", m.first)
	b.int("dayInCycle", int64(m.day))
	b.int("periodLength", int64(m.bleeding))
	b.int("currentPhase", phase)
	b.str("currentPhaseType", name)
	b.int("lengthOfCurrentPhase", int64(length))
	b.int("daysUntilNextPhase", int64(begin+length-m.day))
	b.int("fertileWindowStart", int64(ovulation-4))
	b.int("lengthOfFertileWindow", 6)
	b.int("predictedCycleLength", 29)
	b.bool("isPredictedCycle", false)
	b.int("cycleLength", int64(m.length))
	b.int("lastUpdatedTimeInSeconds", at)
	b.bool("hasSpecifiedCycleLength", false)
	b.bool("hasSpecifiedPeriodLength", false)
	b.begin("pregnancySnapshot", '{')
	b.end('}')
	b.close()
}
