package simulator

// Activities are known some minutes after their end, and renamed in the evening.
const (
	uploaded = 150
	edited   = 3 * 3600
)

// named is the name that Garmin makes up.
func (wo *workout) named(p *Person) string {
	return places[p.zoneOn(wo.date).String()].name + " " + wo.title
}

// granted reports whether activities may be shared on the date.
func (d *day) granted() bool { return !anyHas(d.p.withdrawn, d.date) }

// ended visits the workouts whose data arrived in (from, to].
func (d *day) ended(from, to, delay int64, visit func(i int, wo *workout)) {
	if !d.granted() {
		return
	}
	for i := range d.workouts {
		if wo := &d.workouts[i]; happened(wo.end()+delay, from, to) {
			visit(i, wo)
		}
	}
}

func (d *day) activities(b *body, from, to int64) {
	d.ended(from, to, uploaded, func(i int, wo *workout) {
		b.open(d.p)
		b.key("summaryId")
		b.b = appendQuoted(b.b, wo.id)
		d.activity(b, i, wo, "")
		b.close()
	})
}

// renames draws whether a workout gets a name by hand.
func (wo *workout) renames() bool { return wo.key%9 == 0 && !wo.second && wo.child == 0 }

var ownNames = [...]string{"Around the pond", "With Jo", "Slow on purpose", "Windy!", "Nach der Arbeit",
	"Finally sun ☀"}

// ownName is the name that a person gives the workout.
func (wo *workout) ownName() string { return ownNames[wo.key>>8%uint64(len(ownNames))] }

func (d *day) renamed(b *body, from, to int64) {
	d.ended(from, to, edited, func(i int, wo *workout) {
		if !wo.renames() {
			return
		}
		b.open(d.p)
		b.key("summaryId")
		b.b = appendQuoted(b.b, wo.id)
		d.activity(b, i, wo, wo.ownName())
		b.close()
	})
}

// activity writes the fields that a summary and the head of details share. A
// name in own means that the person edited the activity.
func (d *day) activity(b *body, i int, wo *workout, own string) {
	t := d.tracks[i]()
	b.int("activityId", wo.id)
	if own != "" {
		b.str("activityName", own)
	} else {
		b.str("activityName", wo.named(d.p))
	}
	b.str("activityType", wo.name)
	b.int("startTimeInSeconds", wo.start)
	b.int("startTimeOffsetInSeconds", int64(d.offsetAt(wo.start)))
	b.int("durationInSeconds", int64(t.duration(wo)))
	if n := float64(len(t.fixes)); n > 0 {
		b.int("averageHeartRateInBeatsPerMinute", int64(t.pulse/n+0.5))
		b.int("maxHeartRateInBeatsPerMinute", int64(t.topPulse))
		d.cadence(b, wo, t, n)
		if wo.speed > 0 {
			d.distance(b, wo, t, n)
		}
	}
	b.int("activeKilocalories", d.kilocalories(wo, t.duration(wo)))
	b.str("deviceName", wo.device)
	if wo.parent {
		b.bool("isParent", true)
	}
	if wo.child != 0 {
		b.key("parentSummaryId")
		b.b = appendQuoted(b.b, wo.child)
	}
	b.bool("manual", wo.typed || own != "")
	b.bool("isWebUpload", false)
}

// kilocalories is what some seconds of a workout burn.
func (d *day) kilocalories(wo *workout, seconds int) int64 {
	return int64(wo.burn * d.p.weight / 70 * float64(seconds) / 60 * (0.5 + wo.intensity*0.8))
}

// duration leaves out pauses.
func (t *track) duration(wo *workout) int {
	if wo.typed || wo.parent {
		return wo.length
	}
	return t.timer
}

func (d *day) cadence(b *body, wo *workout, t *track, n float64) {
	switch {
	case wo.bike && wo.turns > 0:
		b.dec("averageBikeCadenceInRoundsPerMinute", t.turns/n, 0)
		b.dec("maxBikeCadenceInRoundsPerMinute", t.topTurns, 0)
	case wo.turns > 0:
		b.dec("averageSwimCadenceInStrokesPerMinute", t.turns/n, 0)
	case wo.steps > 0:
		b.single("averageRunCadenceInStepsPerMinute", float32(t.steps/n))
		b.dec("maxRunCadenceInStepsPerMinute", t.topSteps, 0)
		b.int("steps", int64(t.steps/60))
	}
}

func (d *day) distance(b *body, wo *workout, t *track, n float64) {
	mean := t.speed / n
	b.single("averageSpeedInMetersPerSecond", float32(mean))
	b.single("maxSpeedInMetersPerSecond", float32(t.topSpeed))
	b.single("averagePaceInMinutesPerKilometer", float32(1000.0/60/mean))
	b.single("maxPaceInMinutesPerKilometer", float32(1000.0/60/t.topSpeed))
	b.dec("distanceInMeters", t.metres, 2)
	if wo.pool {
		b.int("numberOfActiveLengths", int64(t.metres/25))
	}
	if wo.gps {
		b.single("totalElevationGainInMeters", float32(t.up))
		b.single("totalElevationLossInMeters", float32(t.down))
		b.degree("startingLatitudeInDegree", t.fixes[0].lat)
		b.degree("startingLongitudeInDegree", t.fixes[0].lon)
	}
}

// moveIQ writes walks of a quarter of an hour or more that no one recorded.
func (d *day) moveIQ(b *body, from, to int64) {
	if !d.granted() {
		return
	}
	for _, s := range d.own.bouts {
		if !happened(s.to+300, from, to) || !d.own.minutes[d.own.at(s.from)].worn {
			continue
		}
		b.open(d.p, s.from)
		b.date("calendarDate", d.date)
		b.int("startTimeInSeconds", s.from)
		b.int("offsetInSeconds", int64(d.offsetAt(s.from)))
		b.int("durationInSeconds", s.to-s.from)
		b.str("activityType", "Walking")
		b.str("activitySubType", "Casual Walking")
		b.close()
	}
}
