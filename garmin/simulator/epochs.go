package simulator

// epochKinds are Garmin's words and the number that an epoch's summaryId ends with.
var epochKinds = [...]struct {
	name string
	code int64
}{sedentary: {"SEDENTARY", 8}, walking: {"WALKING", 6}, running: {"RUNNING", 1}, generic: {"GENERIC", 0}}

// quarters visits the 15-minute slices of the day that changed in (from, to]
// with the minutes known of each.
func (d *day) quarters(from, to int64, visit func(start int64, minutes []minute)) {
	n := d.known(to)
	for i := 0; i < n; i += 15 {
		start := d.start + int64(i)*60
		if start+900 <= from {
			continue
		}
		visit(start, d.minutes[i:min(i+15, n, len(d.minutes))])
	}
}

// epochs writes one element per slice and way of moving in it.
func (d *day) epochs(b *body, from, to int64) {
	d.quarters(from, to, func(start int64, minutes []minute) {
		var part [len(epochKinds)]total
		var spent [len(epochKinds)]int
		for i := range minutes {
			if m := &minutes[i]; m.worn {
				spent[m.kind]++
				part[m.kind].move(m, d.p.weight)
			}
		}
		for k := range part {
			if spent[k] > 0 {
				d.epoch(b, epochKind(k), start, len(minutes), spent[k], &part[k])
			}
		}
	})
}

func (d *day) epoch(b *body, k epochKind, start int64, minutes, spent int, t *total) {
	b.open(d.p, start, epochKinds[k].code)
	b.str("activityType", epochKinds[k].name)
	b.int("startTimeInSeconds", start)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(start)))
	b.int("durationInSeconds", int64(minutes)*60)
	b.int("activeTimeInSeconds", int64(spent)*60)
	b.int("steps", int64(t.steps))
	b.dec("distanceInMeters", t.metres, 2)
	b.int("activeKilocalories", int64(t.kcal))
	rate := t.kcal / float64(spent)
	b.dec("met", 1+rate*60/d.p.weight, 4)
	switch {
	case k == sedentary:
		b.str("intensity", "SEDENTARY")
	case 1+rate*60/d.p.weight > 6:
		b.str("intensity", "HIGHLY_ACTIVE")
	default:
		b.str("intensity", "ACTIVE")
	}
	motion := min(6.9, rate*0.8+float64(t.steps)/float64(spent)/30)
	b.dec("meanMotionIntensity", motion, 4)
	b.dec("maxMotionIntensity", float64(int(motion+1)), 1)
	b.close()
}

// respiration writes the same slices as breaths per minute.
func (d *day) respiration(b *body, from, to int64) {
	d.quarters(from, to, func(start int64, minutes []minute) {
		any := false
		for i := range minutes {
			any = any || minutes[i].breath > 0
		}
		if !any {
			return
		}
		b.open(d.p, start)
		b.int("startTimeInSeconds", start)
		b.int("startTimeOffsetInSeconds", int64(d.offsetAt(start)))
		b.int("durationInSeconds", int64(len(minutes))*60)
		b.begin("timeOffsetEpochToBreaths", '{')
		for i := range minutes {
			if v := minutes[i].breath; v > 0 {
				b.hundredth(int64(i)*60, v)
			}
		}
		b.end('}')
		b.close()
	})
}
