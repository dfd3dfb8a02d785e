package simulator

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"testing"
	"time"
)

// plain is an answer as a client parses it.
func plain[T any](t *testing.T, answer any) (v T) {
	t.Helper()
	raw, err := json.Marshal(answer)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	return v
}

type members = map[string]any

// at is a number behind some names.
func at(t *testing.T, o members, path ...string) float64 {
	t.Helper()
	for _, name := range path[:len(path)-1] {
		o, _ = o[name].(members)
	}
	n, ok := o[path[len(path)-1]].(float64)
	if !ok {
		t.Fatalf("%v is no number: %v", path, o[path[len(path)-1]])
	}
	return n
}

func inGMT(t *testing.T, text any) float64 {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05.0", text.(string))
	if err != nil {
		t.Fatal(err)
	}
	return float64(at.Unix())
}

// final is the one element of a type in the final pushes of a day; nil without.
func final(t *testing.T, w *World, person int, date time.Time, kind string) members {
	t.Helper()
	all := of(t, w.Final(person, date), kind)
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// settledDays are some days of which all is settled.
func settledDays() []time.Time { return []time.Time{daysBefore(14), daysBefore(40), daysBefore(100)} }

func agree(t *testing.T, what string, pulled, pushed float64) {
	t.Helper()
	if math.Abs(pulled-pushed) > 1e-6 {
		t.Errorf("%s: pulled %v, pushed %v", what, pulled, pushed)
	}
}

func TestTheSummaryOfADayIsThatOfThePushes(t *testing.T) {
	t.Parallel()
	w := quiet()
	for person := range 3 {
		for _, date := range settledDays() {
			pushed := final(t, w, person, date, "dailies")
			a := w.Account(person, until)
			day := plain[members](t, a.DaySummary(date))
			for pull, push := range map[string]string{
				"totalSteps": "steps", "totalDistanceMeters": "distanceInMeters", "floorsAscended": "floorsClimbed",
				"activeKilocalories": "activeKilocalories", "bmrKilocalories": "bmrKilocalories",
				"minHeartRate": "minHeartRateInBeatsPerMinute", "maxHeartRate": "maxHeartRateInBeatsPerMinute",
				"restingHeartRate": "restingHeartRateInBeatsPerMinute", "averageStressLevel": "averageStressLevel",
				"stressDuration": "stressDurationInSeconds", "restStressDuration": "restStressDurationInSeconds",
				"highStressDuration":      "highStressDurationInSeconds",
				"bodyBatteryChargedValue": "bodyBatteryChargedValue", "bodyBatteryDrainedValue": "bodyBatteryDrainedValue",
			} {
				agree(t, pull, at(t, day, pull), at(t, pushed, push))
			}
			agree(t, "start", inGMT(t, day["wellnessStartTimeGmt"]), at(t, pushed, "startTimeInSeconds"))
			agree(t, "offset", inGMT(t, day["wellnessStartTimeLocal"])-inGMT(t, day["wellnessStartTimeGmt"]),
				at(t, pushed, "startTimeOffsetInSeconds"))
			agree(t, "duration", at(t, day, "durationInMilliseconds"), 1000*at(t, pushed, "durationInSeconds"))
			agree(t, "effort", 60*at(t, day, "moderateIntensityMinutes"), at(t, pushed, "moderateIntensityDurationInSeconds"))
			steps := plain[[]members](t, a.Steps(date, date))[0]
			agree(t, "steps", at(t, steps, "totalSteps"), at(t, pushed, "steps"))
			grouped := plain[members](t, a.DaySummaries(date, date))["data"].([]any)[0].(members)
			agree(t, "steps of a group", at(t, grouped, "movement", "totalSteps"), at(t, pushed, "steps"))
			stress := plain[[]members](t, a.Stress(date, date))[0]
			agree(t, "stress", at(t, stress, "values", "lowStressDuration"), at(t, pushed, "lowStressDurationInSeconds"))
		}
	}
}

// samples compares pulled rows of [ms, value] with a pushed map of offsets.
func samples(t *testing.T, what string, rows any, start float64, pushed any) {
	t.Helper()
	n := 0
	for _, row := range rows.([]any) {
		r := row.([]any)
		offset := int64(r[0].(float64)/1000 - start)
		want, ok := pushed.(members)[string(appendInt(offset))]
		if value := r[1]; value == nil && ok || value != nil && value != want {
			t.Fatalf("%s after %d s: pulled %v, pushed %v", what, offset, value, want)
		}
		n++
	}
	if n < 100 {
		t.Errorf("%s: %d samples", what, n)
	}
}

func appendInt(n int64) []byte {
	b, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return b
}

func TestSamplesAreThoseOfThePushes(t *testing.T) {
	t.Parallel()
	w := quiet()
	for person := range 3 {
		for _, date := range settledDays() {
			a := w.Account(person, until)
			daily, stress := final(t, w, person, date, "dailies"), final(t, w, person, date, "stressDetails")
			start := at(t, daily, "startTimeInSeconds")
			beats := plain[members](t, a.HeartRate(date))
			samples(t, "heart rate", beats["heartRateValues"], start, daily["timeOffsetHeartRateSamples"])
			battery := plain[[]members](t, a.BodyBattery(date, date, 0))[0]
			samples(t, "Body Battery", battery["bodyBatteryValuesArray"], start, stress["timeOffsetBodyBatteryValues"])
			if got, want := battery["bodyBatteryActivityEvent"].([]any), stress["bodyBatteryActivityEvents"].([]any); len(got) !=
				len(want) {
				t.Errorf("events: pulled %v, pushed %v", got, want)
			}
		}
	}
}

func TestNightsAreThoseOfThePushes(t *testing.T) {
	t.Parallel()
	w := quiet()
	numbers := map[string]float64{"deep": 0, "light": 1, "rem": 2, "awake": 3}
	for _, date := range settledDays() {
		a := w.Account(0, until)
		pushed := final(t, w, 0, date, "sleeps")
		night := plain[members](t, a.Sleep(date))
		dto := night["dailySleepDTO"].(members)
		for pull, push := range map[string]string{"sleepTimeSeconds": "durationInSeconds",
			"deepSleepSeconds": "deepSleepDurationInSeconds", "lightSleepSeconds": "lightSleepDurationInSeconds",
			"remSleepSeconds": "remSleepInSeconds", "awakeSleepSeconds": "awakeDurationInSeconds"} {
			agree(t, pull, at(t, dto, pull), at(t, pushed, push))
		}
		agree(t, "start", at(t, dto, "sleepStartTimestampGMT")/1000, at(t, pushed, "startTimeInSeconds"))
		agree(t, "offset", (at(t, dto, "sleepStartTimestampLocal")-at(t, dto, "sleepStartTimestampGMT"))/1000,
			at(t, pushed, "startTimeOffsetInSeconds"))
		agree(t, "score", at(t, dto, "sleepScores", "overall", "value"), at(t, pushed, "overallSleepScore", "value"))
		var laps int
		for name, list := range pushed["sleepLevelsMap"].(members) {
			for _, lap := range list.([]any) {
				laps++
				if !slices.ContainsFunc(night["sleepLevels"].([]any), func(l any) bool {
					level := l.(members)
					return level["activityLevel"] == numbers[name] &&
						inGMT(t, level["startGMT"]) == lap.(members)["startTimeInSeconds"] &&
						inGMT(t, level["endGMT"]) == lap.(members)["endTimeInSeconds"]
				}) {
					t.Errorf("%s: no level for %v", name, lap)
				}
			}
		}
		if laps == 0 || laps != len(night["sleepLevels"].([]any)) {
			t.Errorf("%d stretches pushed, %d pulled", laps, len(night["sleepLevels"].([]any)))
		}
		row := plain[[]members](t, a.Sleeps(date, date))[0]
		if row["id"] != dto["id"] || row["sleepTimeSeconds"] != dto["sleepTimeSeconds"] {
			t.Errorf("the row of the night differs: %v", row)
		}

		beats := final(t, w, 0, date, "hrv")
		hrv := plain[members](t, a.HRV(date))
		agree(t, "HRV", at(t, hrv, "hrvSummary", "lastNightAvg"), at(t, beats, "lastNightAvg"))
		values := beats["hrvValues"].(members)
		for _, r := range hrv["hrvReadings"].([]any) {
			offset := int64(inGMT(t, r.(members)["readingTimeGMT"]) - at(t, beats, "startTimeInSeconds"))
			if want := values[string(appendInt(offset))]; want != r.(members)["hrvValue"] {
				t.Fatalf("HRV after %d s: pulled %v, pushed %v", offset, r, want)
			}
		}
		if len(values) != len(hrv["hrvReadings"].([]any)) {
			t.Errorf("%d values pushed, %d pulled", len(values), len(hrv["hrvReadings"].([]any)))
		}
	}
}

func TestWeightsAndFitnessAgesAreThoseOfThePushes(t *testing.T) {
	t.Parallel()
	w := quiet()
	a := w.Account(0, until)
	weights := plain[members](t, a.Weights(daysBefore(44), daysBefore(30), true))
	days := weights["dailyWeightSummaries"].([]any)
	if len(days) == 0 {
		t.Fatal("no weights")
	}
	for _, day := range days {
		entry := day.(members)["allWeightMetrics"].([]any)[0].(members)
		date, err := time.Parse(time.DateOnly, entry["calendarDate"].(string))
		if err != nil {
			t.Fatal(err)
		}
		pushed := final(t, w, 0, date, "bodyComps")
		agree(t, "weight", at(t, entry, "weight"), at(t, pushed, "weightInGrams"))
		agree(t, "muscle", at(t, entry, "muscleMass"), at(t, pushed, "muscleMassInGrams"))
		agree(t, "fat", at(t, entry, "bodyFat"), at(t, pushed, "bodyFatInPercent"))
		agree(t, "second", at(t, entry, "timestampGMT")/1000, at(t, pushed, "measurementTimeInSeconds"))
		agree(t, "offset", (at(t, entry, "date")-at(t, entry, "timestampGMT"))/1000,
			at(t, pushed, "measurementTimeOffsetInSeconds"))
		metrics := final(t, w, 0, date, "userMetrics")
		age := plain[members](t, a.FitnessAge(date))
		agree(t, "fitness age", math.Floor(at(t, age, "fitnessAge")), at(t, metrics, "fitnessAge"))
	}
	if last := days[len(days)-1].(members)["summaryDate"].(string); last < days[0].(members)["summaryDate"].(string) {
		t.Error("the days are not in order")
	}
	bare := plain[members](t, a.Weights(daysBefore(44), daysBefore(30), false))["dailyWeightSummaries"].([]any)
	if n := len(bare[0].(members)["allWeightMetrics"].([]any)); n != 0 {
		t.Errorf("%d entries without being asked for", n)
	}
}

func TestActivitiesAreThoseOfThePushes(t *testing.T) {
	t.Parallel()
	w := quiet()
	a := w.Account(1, until)
	first, last := daysBefore(44), daysBefore(38)
	rows := plain[[]members](t, a.Activities(Search{From: first, To: last, Limit: 50}))
	var pushed []members
	for date := first; !date.After(last); date = date.AddDate(0, 0, 1) {
		pushed = append(pushed, of(t, w.Final(1, date), "activities")...)
	}
	if len(rows) != len(pushed) || len(rows) < 3 {
		t.Fatalf("%d activities pulled, %d pushed", len(rows), len(pushed))
	}
	for _, p := range pushed {
		i := slices.IndexFunc(rows, func(r members) bool { return r["activityId"] == p["activityId"] })
		if i < 0 {
			t.Fatalf("activity %v is missing", p["activityId"])
		}
		agree(t, "duration", at(t, rows[i], "duration"), at(t, p, "durationInSeconds"))
		agree(t, "start", at(t, rows[i], "beginTimestamp")/1000, at(t, p, "startTimeInSeconds"))
		agree(t, "calories", at(t, rows[i], "calories"), at(t, p, "activeKilocalories"))
		agree(t, "pulse", at(t, rows[i], "averageHR"), at(t, p, "averageHeartRateInBeatsPerMinute"))
		if p["distanceInMeters"] != nil {
			agree(t, "distance", at(t, rows[i], "distance"), at(t, p, "distanceInMeters"))
		}
		one := plain[members](t, a.Activity(int64(at(t, p, "activityId"))))
		agree(t, "its duration", at(t, one, "summaryDTO", "duration"), at(t, p, "durationInSeconds"))
		zipped, ready, err := a.File(int64(at(t, p, "activityId")))
		if err != nil || !ready {
			t.Fatal("no file", ready, err)
		}
		z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
		if err != nil || len(z.File) != 1 {
			t.Fatalf("the ZIP is not one of one file: %v", err)
		}
	}
	if !slices.IsSortedFunc(rows, func(x, y members) int {
		return int(at(t, y, "beginTimestamp") - at(t, x, "beginTimestamp"))
	}) {
		t.Error("the newest is not first")
	}
	page := plain[[]members](t, a.Activities(Search{From: first, To: last, Start: 1, Limit: 2}))
	if len(page) != 2 || page[0]["activityId"] != rows[1]["activityId"] {
		t.Errorf("the second page begins with %v", page[0]["activityId"])
	}
}

func TestSamplesOfDaysLongAgoAreDroppedButBodyBatteryStays(t *testing.T) {
	t.Parallel()
	a := quiet().Account(0, until)
	for _, back := range []int{134, 137} {
		date := daysBefore(back)
		beats := plain[members](t, a.HeartRate(date))
		hrv := plain[members](t, a.HRV(date))
		kept := beats["heartRateValues"] != nil
		if kept != (back < 135) || kept != (len(hrv["hrvReadings"].([]any)) > 0) {
			t.Errorf("%d days ago: heart rate %v, %d readings of HRV", back, kept, len(hrv["hrvReadings"].([]any)))
		}
		if at(t, beats, "restingHeartRate") == 0 || at(t, hrv, "hrvSummary", "lastNightAvg") == 0 {
			t.Errorf("%d days ago the summary is gone", back)
		}
		battery := plain[[]members](t, a.BodyBattery(date, date, 0))[0]
		if n := len(battery["bodyBatteryValuesArray"].([]any)); n < 300 {
			t.Errorf("%d days ago: %d levels", back, n)
		}
	}
}

func TestDaysAndNightsWithoutTheWatchAreEmptyInTheirWays(t *testing.T) {
	t.Parallel()
	w := quiet()
	a := w.Account(2, until) // her watch lay at home
	from, to := daysBefore(12), daysBefore(11)
	if day := plain[members](t, a.DaySummary(from)); day["totalSteps"] != nil || day["calendarDate"] == nil {
		t.Errorf("the day is %v", day)
	}
	if n := len(plain[[]members](t, a.Steps(from, to))); n != 0 {
		t.Errorf("%d days with steps", n)
	}
	dto := plain[members](t, a.Sleep(from))["dailySleepDTO"].(members)
	if dto["id"] != nil || dto["sleepStartTimestampGMT"] != nil || dto["calendarDate"] == nil {
		t.Errorf("the night is no placeholder: %v", dto)
	}
	if n := len(plain[[]members](t, a.Sleeps(from, to))); n != 2 {
		t.Errorf("%d rows of nights", n)
	}
	if a.HRV(from) != nil || a.HRVs(from, to) != nil {
		t.Error("there is HRV without a watch")
	}
	if day := plain[members](t, a.SpO2(from)); day["averageSpO2"] != nil || len(day) < 10 {
		t.Errorf("the saturation is %v", day)
	}
	if a.DaySummary(until.AddDate(0, 0, 2)) != nil || a.DaySummary(daysBefore(800)) != nil {
		t.Error("there is a day outside of the account's time")
	}
	if list := plain[members](t, a.Weights(from, to, true))["dailyWeightSummaries"].([]any); len(list) != 0 {
		t.Errorf("weights: %v", list)
	}
	if goals := plain[members](t, a.WeightGoals(from, to)); len(goals) != 0 {
		t.Errorf("goals: %v", goals)
	}
}

func TestWhatTheWatchHasNotSyncedIsNotInTheAccount(t *testing.T) {
	t.Parallel()
	w := quiet()
	date := daysBefore(7) // of the days without the phone
	before := w.Account(1, date.Add(20*time.Hour))
	if before.DaySummary(date) != nil {
		t.Error("the day is there before the sync")
	}
	if after := plain[members](t, w.Account(1, until).DaySummary(date)); at(t, after, "totalSteps") == 0 {
		t.Error("the day is missing after the sync")
	}
}

func TestADayIsCorrectedWithinThreeDays(t *testing.T) {
	t.Parallel()
	w := quiet()
	corrected := 0
	for back := 20; back < 50; back++ {
		date := daysBefore(back)
		end := time.Date(date.Year(), date.Month(), date.Day()+1, 0, 0, 0, 0, time.UTC)
		steps := func(later time.Duration) float64 {
			return at(t, plain[members](t, w.Account(0, end.Add(later)).DaySummary(date)), "totalSteps")
		}
		if steps(72*time.Hour) != steps(30*24*time.Hour) {
			t.Errorf("%v changes after three days", date)
		}
		if steps(20*time.Hour) < steps(72*time.Hour) {
			corrected++
		}
	}
	if corrected == 0 || corrected > 20 {
		t.Errorf("%d of 30 days were corrected", corrected)
	}
}

func TestTheFileOfAnActivityComesSomeMinutesAfterItsSync(t *testing.T) {
	t.Parallel()
	w := quiet()
	date := daysBefore(41)
	for c := civilOf(date); ; c-- {
		all := w.workouts(&w.people[1], c)
		if len(all) == 0 || !all[0].filed() {
			continue
		}
		sync, ok := w.clockFrom(&w.people[1], all[0].end()+uploaded).next(until.Unix())
		if !ok {
			t.Fatal("it was never synced")
		}
		for after, want := range map[time.Duration]bool{time.Minute: false, 5 * time.Minute: true} {
			a := w.Account(1, time.Unix(sync.at, 0).Add(after))
			if file, ready, err := a.File(all[0].id); err != nil || ready != want || (file != nil) != want {
				t.Errorf("%v after the sync: ready %v, %v", after, ready, err)
			}
			if a.Activity(all[0].id) == nil {
				t.Errorf("%v after the sync the activity is missing", after)
			}
		}
		return
	}
}

func TestTheSameSeedGivesTheSameAccount(t *testing.T) {
	t.Parallel()
	told := func(seed uint64) string {
		a := household(seed).Account(0, until)
		from, to := daysBefore(12), daysBefore(10)
		raw, err := json.Marshal([]any{a.DaySummaries(from, to), a.Sleep(from), a.HRV(to), a.Hydration(from, to),
			a.Activities(Search{From: from, To: to, Limit: 5}), a.WellnessActivities(daysBefore(40), to), a.FoodLog(to)})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	first, again := told(1), told(1)
	if first != again {
		t.Error("the same seed gives different answers")
	}
	if first == told(2) {
		t.Error("different seeds give the same answers")
	}
}

func TestHealthSnapshotsAreThoseOfThePushes(t *testing.T) {
	t.Parallel()
	w := quiet()
	var pushed []string
	for back := 60; back >= 10; back-- {
		for _, s := range of(t, w.Final(0, daysBefore(back)), "healthSnapshot") {
			pushed = append(pushed, s["summaryId"].(string))
		}
	}
	var pulled int
	for _, o := range plain[[]members](t, w.Account(0, until).WellnessActivities(daysBefore(60), daysBefore(10))) {
		if o["wellnessActivityType"] != "HEALTH_SNAPSHOT" {
			continue
		}
		pulled++
		uuid := o["activityUuid"].(members)["uuid"].(string)
		if !slices.ContainsFunc(pushed, func(id string) bool { return bytes.HasSuffix([]byte(id), []byte("-"+uuid)) }) {
			t.Errorf("snapshot %s was not pushed: %v", uuid, slices.Collect(maps.Keys(o)))
		}
	}
	if pulled == 0 || pulled != len(pushed) {
		t.Errorf("%d pulled, %d pushed", pulled, len(pushed))
	}
}
