package simulator

// stressDetails writes stress and Body Battery of the day, every 3 minutes.
func (d *day) stressDetails(b *body, from, to int64) {
	n := d.known(to)
	if n == 0 || from >= d.end || d.worn(n) == 0 {
		return
	}
	b.open(d.p, d.start)
	b.date("calendarDate", d.date)
	b.int("startTimeInSeconds", d.start)
	b.int("startTimeOffsetInSeconds", int64(d.offset))
	b.int("durationInSeconds", int64(n)*60)
	b.begin("timeOffsetStressLevelValues", '{')
	for i := 0; i < n; i += 3 {
		b.sample(int64(i)*60, int64(d.minutes[i].stress))
	}
	b.end('}')
	b.begin("timeOffsetBodyBatteryValues", '{')
	last := -1
	for i := 0; i < n; i += 3 {
		if d.minutes[i].worn {
			b.sample(int64(i)*60, int64(d.minutes[i].level))
			last = i
		}
	}
	b.end('}')
	if last >= 0 {
		d.feedback(b, last)
	}
	d.batteryEvents(b, n)
	b.close()
}

// feedback is Garmin's word for the latest level.
func (d *day) feedback(b *body, i int) {
	word := "HIGH"
	switch level := d.minutes[i].level; {
	case level <= 10:
		word = "VERY_LOW"
	case level <= 30:
		word = "LOW"
	case level <= 60:
		word = "MODERATE"
	}
	b.begin("bodyBatteryDynamicFeedbackEvent", '{')
	b.int("eventStartTimeInSeconds", d.start+int64(i)*60)
	b.str("bodyBatteryLevel", word)
	b.end('}')
}

// charge is a stretch that charged or drained the battery.
type charge struct {
	what string
	span
	workout *workout // of an ACTIVITY
}

// charges lists what charged or drained the battery in the first n minutes.
func (d *day) charges(n int) (all []charge) {
	if d.own.worn && d.index(d.own.wake) < n {
		all = append(all, charge{what: "SLEEP", span: span{d.own.bed, d.own.wake}})
	}
	if s := d.own.nap; !s.empty() && d.index(s.to) < n {
		all = append(all, charge{what: "NAP", span: s})
	}
	for i := range d.workouts {
		wo := &d.workouts[i]
		if !wo.counts() || wo.typed || d.index(wo.end()) >= n {
			continue
		}
		all = append(all, charge{"ACTIVITY", span{wo.start, wo.end()}, wo})
	}
	return all
}

// impact is by how much a charge changed the level.
func (d *day) impact(c charge) int64 {
	if c.what == "SLEEP" {
		return int64(d.own.minutes[d.own.at(c.to)-1].level) - int64(d.own.minutes[0].level)
	}
	return int64(d.minutes[d.index(c.to)].level) - int64(d.minutes[d.index(c.from)].level)
}

func (d *day) batteryEvents(b *body, n int) {
	b.begin("bodyBatteryActivityEvents", '[')
	for _, c := range d.charges(n) {
		b.begin("", '{')
		b.str("eventType", c.what)
		b.int("eventStartTimeInSeconds", c.from)
		b.int("eventStartTimeOffsetInSeconds", int64(d.offsetAt(c.from)))
		b.int("duration", c.to-c.from)
		b.int("bodyBatteryImpact", d.impact(c))
		if wo := c.workout; wo != nil {
			b.str("activityName", wo.named(d.p))
			b.str("activityType", wo.name)
			b.int("activityId", wo.id)
		}
		b.end('}')
	}
	b.end(']')
}
