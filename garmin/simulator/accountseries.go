package simulator

import "time"

// HeartRate is a day's heart rate, a sample every two minutes. Without data all but the
// date is null; of days long ago the samples are.
func (a *Account) HeartRate(date time.Time) any {
	c := civilOf(date)
	o := object{"userProfilePK": a.number(), "calendarDate": c.text(),
		"heartRateValueDescriptors": columns("index", "key", "timestamp", "heartrate")}
	nulls(o, "startTimestampGMT", "endTimestampGMT", "startTimestampLocal", "endTimestampLocal", "maxHeartRate",
		"minHeartRate", "restingHeartRate", "lastSevenDaysAvgRestingHeartRate", "heartRateValues")
	d, n := a.day(c)
	if d == nil || d.worn(n) == 0 {
		return o
	}
	d.window(o, span{d.start, d.end})
	a.summaryHeart(o, d, tally(d.minutes[:n], a.p.weight), n)
	delete(o, "abnormalHeartRateAlertsCount")
	if a.thinned(c) {
		return o
	}
	rows := [][2]any{}
	for i := 0; i < n; i += 2 {
		rows = append(rows, [2]any{(d.start + int64(i)*60) * 1000, measuredOr(d.minutes[i].hr[0])})
	}
	o["heartRateValues"] = rows
	return o
}

// measuredOr is a value, or null where nothing was measured.
func measuredOr(v uint8) any {
	if v == 0 {
		return nil
	}
	return v
}

// BodyBattery are the levels of days, every three minutes, with what charged and drained;
// with chunks, each day as so many parts with their lowest and highest instead.
func (a *Account) BodyBattery(from, to time.Time, chunks int) any {
	all := []object{}
	for c := max(a.first, civilOf(from)); c <= min(a.last, civilOf(to)); c++ {
		d, n := a.day(c)
		o := object{"date": c.text()}
		d.window(o, span{d.start, d.end})
		nulls(o, "charged", "drained", "bodyBatteryDynamicFeedbackEvent", "endOfDayBodyBatteryDynamicFeedbackEvent")
		worn := d.worn(n) > 0
		if worn {
			t := tally(d.minutes[:n], a.p.weight)
			o["charged"], o["drained"] = t.charged, t.drained
		}
		if chunks > 0 {
			o["chunks"] = d.chunks(n, chunks)
			all = append(all, o)
			continue
		}
		rows := [][2]int64{}
		for i := 0; i < n; i += 3 {
			if d.minutes[i].worn {
				rows = append(rows, [2]int64{(d.start + int64(i)*60) * 1000, int64(d.minutes[i].level)})
			}
		}
		o["bodyBatteryValuesArray"] = rows
		o["bodyBatteryValueDescriptorDTOList"] = columns("bodyBatteryValueDescriptorIndex",
			"bodyBatteryValueDescriptorKey", "timestamp", "bodyBatteryLevel")
		o["bodyBatteryActivityEvent"] = d.batteryObjects(n)
		all = append(all, o)
	}
	return all
}

// chunks are equal parts of the first n minutes of the day.
func (d *day) chunks(n, parts int) (all []object) {
	for i := range parts {
		from, to := n*i/parts, n*(i+1)/parts
		low, high, _ := d.levels(from, to)
		all = append(all, object{"startTimestampGMT": gmt(d.start + int64(from)*60),
			"endTimestampGMT": gmt(d.start + int64(to)*60), "lowest": low, "highest": high})
	}
	return all
}

// batteryObjects are what charged or drained the battery in the first n minutes.
func (d *day) batteryObjects(n int) []object {
	all := []object{}
	for _, c := range d.charges(n) {
		impact := d.impact(c)
		word, short := "GOOD_RECOVERY", "RESTORED"
		if impact < 0 {
			word, short = "EXERCISE_TRAINING_EFFECT_3", "IMPROVING"
		}
		o := object{"eventType": c.what, "eventStartTimeGmt": gmt(c.from), "timezoneOffset": d.offsetAt(c.from) * 1000,
			"durationInMilliseconds": (c.to - c.from) * 1000, "bodyBatteryImpact": impact, "feedbackType": word,
			"shortFeedback": short}
		if wo := c.workout; wo != nil {
			o["activityId"], o["activityName"], o["activityType"] = wo.id, wo.named(d.p), wo.typeKey()
		}
		all = append(all, o)
	}
	return all
}

// saturation adds up what was measured in some minutes.
type saturation struct {
	sum, count     int
	lowest, latest uint8
}

func (d *day) saturation(from, to int) (s saturation) {
	for i := range d.minutes[from:to] {
		if v := d.minutes[from+i].oxygen; v > 0 && d.minutes[from+i].worn {
			if s.count == 0 || v < s.lowest {
				s.lowest = v
			}
			s.sum, s.count, s.latest = s.sum+int(v), s.count+1, v
		}
	}
	return s
}

func (s saturation) mean() int { return (s.sum + s.count/2) / s.count }

// SpO2 is a day's saturation: averages of hours, and what was measured by hand. All is
// null where nothing was measured.
func (a *Account) SpO2(date time.Time) any {
	c := civilOf(date)
	o := object{"userProfilePK": a.number(), "calendarDate": c.text(),
		"spO2HourlyAveragesDescriptorList": columns("spo2ValueDescIndex", "spo2ValueDescKey", "timestamp", "spo2"),
		"spO2SingleValuesDescriptorList": columns("spo2ValueDescriptorIndex", "spo2ValueDescriptorKey",
			"timestamp", "spo2"),
	}
	nulls(o, "startTimestampGMT", "endTimestampGMT", "startTimestampLocal", "endTimestampLocal", "averageSpO2",
		"lowestSpO2", "latestSpO2", "latestSpO2TimestampGMT", "lastSevenDaysAvgSpO2", "avgSleepSpO2",
		"spO2HourlyAverages", "spO2SingleValues", "monitoringEnvironmentValues")
	d, n := a.day(c)
	if d == nil || !a.p.oximeter {
		return o
	}
	if s := d.saturation(0, n); s.count > 0 {
		d.window(o, span{d.start, d.end})
		o["averageSpO2"], o["lowestSpO2"], o["latestSpO2"] = s.mean(), s.lowest, s.latest
		o["avgSleepSpO2"] = s.mean()
		rows := [][2]any{}
		for from := 0; from < n; from += 60 {
			var mean any
			if hour := d.saturation(from, min(n, from+60)); hour.count > 0 {
				mean = hour.mean()
			}
			rows = append(rows, [2]any{(d.start + int64(from)*60) * 1000, mean})
		}
		o["spO2HourlyAverages"] = rows
	}
	if at, percent, ok := d.spotCheck(); ok && at+30 <= a.synced {
		o["spO2SingleValues"] = [][2]int64{{at * 1000, percent}}
	}
	return o
}

// HRV is a night's heart rate variability with Garmin's judgement; nil without one.
func (a *Account) HRV(date time.Time) any {
	d, s, ok := a.nightOf(civilOf(date))
	if !ok {
		return nil
	}
	o := object{"userProfilePk": a.number(), "hrvSummary": a.hrvSummary(d, s)}
	d.window(o, s)
	o["sleepStartTimestampGMT"], o["sleepEndTimestampGMT"] = gmt(s.from), gmt(s.to)
	o["sleepStartTimestampLocal"], o["sleepEndTimestampLocal"] = gmt(d.clock(s.from)), gmt(d.clock(s.to))
	o["hrvReadings"] = a.hrvReadings(d, s)
	return o
}

// nightOf is the worn night that ends on a date, as far as it is known.
func (a *Account) nightOf(c civil) (*day, span, bool) {
	d, _ := a.day(c)
	if d == nil {
		return nil, span{}, false
	}
	s, ok := d.nightSpan(always, a.synced)
	return d, s, ok
}

func (a *Account) hrvReadings(d *day, s span) []object {
	all := []object{}
	if a.thinned(d.date) {
		return all
	}
	v := d.variability(s)
	for i, ms := range v.values {
		at := s.from + v.first + int64(i)*300
		all = append(all, object{"hrvValue": ms, "readingTimeGMT": gmt(at), "readingTimeLocal": gmt(d.clock(at))})
	}
	return all
}

// hrvSummary judges a night by those before it, by rules of our own.
func (a *Account) hrvSummary(d *day, s span) object {
	v := d.variability(s)
	week, nights := 0.0, 0.0
	for c := d.date - 6; c <= d.date; c++ {
		if c >= a.first && a.w.night(a.p, c).worn {
			week, nights = week+a.w.vitals(a.p, c).hrv, nights+1
		}
	}
	o := object{"calendarDate": d.date.text(), "lastNightAvg": v.mean, "lastNight5MinHigh": v.most,
		"createTimeStamp": gmt(s.to + 600), "weeklyAvg": nil, "baseline": nil, "status": "NONE",
		"feedbackPhrase": "ONBOARDING_1"}
	if nights < 3 {
		return o
	}
	mean := int64(week/nights + 0.5)
	low, high := int64(a.p.hrv*0.88), int64(a.p.hrv*1.14)
	o["weeklyAvg"] = mean
	o["baseline"] = object{"lowUpper": low - 4, "balancedLow": low, "balancedUpper": high,
		"markerValue": rounded(clamp(float64(mean-low+4)/float64(high-low+8), 0, 1), 4)}
	switch {
	case mean < low-4:
		o["status"], o["feedbackPhrase"] = "LOW", "HRV_LOW_2"
	case mean < low || mean > high:
		o["status"], o["feedbackPhrase"] = "UNBALANCED", "HRV_UNBALANCED_3"
	default:
		o["status"], o["feedbackPhrase"] = "BALANCED", "HRV_BALANCED_5"
	}
	return o
}

// HRVs are the judgements of nights; nil without any.
func (a *Account) HRVs(from, to time.Time) any {
	all := []object{}
	for c := max(a.first, civilOf(from)); c <= min(a.last, civilOf(to)); c++ {
		if d, s, ok := a.nightOf(c); ok {
			all = append(all, a.hrvSummary(d, s))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return object{"userProfilePk": a.number(), "hrvSummaries": all}
}
