package simulator

// nightSpan is what is known of the worn night at to, if it changed after from.
func (d *day) nightSpan(from, to int64) (span, bool) {
	y := d.own
	s := span{y.bed, min(y.wake, (to-600)/60*60)}
	return s, y.worn && from < y.wake+600 && s.to-s.from >= 1800
}

func (d *day) nightHead(b *body, s span) {
	b.open(d.p, s.from)
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", s.from)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(s.from)))
	b.int("durationInSeconds", s.to-s.from)
}

// pulseox writes the night's saturation, and now and then a spot check.
func (d *day) pulseox(b *body, from, to int64) {
	if !d.p.oximeter {
		return
	}
	if s, ok := d.nightSpan(from, to); ok {
		d.nightHead(b, s)
		b.begin("timeOffsetSpo2Values", '{')
		for i := range (s.to - s.from) / 60 {
			if v := d.own.minutes[i].oxygen; v > 0 {
				b.sample(i*60, int64(v))
			}
		}
		b.end('}')
		b.bool("onDemand", false)
		b.close()
	}
	at, percent, ok := d.spotCheck()
	if !ok || !happened(at+30, from, to) {
		return
	}
	b.openWith(d.p, "-spo2OnDemand", at)
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", at)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(at)))
	b.int("durationInSeconds", 0)
	b.begin("timeOffsetSpo2Values", '{')
	b.sample(0, percent)
	b.end('}')
	b.bool("onDemand", true)
	b.close()
}

// spotCheck is a saturation that the person measured by hand, on some days.
func (d *day) spotCheck() (at, percent int64, ok bool) {
	r := d.w.stream(d.p.Index, forOxygen, int64(d.date))
	if r.Float64() > 0.12 {
		return 0, 0, false
	}
	at = d.at(600+r.IntN(660)) + int64(r.IntN(60))
	return at, 94 + r.Int64N(6), d.minutes[d.index(at)].worn
}

// variability is a night's heart rate variability in ms, every five minutes.
type variability struct {
	values     []int64
	first      int64 // seconds from the start of the night to the first value
	mean, most int64
}

func (d *day) variability(s span) variability {
	k := d.w.key(d.p.Index, forVitals, int64(d.date))
	// The first value is never right at the start of the night.
	v := variability{first: int64(k % 240)}
	var sum int64
	for i := range (s.to - s.from) / 300 {
		ms := d.own.hrv * (1 + 0.22*noise(k, float64(i)/4) + 0.12*noise(k+1, float64(i)))
		if d.own.minutes[i*5].stage == deep {
			ms *= 1.06
		}
		v.values = append(v.values, int64(ms))
		sum, v.most = sum+int64(ms), max(v.most, int64(ms))
	}
	v.mean = sum / int64(len(v.values))
	return v
}

// hrvs writes the night's heart rate variability, every five minutes.
func (d *day) hrvs(b *body, from, to int64) {
	s, ok := d.nightSpan(from, to)
	if !ok {
		return
	}
	v := d.variability(s)
	d.nightHead(b, s)
	b.int("lastNightAvg", v.mean)
	b.int("lastNight5MinHigh", v.most)
	b.begin("hrvValues", '{')
	for i, ms := range v.values {
		b.sample(v.first+int64(i)*300, ms)
	}
	b.end('}')
	b.close()
}

// skinTemps writes how far the skin was from its usual temperature asleep.
func (d *day) skinTemps(b *body, from, to int64) {
	y := d.own
	if !d.p.skin || !y.worn || !happened(y.wake+900, from, to) {
		return
	}
	d.nightHead(b, span{y.bed, y.wake})
	b.dec("avgDeviationCelsius", y.skin, 1)
	b.close()
}
