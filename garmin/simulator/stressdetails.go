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

// batteryEvents lists what charged or drained the battery so far.
func (d *day) batteryEvents(b *body, n int) {
	b.begin("bodyBatteryActivityEvents", '[')
	if d.own.worn && d.index(d.own.wake) < n {
		d.batteryEvent(b, "SLEEP", span{d.own.bed, d.own.wake})
	}
	if s := d.own.nap; !s.empty() && d.index(s.to) < n {
		d.batteryEvent(b, "NAP", s)
	}
	for i := range d.workouts {
		wo := &d.workouts[i]
		if !wo.counts() || wo.typed || d.index(wo.end()) >= n {
			continue
		}
		d.batteryEvent(b, "ACTIVITY", span{wo.start, wo.end()})
		b.b = b.b[:len(b.b)-1] // reopen: activities say which one
		b.str("activityName", wo.named(d.p))
		b.str("activityType", wo.name)
		b.int("activityId", wo.id)
		b.end('}')
	}
	b.end(']')
}

func (d *day) batteryEvent(b *body, what string, s span) {
	impact := int(d.minutes[d.index(s.to)].level) - int(d.minutes[d.index(s.from)].level)
	if what == "SLEEP" {
		first, last := &d.own.minutes[0], &d.own.minutes[d.own.at(s.to)-1]
		impact = int(last.level) - int(first.level)
	}
	b.begin("", '{')
	b.str("eventType", what)
	b.int("eventStartTimeInSeconds", s.from)
	b.int("eventStartTimeOffsetInSeconds", int64(d.offsetAt(s.from)))
	b.int("duration", s.to-s.from)
	b.int("bodyBatteryImpact", int64(impact))
	b.end('}')
}
