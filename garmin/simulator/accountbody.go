package simulator

import "time"

// FitnessAge is the newest fitness age up to a date, which may be of days before; nil
// where there is none.
func (a *Account) FitnessAge(date time.Time) any {
	for c := civilOf(date); c > civilOf(date)-14; c-- {
		if c < a.first || c > a.last || a.p.unwornOn(c) || a.w.night(a.p, c).wake+1500 > a.synced {
			continue
		}
		v := a.w.vitals(a.p, c)
		age := a.p.fitnessAge(a.p.vo2Max(v.fitness))
		index := v.weight / a.p.height / a.p.height
		return object{
			"fitnessAge": rounded(age, 2), "chronologicalAge": a.p.age, "previousFitnessAge": rounded(age+0.2, 2),
			"achievableFitnessAge": rounded(max(18, age-3), 2), "lastUpdated": gmt(int64(c) * daySeconds),
			"components": object{
				"rhr": object{"value": int64(v.rest + 0.5), "stale": false},
				"bmi": object{"value": rounded(index, 1), "targetValue": 21.9, "stale": !a.p.scale, "priority": 1,
					"improvementValue": rounded(max(0, index-21.9), 1), "potentialAge": rounded(max(18, age-1), 2),
					"lastMeasurementDate": c.text()},
				"vigorousDaysAvg":    object{"value": rounded(2+v.fitness, 1), "stale": false, "targetValue": 3},
				"vigorousMinutesAvg": object{"value": rounded(60+30*v.fitness, 1), "stale": false, "targetValue": 75},
			},
		}
	}
	return nil
}

// weighings visits those of some dates, oldest first.
func (a *Account) weighings(from, to civil, visit func(c civil, g weighing)) {
	for c := max(a.first, from); c <= min(a.last, to); c++ {
		if g, ok := a.w.weighing(a.p, c); ok && g.at+60 <= a.synced {
			visit(c, g)
		}
	}
}

// weightObject is a weighing; what a scale measures is null of a weight typed in.
func (a *Account) weightObject(c civil, g weighing) object {
	o := object{"samplePk": g.at * 1000, "date": (g.at + int64(g.offset)) * 1000, "calendarDate": c.text(),
		"timestampGMT": g.at * 1000, "weight": float64(g.grams), "sourceType": "MANUAL", "weightDelta": nil}
	nulls(o, "bmi", "bodyFat", "bodyWater", "boneMass", "muscleMass", "physiqueRating", "visceralFat", "metabolicAge")
	if !g.typed {
		o["sourceType"] = "INDEX_SCALE"
		o["bmi"], o["bodyFat"], o["bodyWater"] = rounded(g.index, 1), rounded(g.fat, 2), rounded(g.water, 2)
		o["boneMass"], o["muscleMass"] = g.bone, g.muscle
	}
	return o
}

// aside is how many days outside of a range the nearest weighings are looked for.
const aside = 30

// Weights are the weighings of a range by days, with the nearest outside of it. With all,
// each day has all of its weighings.
func (a *Account) Weights(from, to time.Time, all bool) any {
	first, last := civilOf(from), civilOf(to)
	rows := []object{}
	var before, after any
	var grams average
	a.weighings(first-aside, first-1, func(c civil, g weighing) { before = a.weightObject(c, g) })
	a.weighings(last+1, last+aside, func(c civil, g weighing) {
		if after == nil {
			after = a.weightObject(c, g)
		}
	})
	a.weighings(first, last, func(c civil, g weighing) {
		grams.add(float64(g.grams))
		row := object{"summaryDate": c.text(), "numOfWeightEntries": 1, "minWeight": float64(g.grams),
			"maxWeight": float64(g.grams), "latestWeight": a.weightObject(c, g), "allWeightMetrics": []object{}}
		if all {
			row["allWeightMetrics"] = []object{a.weightObject(c, g)}
		}
		rows = append(rows, row)
	})
	return object{"dailyWeightSummaries": rows, "previousDateWeight": before, "nextDateWeight": after,
		"totalAverage": object{"from": int64(first) * daySeconds * 1000, "until": int64(last+1)*daySeconds*1000 - 1,
			"weight": grams.value()}}
}

// WeightEntries are the weighings of a range, with the change since the one before.
func (a *Account) WeightEntries(from, to time.Time) any {
	rows := []object{}
	last := int64(0)
	a.weighings(civilOf(from), civilOf(to), func(c civil, g weighing) {
		o := a.weightObject(c, g)
		if last > 0 {
			o["weightDelta"] = float64(g.grams - last)
		}
		rows, last = append(rows, o), g.grams
	})
	return rows
}

// WeightGoals are the goals in force within a range; an empty object without any.
func (a *Account) WeightGoals(from, to time.Time) any {
	k := a.w.key(a.p.Index, forGoal, 0)
	if !a.p.scale || k%2 == 0 {
		return object{}
	}
	grams := int64(a.p.weight*19) * 50
	return object{
		"userGoals": []object{{"userGoalPk": k % 1_000_000, "userGoalCategory": "MANUAL", "userGoalTypePK": 7,
			"startDate": a.first.text(), "endDate": nil, "goalPeriod": "DAILY", "goalValue": float64(grams)}},
		"userGoalRanges": []object{{"startDate": civilOf(from).text(), "endDate": civilOf(to).text(),
			"goalValue": float64(grams)}},
	}
}

// HeartRateZones are the zones that the person set.
func (a *Account) HeartRateZones() any {
	zones := func(sport string, shift float64) object {
		o := object{"sport": sport, "trainingMethod": "HR_MAX", "maxHeartRateUsed": int64(a.p.peak),
			"restingHeartRateUsed": nil, "lactateThresholdHeartRateUsed": nil, "restingHrAutoUpdateUsed": false,
			"changeState": "UNCHANGED"}
		for i, name := range [...]string{"zone1Floor", "zone2Floor", "zone3Floor", "zone4Floor", "zone5Floor"} {
			o[name] = int64(a.p.peak * (0.5 + shift + 0.1*float64(i)))
		}
		return o
	}
	return []object{zones("DEFAULT", 0), zones("RUNNING", 0.02)}
}

// Settings are the units, the language and the time zone of the account.
func (a *Account) Settings() any {
	system, locale := "metric", "en"
	if a.p.Imperial {
		system, locale = "statute_us", "en_US"
	}
	return object{
		"preferredLocale": locale, "measurementSystem": system, "timeZone": a.p.Zone.String(),
		"firstDayOfWeek": object{"dayId": 3, "dayName": "monday", "sortOrder": 3, "isPossibleFirstDay": true},
		"timeFormat":     object{"formatId": 33, "formatKey": "time_twenty_four_hr", "displayFormat": "HH:mm"},
		"dateFormat":     object{"formatId": 23, "formatKey": "mmddyyyy", "displayFormat": "MMM d, yyyy"},
		"numberFormat":   "decimal_period", "hydrationMeasurementUnit": "milliliter",
		"birthYear": a.last.utc().Year() - a.p.age, "weight": a.p.weight * 1000, "lactateThresholdHeartRate": nil,
	}
}

// hydration is what the person drank and wrote down by now, on most days or never.
func (a *Account) hydration(c civil) (object, bool) {
	k := a.w.key(a.p.Index, forHydration, int64(c))
	if unit(a.w.key(a.p.Index, forHydration, -1)) > 0.7 || k%5 == 0 || c < a.first || c > a.last {
		return nil, false
	}
	d := a.w.day(a.p, c)
	sweat := int64(0)
	for i := range d.workouts {
		if wo := &d.workouts[i]; wo.counts() && wo.end() <= a.synced {
			sweat += int64(wo.length) / 6
		}
	}
	drunk, last := int64(0), int64(0)
	for glass := range int(5 + k>>8%5) {
		if at := d.at(480 + glass*95); at <= a.at {
			drunk, last = drunk+250, at
		}
	}
	if drunk == 0 {
		return nil, false
	}
	return object{"calendarDate": c.text(), "valueInML": float64(drunk),
		"goalInML": rounded(a.p.weight*33, 0) + float64(sweat), "sweatLossInML": float64(sweat),
		"activityIntakeInML": 0.0, "lastEntryTimestampLocal": gmt(d.clock(last))}, true
}

// Hydration are rows of days on which the person wrote down what they drank.
func (a *Account) Hydration(from, to time.Time) any {
	rows := []object{}
	for c := civilOf(from); c <= civilOf(to); c++ {
		if o, ok := a.hydration(c); ok {
			rows = append(rows, o)
		}
	}
	return rows
}
