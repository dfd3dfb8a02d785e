package simulator

// score is one part of the judgement of a night, 0 to 100.
type score struct {
	name  string
	value float64
}

// wakes counts how often the person woke up.
func (a *account) wakes() (n int) {
	for _, l := range a.laps {
		if l.stage == restless {
			n++
		}
	}
	return n
}

// judge judges a complete night by simple rules of our own: Garmin's are not
// public.
func (d *day) judge(a account) (overall float64, parts []score) {
	hours := float64(a.asleep()) / 3600
	share := func(s stage) float64 { return 100 * float64(a.sum[s]) / float64(a.asleep()) }
	own := noise(d.w.key(d.p.Index, forStages, -1), float64(d.date)/1.1)
	duration := clamp(91-17*max(0, 8-hours)-10*max(0, hours-9.5), 10, 100)
	deepScore := clamp(94-5*max(0, 19-share(deep)), 10, 100)
	remScore := clamp(94-4*max(0, 24-share(rem)), 10, 100)
	lightScore := clamp(95-3*max(0, share(light)-55), 10, 100)
	stress := clamp(88-45*d.own.illness-16*d.own.fatigue/100+9*own, 10, 100)
	awakeScore := clamp(98-9*float64(a.wakes()), 10, 100)
	calm := clamp(96-1.6*float64(a.sum[restless])/60, 10, 100)
	overall = 0.4*duration + 0.12*deepScore + 0.14*remScore + 0.06*lightScore +
		0.14*stress + 0.07*awakeScore + 0.07*calm
	return overall, []score{
		{"totalDuration", duration}, {"stress", stress}, {"awakeCount", awakeScore},
		{"remPercentage", remScore}, {"restlessness", calm},
		{"lightPercentage", lightScore}, {"deepPercentage", deepScore},
	}
}

func (d *day) sleepScores(b *body, a account) {
	overall, parts := d.judge(a)
	b.begin("overallSleepScore", '{')
	b.int("value", int64(overall))
	b.str("qualifierKey", grade(overall))
	b.end('}')
	b.begin("sleepScores", '{')
	for _, s := range parts {
		b.begin(s.name, '{')
		b.str("qualifierKey", grade(s.value))
		b.end('}')
	}
	b.end('}')
}

func grade(score float64) string {
	switch {
	case score >= 90:
		return "EXCELLENT"
	case score >= 80:
		return "GOOD"
	case score >= 60:
		return "FAIR"
	}
	return "POOR"
}
