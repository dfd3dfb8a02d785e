package simulator

import "math/rand/v2"

// snapshots writes the two minutes in which someone sat still and measured.
func (d *day) snapshots(b *body, from, to int64) {
	r := d.w.stream(d.p.Index, forSnapshot, int64(d.date))
	if r.Float64() > 0.07 {
		return
	}
	at := d.at(1140+r.IntN(90)) + int64(r.IntN(60))
	m := &d.minutes[d.index(at)]
	if !m.worn || m.sport || !happened(at+180, from, to) {
		return
	}
	const length = 120
	b.openWith(d.p, snapshotUUID(r), at)
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", at)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(at)))
	b.int("durationInSeconds", length)
	b.begin("summaries", '[')
	k := r.Uint64()
	summary(b, "heart_rate", d.own.rest+12, 4, k, length)
	summary(b, "respiration", d.own.breaths+1, 1.2, k+1, length)
	summary(b, "stress", d.p.tension, 9, k+2, length)
	if d.p.oximeter {
		summary(b, "spo2", 96.5, 1.4, k+3, length)
	}
	for i, name := range [...]string{"rmssd_hrv", "sdrr_hrv"} {
		b.begin("", '{')
		b.str("summaryType", name)
		b.dec("avgValue", d.own.hrv*(0.8+0.25*float64(i)), 1)
		b.end('}')
	}
	b.end(']')
	b.close()
}

// summary writes one measure every five seconds, the last one second late.
func summary(b *body, name string, mean, spread float64, key uint64, length int) {
	var values []float64
	low, high, sum := mean+spread, mean-spread, 0.0
	for s := 0; s <= length; s += 5 {
		v := float64(int(mean + spread*noise(key, float64(s)/15)))
		values = append(values, v)
		low, high, sum = min(low, v), max(high, v), sum+v
	}
	b.begin("", '{')
	b.str("summaryType", name)
	b.dec("minValue", low, 1)
	b.dec("maxValue", high, 1)
	b.dec("avgValue", sum/float64(len(values)), 1)
	b.begin("epochSummaries", '{')
	for i, v := range values {
		s := int64(i * 5)
		if s >= int64(length) {
			s++
		}
		b.offset(s)
		b.b = appendFloat(b.b, v)
	}
	b.end('}')
	b.end('}')
}

// snapshotUUID is how a snapshot's summaryId ends.
func snapshotUUID(r *rand.Rand) string {
	const digits = "0123456789abcdef"
	b := []byte("-00000000-0000-4000-8000-000000000000")
	for i, c := range b {
		if c == '0' {
			b[i] = digits[r.IntN(16)]
		}
	}
	return string(b)
}
