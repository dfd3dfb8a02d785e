package simulator

import "math/rand/v2"

// stillness is two minutes in which the person sat still and measured.
type stillness struct {
	at       int64
	uuid     string // with a hyphen before it
	measures []measure
}

// measure is one quantity of a stillness, a value every five seconds, the last
// one a second late. Those without values have a mean only.
type measure struct {
	name            string
	values          []float64
	low, high, mean float64
}

const stillFor = 120 // seconds

// stillness draws the one of the day, on some.
func (d *day) stillness() (stillness, bool) {
	r := d.w.stream(d.p.Index, forSnapshot, int64(d.date))
	if r.Float64() > 0.07 {
		return stillness{}, false
	}
	s := stillness{at: d.at(1140+r.IntN(90)) + int64(r.IntN(60))}
	m := &d.minutes[d.index(s.at)]
	if !m.worn || m.sport {
		return stillness{}, false
	}
	s.uuid = snapshotUUID(r)
	k := r.Uint64()
	s.measures = []measure{
		measured("heart_rate", d.own.rest+12, 4, k),
		measured("respiration", d.own.breaths+1, 1.2, k+1),
		measured("stress", d.p.tension, 9, k+2),
	}
	if d.p.oximeter {
		s.measures = append(s.measures, measured("spo2", 96.5, 1.4, k+3))
	}
	for i, name := range [...]string{"rmssd_hrv", "sdrr_hrv"} {
		s.measures = append(s.measures, measure{name: name, mean: d.own.hrv * (0.8 + 0.25*float64(i))})
	}
	return s, true
}

func measured(name string, mean, spread float64, key uint64) measure {
	m := measure{name: name, low: mean + spread, high: mean - spread}
	sum := 0.0
	for s := 0; s <= stillFor; s += 5 {
		v := float64(int(mean + spread*noise(key, float64(s)/15)))
		m.values = append(m.values, v)
		m.low, m.high, sum = min(m.low, v), max(m.high, v), sum+v
	}
	m.mean = sum / float64(len(m.values))
	return m
}

// snapshots writes the stillness of the day.
func (d *day) snapshots(b *body, from, to int64) {
	s, ok := d.stillness()
	if !ok || !happened(s.at+180, from, to) {
		return
	}
	b.openWith(d.p, s.uuid, s.at)
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", s.at)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(s.at)))
	b.int("durationInSeconds", stillFor)
	b.begin("summaries", '[')
	for i := range s.measures {
		s.measures[i].write(b)
	}
	b.end(']')
	b.close()
}

func (m *measure) write(b *body) {
	b.begin("", '{')
	b.str("summaryType", m.name)
	if m.values == nil {
		b.dec("avgValue", m.mean, 1)
		b.end('}')
		return
	}
	b.dec("minValue", m.low, 1)
	b.dec("maxValue", m.high, 1)
	b.dec("avgValue", m.mean, 1)
	b.begin("epochSummaries", '{')
	for i, v := range m.values {
		at := int64(i * 5)
		if at >= stillFor {
			at++
		}
		b.offset(at)
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
