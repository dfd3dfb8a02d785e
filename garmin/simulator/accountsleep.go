package simulator

import "time"

// Sleep is the night that ends on a date: the long sleep of it, with its series. A night
// without data has a record without id and times.
func (a *Account) Sleep(date time.Time) any {
	c := civilOf(date)
	dto := a.night(c)
	o := object{"dailySleepDTO": dto, "remSleepData": true}
	d, part, ok := a.longSleep(c)
	if !ok {
		o["sleepLevels"], o["remSleepData"] = nil, false
		return o
	}
	acc := d.own.accountAt(part, a.synced)
	o["restingHeartRate"] = int64(d.own.rest + 0.5)
	o["restlessMomentsCount"] = acc.wakes()
	o["sleepLevels"] = d.sleepLevels(acc)
	o["skinTempDataExists"] = a.p.skin
	if a.p.skin {
		o["avgSkinTempDeviationC"] = rounded(d.own.skin, 1)
		o["avgSkinTempDeviationF"] = rounded(d.own.skin*1.8, 1)
	}
	a.sleepSeries(o, d, acc)
	if s, ok := d.nightSpan(always, a.synced); ok {
		judged := a.hrvSummary(d, s)
		o["avgOvernightHrv"], o["hrvStatus"] = judged["lastNightAvg"], judged["status"]
		var rows []object
		for _, r := range a.hrvReadings(d, s) {
			rows = append(rows, object{"value": r["hrvValue"], "startGMT": r["readingTimeGMT"]})
		}
		o["hrvData"] = rows
	}
	for _, charged := range d.charges(d.known(a.synced)) {
		if charged.what == "SLEEP" {
			o["bodyBatteryChange"] = d.impact(charged)
		}
	}
	return o
}

// Sleeps are the nights of a range without their series; those without data have a row
// without values.
func (a *Account) Sleeps(from, to time.Time) any {
	rows := []object{}
	for c := max(a.first, civilOf(from)); c <= min(a.last, civilOf(to)); c++ {
		rows = append(rows, a.night(c))
	}
	return rows
}

// longSleep is the longest sleep of a worn night, from when it is known.
func (a *Account) longSleep(c civil) (d *day, part span, ok bool) {
	d, _ = a.day(c)
	if d == nil || !d.own.worn {
		return d, part, false
	}
	for _, s := range d.own.parts() {
		if s.to-s.from > part.to-part.from {
			part = s
		}
	}
	return d, part, a.synced >= part.from+3600+d.own.late
}

// night is the record of a night.
func (a *Account) night(c civil) object {
	o := object{"userProfilePK": a.number(), "calendarDate": c.text()}
	nulls(o, "id", "sleepStartTimestampGMT", "sleepEndTimestampGMT", "sleepStartTimestampLocal",
		"sleepEndTimestampLocal", "sleepTimeSeconds", "napTimeSeconds", "deepSleepSeconds", "lightSleepSeconds",
		"remSleepSeconds", "awakeSleepSeconds", "unmeasurableSleepSeconds", "awakeCount", "avgHeartRate",
		"avgSleepStress", "averageRespirationValue", "lowestRespirationValue", "highestRespirationValue",
		"averageSpO2Value", "lowestSpO2Value", "highestSpO2Value", "sleepScores", "sleepScoreFeedback")
	o["deviceRemCapable"], o["retro"], o["sleepFromDevice"] = true, false, false
	o["sleepWindowConfirmed"] = false
	d, part, ok := a.longSleep(c)
	switch {
	case ok:
		a.worn(o, d, d.own.accountAt(part, a.synced))
	case d != nil && !d.own.worn && d.own.typed && a.synced >= d.own.wake+settled:
		d.bedtimes(o, d.own.bed, d.own.wake)
		o["sleepTimeSeconds"] = d.own.wake - d.own.bed
		o["sleepWindowConfirmed"], o["sleepWindowConfirmationType"] = true, "manually_confirmed"
	}
	return o
}

// bedtimes writes the times of a sleep; the local ones are the clock's.
func (d *day) bedtimes(o object, from, to int64) {
	o["id"] = from * 1000
	o["sleepStartTimestampGMT"], o["sleepStartTimestampLocal"] = from*1000, d.clock(from)*1000
	o["sleepEndTimestampGMT"], o["sleepEndTimestampLocal"] = to*1000, d.clock(to)*1000
}

// worn fills the record of a night with the watch.
func (a *Account) worn(o object, d *day, acc account) {
	y := d.own
	d.bedtimes(o, acc.start, acc.end)
	o["sleepFromDevice"], o["sleepWindowConfirmed"] = true, true
	o["sleepWindowConfirmationType"] = "enhanced_confirmed"
	if acc.final {
		o["sleepWindowConfirmationType"] = "enhanced_confirmed_final"
	}
	o["sleepTimeSeconds"], o["unmeasurableSleepSeconds"] = acc.asleep(), 0
	o["deepSleepSeconds"], o["lightSleepSeconds"] = acc.sum[deep], acc.sum[light]
	o["remSleepSeconds"], o["awakeSleepSeconds"] = acc.sum[rem], acc.sum[restless]
	o["awakeCount"], o["napTimeSeconds"] = acc.wakes(), 0
	if !y.nap.empty() && a.synced >= y.nap.to+600 {
		o["napTimeSeconds"] = y.nap.to - y.nap.from
		o["dailyNapDTOS"] = []object{{"calendarDate": d.date.text(), "napTimeSec": y.nap.to - y.nap.from,
			"napStartTimestampGMT": gmt(y.nap.from), "napEndTimestampGMT": gmt(y.nap.to),
			"napStartTimeOffset": d.offsetAt(y.nap.from) / 60, "napEndTimeOffset": d.offsetAt(y.nap.to) / 60,
			"napFeedback": "IDEAL_TIMING_IDEAL_DURATION_HIGH_NEED", "napSource": 1, "deviceId": a.device()}}
	}
	d.sleepVitals(o, acc)
	if acc.end >= y.wake || !y.gap.empty() && acc.end == y.gap.from {
		d.scoreObjects(o, acc)
	}
	o["sleepNeed"] = object{"calendarDate": d.date.text(), "baseline": 480, "actual": 480 + int(0.3*y.fatigue),
		"feedback": "NO_CHANGE_BALANCED", "deviceId": a.device(), "timestampGmt": gmt(acc.end)}
}

// sleepVitals are means over the sleep.
func (d *day) sleepVitals(o object, acc account) {
	var beats, breaths, stress, oxygen average
	for i := d.own.at(acc.start); i < d.own.at(acc.end); i++ {
		m := &d.own.minutes[i]
		beats.add(float64(m.hr[0]))
		breaths.add(float64(m.breath) / 100)
		stress.add(float64(m.stress))
		oxygen.add(float64(m.oxygen))
	}
	o["avgHeartRate"], o["avgSleepStress"] = beats.value(), stress.value()
	o["averageRespirationValue"] = breaths.value()
	o["lowestRespirationValue"], o["highestRespirationValue"] = rounded(breaths.low, 0), rounded(breaths.high, 0)
	if d.p.oximeter && oxygen.n > 0 {
		o["averageSpO2Value"], o["lowestSpO2Value"], o["highestSpO2Value"] = oxygen.value(), oxygen.low, oxygen.high
	}
}

// average adds up values that are above 0.
type average struct {
	n, sum, low, high float64
}

func (m *average) add(v float64) {
	if v <= 0 {
		return
	}
	if m.n == 0 || v < m.low {
		m.low = v
	}
	m.n, m.sum, m.high = m.n+1, m.sum+v, max(m.high, v)
}

func (m *average) value() any {
	if m.n == 0 {
		return nil
	}
	return rounded(m.sum/m.n, 0)
}

// best are the ranges in which Garmin calls a share of a stage good.
var best = map[string][2]float64{"remPercentage": {21, 31}, "lightPercentage": {30, 64}, "deepPercentage": {16, 33},
	"awakeCount": {0, 1}, "restlessness": {0, 5}, "stress": {0, 15}, "totalDuration": {28_800, 28_800}}

func (d *day) scoreObjects(o object, acc account) {
	overall, parts := d.judge(acc)
	scores := object{"overall": object{"value": int64(overall), "qualifierKey": grade(overall)}}
	for _, s := range parts {
		scores[s.name] = object{"qualifierKey": grade(s.value), "optimalStart": best[s.name][0],
			"optimalEnd": best[s.name][1]}
	}
	for name, st := range map[string]stage{"remPercentage": rem, "lightPercentage": light, "deepPercentage": deep} {
		scores[name].(object)["value"] = rounded(100*float64(acc.sum[st])/float64(acc.asleep()), 0)
	}
	o["sleepScores"] = scores
	o["sleepScoreFeedback"] = "POSITIVE_LONG_AND_DEEP"
	if overall < 60 {
		o["sleepScoreFeedback"] = "NEGATIVE_SHORT_AND_NONRECOVERING"
	}
	o["sleepScoreInsight"] = "NONE"
}

// levelOf are the numbers of stages in sleepLevels.
var levelOf = map[stage]float64{deep: 0, light: 1, rem: 2, restless: 3}

func (d *day) sleepLevels(acc account) (all []object) {
	for _, l := range acc.laps {
		if level, ok := levelOf[l.stage]; ok {
			all = append(all, object{"startGMT": gmt(d.own.bed + int64(l.from)*60),
				"endGMT": gmt(d.own.bed + int64(l.to)*60), "activityLevel": level})
		}
	}
	return all
}

// sleepSeries are the samples of a sleep.
func (a *Account) sleepSeries(o object, d *day, acc account) {
	var beats, strain, battery, breaths, moves []object
	for i := d.own.at(acc.start); i < d.own.at(acc.end); i++ {
		m, ms := &d.own.minutes[i], (d.own.bed+int64(i)*60)*1000
		point := func(v any) object { return object{"startGMT": ms, "value": v} }
		if i%2 == 0 && m.hr[0] > 0 && !a.thinned(d.date) {
			beats = append(beats, point(m.hr[0]))
		}
		if i%2 == 0 && m.breath > 0 {
			breaths = append(breaths, object{"startTimeGMT": ms, "respirationValue": float64(m.breath) / 100})
		}
		if i%3 == 0 {
			strain, battery = append(strain, point(m.stress)), append(battery, point(m.level))
		}
		if m.stage == restless {
			moves = append(moves, point(1))
		}
	}
	o["sleepHeartRate"], o["sleepStress"], o["sleepBodyBattery"] = beats, strain, battery
	o["wellnessEpochRespirationDataDTOList"], o["sleepRestlessMoments"] = breaths, moves
}
