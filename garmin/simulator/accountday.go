package simulator

import (
	"strings"
	"time"
)

// DaySummary is the summary of a day in one flat object. A day on which the watch lay
// at home has an object without values, a day without a sync none.
func (a *Account) DaySummary(date time.Time) any {
	d, n := a.day(civilOf(date))
	if n == 0 {
		return nil
	}
	o := object{
		"userProfileId": a.number(), "userDailySummaryId": a.number(), "calendarDate": d.date.text(),
		"source": "GARMIN", "privacyProtected": false, "includesWellnessData": d.worn(n) > 0,
		"includesActivityData": len(d.workouts) > 0, "lastSyncTimestampGMT": nil,
		"durationInMilliseconds": int64(n) * 60_000,
		"wellnessStartTimeGmt":   gmt(d.start), "wellnessStartTimeLocal": gmt(d.clock(d.start)),
		"wellnessEndTimeGmt": gmt(d.start + int64(n)*60), "wellnessEndTimeLocal": gmt(d.clock(d.start + int64(n)*60)),
	}
	if d.worn(n) == 0 {
		nulls(o, "totalSteps", "totalDistanceMeters", "activeKilocalories", "restingHeartRate", "minHeartRate",
			"maxHeartRate", "averageStressLevel", "bodyBatteryChargedValue", "bodyBatteryDrainedValue")
		return o
	}
	t := tally(d.minutes[:n], a.p.weight)
	a.summaryMovement(o, d, t)
	a.summaryEnergy(o, d, t, n)
	a.summaryHeart(o, d, t, n)
	a.summaryStress(o, d, t)
	d.summaryBattery(o, t, n)
	d.summaryBreath(o, n)
	return o
}

func (a *Account) summaryMovement(o object, d *day, t total) {
	o["totalSteps"], o["dailyStepGoal"] = t.steps-a.missing(d, t), a.p.stepsGoal()
	o["totalDistanceMeters"], o["wellnessDistanceMeters"] = rounded(t.metres, 1), rounded(t.metres, 1)
	o["floorsAscended"], o["floorsAscendedInMeters"] = float64(t.floors), rounded(float64(t.floors)*3.048, 3)
	nulls(o, "floorsDescended", "floorsDescendedInMeters")
	o["userFloorsAscendedGoal"] = 10
	o["moderateIntensityMinutes"], o["vigorousIntensityMinutes"] = t.moderate, t.vigorous
	o["intensityMinutesGoal"] = 150
}

func (a *Account) summaryEnergy(o object, d *day, t total, n int) {
	asleep := 0
	for i := range d.minutes[:n] {
		if d.minutes[i].worn && d.minutes[i].stage.asleep() {
			asleep++
		}
	}
	active, rest := int64(t.kcal), int64(a.p.weight*24*float64(n)/1440)
	o["activeKilocalories"], o["bmrKilocalories"], o["totalKilocalories"] = active, rest, active+rest
	o["wellnessActiveKilocalories"], o["wellnessKilocalories"] = active, active+rest
	nulls(o, "consumedKilocalories", "remainingKilocalories", "netCalorieGoal", "restingCaloriesFromActivity")
	fast := min(t.vigorous, t.active)
	o["highlyActiveSeconds"], o["activeSeconds"] = fast*60, (t.active-fast)*60
	o["sleepingSeconds"], o["sedentarySeconds"] = asleep*60, max(0, d.worn(n)-asleep-t.active)*60
}

func (a *Account) summaryHeart(o object, d *day, t total, n int) {
	nulls(o, "minHeartRate", "maxHeartRate", "restingHeartRate", "abnormalHeartRateAlertsCount")
	if t.highest > 0 {
		o["minHeartRate"], o["maxHeartRate"] = t.lowest, t.highest
	}
	if d.rested(t, n) {
		o["restingHeartRate"] = int64(d.own.rest + 0.5)
	}
	o["lastSevenDaysAvgRestingHeartRate"] = a.sevenDays(d.date)
}

// level is the mean stress and the highest; -1 of too short a time.
func (t *total) level() (mean, most int) {
	if t.known < 60 {
		return -1, -1
	}
	return t.sum / t.known, t.most
}

func (a *Account) summaryStress(o object, d *day, t total) {
	o["averageStressLevel"], o["maxStressLevel"] = t.level()
	o["stressQualifier"] = strings.ToUpper(t.mood())
	all := max(1, t.known+t.moving)
	for name, minutes := range map[string]int{
		"rest": t.stress[0], "low": t.stress[1], "medium": t.stress[2], "high": t.stress[3], "activity": t.moving,
	} {
		o[name+"StressDuration"] = minutes * 60
		o[name+"StressPercentage"] = rounded(100*float64(minutes)/float64(all), 2)
	}
	stressed := t.stress[1] + t.stress[2] + t.stress[3]
	o["stressDuration"], o["totalStressDuration"] = stressed*60, all*60
	o["stressPercentage"] = rounded(100*float64(stressed)/float64(all), 2)
}

func (d *day) summaryBattery(o object, t total, n int) {
	o["bodyBatteryChargedValue"], o["bodyBatteryDrainedValue"] = t.charged, t.drained
	low, high, latest := d.levels(0, n)
	o["bodyBatteryLowestValue"], o["bodyBatteryHighestValue"], o["bodyBatteryMostRecentValue"] = low, high, latest
	nulls(o, "bodyBatteryDuringSleep", "bodyBatteryAtWakeTime")
	for _, c := range d.charges(n) {
		if c.what == "SLEEP" {
			o["bodyBatteryDuringSleep"] = d.impact(c)
			o["bodyBatteryAtWakeTime"] = d.minutes[d.index(c.to)].level
		}
	}
	o["bodyBatteryActivityEventList"] = d.batteryObjects(n)
}

// levels are the lowest, highest and latest Body Battery of some minutes, null without
// the watch.
func (d *day) levels(from, to int) (low, high, latest any) {
	least, most := uint8(255), uint8(0)
	for i := range d.minutes[from:to] {
		if m := &d.minutes[from+i]; m.worn {
			least, most = min(least, m.level), max(most, m.level)
			low, high, latest = least, most, m.level
		}
	}
	return low, high, latest
}

func (d *day) summaryBreath(o object, n int) {
	nulls(o, "avgWakingRespirationValue", "highestRespirationValue", "lowestRespirationValue",
		"latestRespirationValue", "averageSpo2", "lowestSpo2", "latestSpo2")
	var sum, awakes, least, most, latest uint64
	for i := range d.minutes[:n] {
		v := uint64(d.minutes[i].breath)
		if v == 0 {
			continue
		}
		if !d.minutes[i].stage.asleep() {
			sum, awakes = sum+v, awakes+1
		}
		if least == 0 || v < least {
			least = v
		}
		most, latest = max(most, v), v
	}
	if awakes > 0 {
		o["avgWakingRespirationValue"] = (sum/awakes + 50) / 100
		o["highestRespirationValue"], o["lowestRespirationValue"] = (most+50)/100, (least+50)/100
		o["latestRespirationValue"] = (latest + 50) / 100
	}
	if s := d.saturation(0, n); s.count > 0 {
		o["averageSpo2"], o["lowestSpo2"], o["latestSpo2"] = s.mean(), s.lowest, s.latest
	}
}

// DaySummaries are the summaries of days in groups. Days without data are left out. The
// resting heart rate may be the lowest of the day.
func (a *Account) DaySummaries(from, to time.Time) any {
	all := []object{}
	a.days(from, to, func(d *day, n int) {
		flat := a.DaySummary(d.date.utc()).(object)
		group := func(members ...string) object {
			o := object{}
			for i := 0; i < len(members); i += 2 {
				o[members[i]] = flat[members[i+1]]
			}
			return o
		}
		heart := group("restingValue", "restingHeartRate", "minValue", "minHeartRate", "maxValue", "maxHeartRate",
			"sevenDayRestingValue", "lastSevenDaysAvgRestingHeartRate")
		if heart["restingValue"] == nil {
			heart["restingValue"] = heart["minValue"]
		}
		o := object{
			"calendarDate": flat["calendarDate"],
			"movement": group("totalSteps", "totalSteps", "stepGoal", "dailyStepGoal", "totalDistanceMeters",
				"totalDistanceMeters", "floorsAscended", "floorsAscended"),
			"calories": group("activeKilocalories", "activeKilocalories", "bmrKilocalories", "bmrKilocalories",
				"totalKilocalories", "totalKilocalories"),
			"heartRate": heart,
			"intensityMinutes": group("moderateMinutes", "moderateIntensityMinutes", "vigorousMinutes",
				"vigorousIntensityMinutes", "goal", "intensityMinutesGoal"),
			"stress": group("averageStressLevel", "averageStressLevel", "maxStressLevel", "maxStressLevel",
				"restStressDuration", "restStressDuration", "lowStressDuration", "lowStressDuration",
				"mediumStressDuration", "mediumStressDuration", "highStressDuration", "highStressDuration"),
			"bodyBattery": group("chargedValue", "bodyBatteryChargedValue", "drainedValue", "bodyBatteryDrainedValue",
				"highestValue", "bodyBatteryHighestValue", "lowestValue", "bodyBatteryLowestValue"),
			"respiration": group("avgWakingValue", "avgWakingRespirationValue", "highestValue",
				"highestRespirationValue", "lowestValue", "lowestRespirationValue"),
			"pulseOx": group("averageValue", "averageSpo2", "lowestValue", "lowestSpo2", "latestValue", "latestSpo2"),
			"jetLag":  nil,
		}
		o["hydration"] = nil
		if h, ok := a.hydration(d.date); ok {
			o["hydration"] = object{"valueInML": h["valueInML"], "goalInML": h["goalInML"]}
		}
		all = append(all, o)
	})
	return object{"data": all}
}

// Steps are rows of days; days without data are left out.
func (a *Account) Steps(from, to time.Time) any {
	rows := []object{}
	a.days(from, to, func(d *day, n int) {
		t := tally(d.minutes[:n], a.p.weight)
		rows = append(rows, object{"calendarDate": d.date.text(), "totalSteps": t.steps - a.missing(d, t),
			"totalDistance": rounded(t.metres, 1), "stepGoal": a.p.stepsGoal()})
	})
	return rows
}

// Stress are rows of days; days without data are left out.
func (a *Account) Stress(from, to time.Time) any {
	rows := []object{}
	a.days(from, to, func(d *day, n int) {
		t := tally(d.minutes[:n], a.p.weight)
		mean, _ := t.level()
		rows = append(rows, object{"calendarDate": d.date.text(), "values": object{
			"overallStressLevel": mean, "restStressDuration": t.stress[0] * 60, "lowStressDuration": t.stress[1] * 60,
			"mediumStressDuration": t.stress[2] * 60, "highStressDuration": t.stress[3] * 60,
		}})
	})
	return rows
}
