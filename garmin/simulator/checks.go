package simulator

// userMetrics writes VO2 max and fitness age, each morning.
func (d *day) userMetrics(b *body, from, to int64) {
	at := d.own.wake + 1500
	if !happened(at, from, to) || d.p.unwornOn(d.date) {
		return
	}
	v := d.p.vo2Max(d.own.fitness)
	b.open(d.p, d.start)
	b.date("calendarDate", d.date)
	b.dec("vo2Max", v, 1)
	if len(d.p.Devices) > 1 {
		b.dec("vo2MaxCycling", v*0.96, 1)
	}
	b.int("fitnessAge", int64(d.p.fitnessAge(v)))
	b.bool("enhanced", true)
	b.close()
}

// vo2Max is in mL/kg/min.
func (p *Person) vo2Max(fitness float64) float64 { return p.vo2 * (1 + 0.05*fitness) }

// fitnessAge is in years.
func (p *Person) fitnessAge(vo2Max float64) float64 { return max(18, float64(p.age)-(vo2Max-38)/1.6) }

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
	ph, ovulation := m.phase(), m.ovulation()
	b.open(d.p, m.first.utc().UnixMilli())
	b.date("periodStartDate", m.first)
	b.int("dayInCycle", int64(m.day))
	b.int("periodLength", int64(m.bleeding))
	b.int("currentPhase", ph.number)
	b.str("currentPhaseType", ph.name)
	b.int("lengthOfCurrentPhase", int64(ph.length))
	b.int("daysUntilNextPhase", int64(ph.begin+ph.length-m.day))
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
