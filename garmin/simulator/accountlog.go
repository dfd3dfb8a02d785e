package simulator

import (
	"strings"
	"time"
)

// meals are what people eat, in kcal per kg of weight and grams per 100 kcal.
var meals = [...]struct {
	name, food            string
	minute                int
	energy                float64
	carbs, protein, grams float64
}{
	{"BREAKFAST", "Porridge with berries", 470, 6.5, 15, 4, 60},
	{"LUNCH", "Lentil soup and bread", 760, 10, 13, 6, 85},
	{"DINNER", "Pasta with vegetables", 1150, 11, 14, 4.5, 70},
}

// FoodLog is what the person ate and wrote down; an empty object on other days.
func (a *Account) FoodLog(date time.Time) any {
	c := civilOf(date)
	k := a.w.key(a.p.Index, forFood, int64(c))
	if unit(a.w.key(a.p.Index, forFood, -1)) > 0.4 || k%3 == 0 || c < a.first || c > a.last {
		return object{}
	}
	eaten := []object{}
	var kcal, carbs, protein float64
	for i, m := range meals {
		if c.at(a.p.zoneOn(c), m.minute) > a.at {
			break
		}
		energy := rounded(a.p.weight*m.energy*(0.85+0.3*unit(k+uint64(i))), 0)
		content := object{"calories": energy, "carbs": rounded(energy*m.carbs/100, 1),
			"protein": rounded(energy*m.protein/100, 1), "fat": rounded(energy*3.3/100, 1)}
		kcal, carbs, protein = kcal+energy, carbs+energy*m.carbs/100, protein+energy*m.protein/100
		eaten = append(eaten, object{
			"meal":                 object{"mealId": i + 1, "mealName": m.name},
			"mealNutritionContent": content,
			"loggedFoods": []object{{"foodMetaData": object{"foodName": m.food}, "servingQty": 2,
				"nutritionContent": object{"calories": energy / 2, "servingUnit": "G", "numberOfUnits": m.grams}}},
		})
	}
	if len(eaten) == 0 {
		return object{}
	}
	goal := rounded(a.p.weight*29, 0)
	return object{
		"mealDate": c.text(), "mealDetails": eaten,
		"dailyNutritionContent": object{"calories": kcal, "carbs": rounded(carbs, 1), "protein": rounded(protein, 1),
			"fat": rounded(kcal*3.3/100, 1)},
		"dailyNutritionGoals": object{"calories": goal, "adjustedCalories": goal + 200, "carbs": rounded(goal*0.125, 0),
			"protein": rounded(goal*0.05, 0), "fat": rounded(goal*0.033, 0)},
	}
}

// Cycle is where a date lies in the menstrual cycle; nil for people who keep no record.
func (a *Account) Cycle(date time.Time) any {
	c := civilOf(date)
	if !a.p.menstrual || c < a.first || c > a.last {
		return nil
	}
	m := a.w.monthOf(a.p, c)
	ph := m.phase()
	return object{
		"calendarDate": c.text(), "periodStartDate": m.first.text(), "startDate": m.first.text(), "dayInCycle": m.day,
		"periodLength": m.bleeding, "currentPhase": ph.number, "currentPhaseType": ph.name,
		"lengthOfCurrentPhase": ph.length, "daysUntilNextPhase": ph.begin + ph.length - m.day,
		"fertileWindowStart": m.ovulation() - 4, "lengthOfFertileWindow": 6, "predictedCycleLength": 29,
		"isPredictedCycle": false, "cycleLength": m.length, "hasSpecifiedCycleLength": false,
		"hasSpecifiedPeriodLength": false, "pregnancySnapshot": nil,
	}
}

// CycleDay is a day of the menstrual cycle with what the person wrote down about it; nil
// for people who keep no record.
func (a *Account) CycleDay(date time.Time) any {
	summary := a.Cycle(date)
	if summary == nil {
		return nil
	}
	o := object{"calendarDate": civilOf(date).text(), "daySummary": summary, "dayLog": nil}
	if m := a.w.monthOf(a.p, civilOf(date)); m.day <= m.bleeding {
		o["dayLog"] = object{"calendarDate": civilOf(date).text(), "flow": "MEDIUM", "symptoms": []string{}}
	}
	return o
}

// namesOfMeasures are those of the Personal API.
var namesOfMeasures = map[string]string{"heart_rate": "HEART_RATE", "respiration": "RESPIRATION", "stress": "STRESS",
	"spo2": "SPO2", "rmssd_hrv": "RMSSD_HRV", "sdrr_hrv": "SDRR_HRV"}

// WellnessActivities are health snapshots, and on some days minutes of breathing.
func (a *Account) WellnessActivities(from, to time.Time) any {
	all := []object{}
	for c := max(a.first, civilOf(from)); c <= min(a.last, civilOf(to)); c++ {
		d := a.w.day(a.p, c)
		if s, ok := d.stillness(); ok && s.at+180 <= a.synced {
			o := a.wellness(d, s.uuid[1:], "HEALTH_SNAPSHOT", "Health Snapshot", span{s.at, s.at + stillFor})
			var measures []object
			for _, m := range s.measures {
				values := object{"summaryType": namesOfMeasures[m.name], "minValue": nil, "maxValue": nil,
					"avgValue": rounded(m.mean, 1)}
				if m.values != nil {
					values["minValue"], values["maxValue"] = m.low, m.high
				}
				measures = append(measures, values)
			}
			o["summaryTypeDataList"] = measures
			all = append(all, o)
		}
		r := a.w.stream(a.p.Index, forSnapshot, -int64(c)-1)
		at := d.at(1290) + int64(r.IntN(1200))
		if r.Float64() < 0.06 && at+600 <= a.synced && d.minutes[d.index(at)].worn {
			uuid := strings.TrimPrefix(snapshotUUID(r), "-")
			o := a.wellness(d, uuid, "BREATHWORK", "Breathwork", span{at, at + 300})
			o["summaryTypeDataList"] = []object{{"summaryType": "STRESS", "minValue": 4, "maxValue": 30, "avgValue": 15}}
			all = append(all, o)
		}
	}
	return all
}

func (a *Account) wellness(d *day, uuid, kind, name string, s span) object {
	o := object{"activityUuid": object{"uuid": uuid}, "wellnessActivityType": kind, "activityName": name,
		"calendarDate": d.date.text(), "notes": nil, "rulePK": 2, "userProfilePk": a.number(),
		"deviceMetaData": object{"deviceId": a.device(), "deviceName": a.p.Devices[0], "deviceTypeId": 37_000,
			"deviceVersion": "20.26", "deviceVersionId": 1_043_000},
		"timeInZoneList": []object{{"zoneNumber": 1, "zoneLowBoundary": int64(a.p.peak / 2), "millisInZone": 0}}}
	d.window(o, s)
	return o
}
