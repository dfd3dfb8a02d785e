package service

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// withKey is a service in which person 0 has a key, and a bearer for it.
func withKey(t *testing.T, cfg Config) (g *garmin, key, bearer string) {
	t.Helper()
	cfg.AllowBursts = true
	g = newGarmin(t, cfg)
	key = g.MakeKey(0, start.Add(90*day))
	return g, key, g.bearer(key)
}

// exchange asks for a bearer.
func (g *garmin) exchange(key string) response {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.url+PersonalTokenPath, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "ApiKey "+key)
	res, err := g.client.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		g.t.Fatal(err)
	}
	return response{res, body.String()}
}

func (g *garmin) bearer(key string) string {
	g.t.Helper()
	res := g.exchange(key)
	if res.StatusCode != http.StatusOK || res.field("access_token") == "" {
		g.t.Fatalf("the exchange: %d %s", res.StatusCode, res.body)
	}
	return res.field("access_token")
}

const settingsPath = "/userprofile-service/userprofile/settings"

func TestAKeyIsExchangedForABearerOfADay(t *testing.T) {
	t.Parallel()
	g, key, bearer := withKey(t, Config{})
	if !strings.HasPrefix(key, "GCDC_") {
		t.Errorf("the key is %q", key)
	}
	g.pass(24*time.Hour - time.Second)
	if res := g.get(settingsPath, bearer); res.StatusCode != http.StatusOK {
		t.Errorf("within the day: %d", res.StatusCode)
	}
	g.pass(time.Second)
	if res := g.get(settingsPath, bearer); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("after a day: %d", res.StatusCode)
	}
	if res := g.get(settingsPath, g.bearer(key)); res.StatusCode != http.StatusOK {
		t.Errorf("with the next bearer: %d", res.StatusCode)
	}
}

func TestKeysThatAreWrongExpiredDeletedOrDisplacedAreRefused(t *testing.T) {
	t.Parallel()
	g, key, bearer := withKey(t, Config{})
	refused := func(why, key, bearer string) {
		t.Helper()
		if res := g.exchange(key); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: the exchange answers %d", why, res.StatusCode)
		}
		if res := g.get(settingsPath, bearer); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: the bearer gets %d", why, res.StatusCode)
		}
	}
	refused("wrong", key+"x", bearer+"x")
	second := g.MakeKey(0, start.Add(day))
	refused("displaced", key, bearer)
	bearer = g.bearer(second)
	g.DeleteKey(0)
	refused("deleted", second, bearer)
	third := g.MakeKey(0, start.Add(time.Hour))
	bearer = g.bearer(third)
	g.pass(time.Hour)
	refused("expired", third, bearer)
}

// shapes has an answer of every GET: what is asked, and members that it has. A path of
// names leads into objects, and into the first element of lists.
var shapes = []struct{ target, members string }{
	{"/activitylist-service/activities/search/activities?startDate=2026-11-01&endDate=2026-11-20&limit=10",
		"activityId activityUUID activityName activityType.typeKey startTimeGMT startTimeLocal beginTimestamp duration " +
			"averageHR maxHR calories hrTimeInZone_1 lapCount manualActivity parent ownerId deviceId"},
	{"/activity-service/activity/ID", "activityId activityTypeDTO.typeKey summaryDTO.duration summaryDTO.startTimeGMT " +
		"metadataDTO.lapCount isMultiSportParent splitSummaries timeZoneUnitDTO.unitKey"},
	{"/activity-service/activity/ID/workouts", ""},
	{"/download-service/files/activity/ID", ""},
	{"/usersummary-service/usersummary/daily?calendarDate=2026-11-16",
		"calendarDate totalSteps dailyStepGoal totalDistanceMeters floorsAscended activeKilocalories bmrKilocalories " +
			"restingHeartRate minHeartRate maxHeartRate lastSevenDaysAvgRestingHeartRate averageStressLevel " +
			"stressQualifier restStressDuration restStressPercentage moderateIntensityMinutes intensityMinutesGoal " +
			"bodyBatteryChargedValue bodyBatteryHighestValue bodyBatteryAtWakeTime privacyProtected " +
			"durationInMilliseconds wellnessStartTimeGmt wellnessStartTimeLocal avgWakingRespirationValue averageSpo2"},
	{"/usersummary-service/usersummary/v2/dailysummaries?startDate=2026-11-10&endDate=2026-11-16",
		"data.calendarDate data.movement.totalSteps data.heartRate.restingValue data.calories data.intensityMinutes " +
			"data.stress data.bodyBattery data.respiration data.pulseOx"},
	{"/usersummary-service/stats/steps/daily/2026-11-10/2026-11-16", "calendarDate totalSteps totalDistance stepGoal"},
	{"/usersummary-service/stats/stress/daily/2026-11-10/2026-11-16", "calendarDate values.overallStressLevel " +
		"values.restStressDuration values.lowStressDuration values.mediumStressDuration values.highStressDuration"},
	{"/usersummary-service/stats/hydration/daily/2026-11-01/2026-11-20", "calendarDate valueInML goalInML " +
		"sweatLossInML activityIntakeInML lastEntryTimestampLocal"},
	{"/wellness-service/wellness/dailyHeartRate?date=2026-11-16", "calendarDate startTimestampGMT endTimestampLocal " +
		"restingHeartRate maxHeartRate heartRateValueDescriptors.key heartRateValues"},
	{"/wellness-service/wellness/bodyBattery/reports/daily?startDate=2026-11-16&endDate=2026-11-17",
		"date charged drained startTimestampGMT bodyBatteryValueDescriptorDTOList.bodyBatteryValueDescriptorKey " +
			"bodyBatteryValuesArray bodyBatteryActivityEvent.eventType bodyBatteryActivityEvent.eventStartTimeGmt " +
			"bodyBatteryActivityEvent.bodyBatteryImpact bodyBatteryActivityEvent.timezoneOffset"},
	{"/wellness-service/wellness/daily/spo2acclimation/2026-11-16", "calendarDate averageSpO2 lowestSpO2 latestSpO2 " +
		"spO2HourlyAverages spO2HourlyAveragesDescriptorList.spo2ValueDescKey startTimestampGMT"},
	{"/sleep-service/sleep/dailySleepData?date=2026-11-16", "dailySleepDTO.id dailySleepDTO.calendarDate " +
		"dailySleepDTO.sleepStartTimestampGMT dailySleepDTO.sleepEndTimestampLocal dailySleepDTO.deepSleepSeconds " +
		"dailySleepDTO.sleepScores.overall.value dailySleepDTO.sleepScores.remPercentage.qualifierKey " +
		"dailySleepDTO.averageSpO2Value dailySleepDTO.avgSleepStress dailySleepDTO.sleepNeed.baseline " +
		"sleepLevels.startGMT sleepLevels.activityLevel sleepHeartRate.value hrvData.value avgOvernightHrv hrvStatus " +
		"restingHeartRate bodyBatteryChange avgSkinTempDeviationC wellnessEpochRespirationDataDTOList.respirationValue"},
	{"/sleep-service/sleep/dailySleepSummariesByDate?startDate=2026-11-10&endDate=2026-11-16", "id calendarDate " +
		"sleepTimeSeconds deepSleepSeconds lightSleepSeconds remSleepSeconds awakeSleepSeconds awakeCount avgHeartRate"},
	{"/hrv-service/hrv/2026-11-16", "hrvSummary.weeklyAvg hrvSummary.lastNightAvg hrvSummary.lastNight5MinHigh " +
		"hrvSummary.status hrvSummary.feedbackPhrase hrvSummary.baseline.balancedLow hrvSummary.createTimeStamp " +
		"hrvReadings.hrvValue hrvReadings.readingTimeGMT startTimestampGMT sleepStartTimestampLocal"},
	{"/hrv-service/hrv/daily/2026-11-10/2026-11-16", "userProfilePk hrvSummaries.calendarDate hrvSummaries.lastNightAvg"},
	{"/fitnessage-service/fitnessage/2026-11-16", "fitnessAge chronologicalAge achievableFitnessAge " +
		"previousFitnessAge lastUpdated components.rhr.stale components.bmi.value components.vigorousDaysAvg.value"},
	{"/weight-service/weight/range/2026-11-01/2026-11-20?includeAll=true", "dailyWeightSummaries.summaryDate " +
		"dailyWeightSummaries.allWeightMetrics.weight dailyWeightSummaries.latestWeight.timestampGMT " +
		"totalAverage.weight previousDateWeight.date"},
	{"/weight-service/weight/all/2026-11-01/2026-11-20", "samplePk date timestampGMT weight sourceType bodyFat"},
	{"/goal-service/goal/user/effective/weightgoal/2026-11-01/2026-11-20", ""},
	{"/biometric-service/heartRateZones", "sport trainingMethod zone1Floor zone5Floor maxHeartRateUsed changeState"},
	{settingsPath, "preferredLocale measurementSystem timeZone firstDayOfWeek.dayName"},
	{"/nutrition-service/food/logs/2026-11-16?includeGoals=true", ""},
	{"/periodichealth-service/menstrualcycle/summary/2026-11-16", "dayInCycle currentPhase daysUntilNextPhase " +
		"periodLength predictedCycleLength fertileWindowStart"},
	{"/periodichealth-service/menstrualcycle/dayview/2026-11-16", "calendarDate daySummary.dayInCycle"},
	{"/wellnessactivity-service/activity/summary/list?fromDate=2026-10-01&untilDate=2026-11-20", "activityUuid.uuid " +
		"wellnessActivityType calendarDate startTimestampGMT endTimestampLocal deviceMetaData.deviceName " +
		"summaryTypeDataList.summaryType summaryTypeDataList.avgValue timeInZoneList.zoneNumber"},
}

// member follows a path into a value.
func member(v any, path []string) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	if len(path) == 0 {
		return v
	}
	o, _ := v.(map[string]any)
	return member(o[path[0]], path[1:])
}

func TestEveryGetAnswersInItsShape(t *testing.T) {
	t.Parallel()
	g, _, bearer := withKey(t, Config{})
	id := fmt.Sprint(g.world.ActivityFiles(0, start.AddDate(0, 0, -7))[0].ActivityID)
	if len(shapes) != 26 || len(personalGets)+2 != 26 {
		t.Errorf("%d shapes of %d endpoints", len(shapes), len(personalGets)+2)
	}
	for _, shape := range shapes {
		target := strings.ReplaceAll(shape.target, "ID", id)
		res := g.get(target, bearer)
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", target, res.StatusCode, res.body)
			continue
		}
		var answer any
		if strings.HasPrefix(target, "/download") {
			continue // see TestTheFileOfAnActivity
		}
		if err := json.Unmarshal([]byte(res.body), &answer); err != nil {
			t.Fatal(err)
		}
		for name := range strings.FieldsSeq(shape.members) {
			if member(answer, strings.Split(name, ".")) == nil {
				t.Errorf("%s: no %s in %.300s", target, name, res.body)
			}
		}
	}
}

func TestTheFileOfAnActivityIsAZIPWithAFIT(t *testing.T) {
	t.Parallel()
	g, _, bearer := withKey(t, Config{})
	id := g.world.ActivityFiles(0, start.AddDate(0, 0, -7))[0].ActivityID
	res := g.get(fmt.Sprintf("/download-service/files/activity/%d", id), bearer)
	z, err := zip.NewReader(strings.NewReader(res.body), int64(len(res.body)))
	if err != nil || len(z.File) != 1 || !strings.HasSuffix(z.File[0].Name, ".fit") {
		t.Fatalf("%d: %v", res.StatusCode, err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	var fit bytes.Buffer
	if _, err := fit.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	want, err := g.world.ActivityFile(0, id, simulator.FIT)
	if err != nil || !bytes.Equal(fit.Bytes(), want) {
		t.Errorf("the file differs, %v", err)
	}
	if res := g.get("/download-service/files/activity/17", bearer); res.StatusCode != http.StatusNotFound {
		t.Errorf("another activity: %d", res.StatusCode)
	}
}

func TestPathsOffTheListAreNotFound(t *testing.T) {
	t.Parallel()
	g, _, bearer := withKey(t, Config{})
	for _, path := range []string{"/wellness-service/wellness/dailyStress/2026-11-16", "/metrics-service/metrics/x",
		"/device-service/deviceregistration/devices"} {
		if res := g.get(path, bearer); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func TestRangesThatAreTooLongAndWrongDatesAreRefused(t *testing.T) {
	t.Parallel()
	g, _, bearer := withKey(t, Config{})
	for target, want := range map[string]int{
		"/usersummary-service/stats/steps/daily/2026-10-01/2026-10-28":                                 200,
		"/usersummary-service/stats/steps/daily/2026-10-01/2026-10-29":                                 400,
		"/usersummary-service/stats/stress/daily/2026-10-01/2026-10-31":                                400,
		"/usersummary-service/stats/hydration/daily/2026-10-01/2026-11-01":                             400,
		"/usersummary-service/usersummary/v2/dailysummaries?startDate=2026-10-01&endDate=2026-11-05":   400,
		"/wellness-service/wellness/bodyBattery/reports/daily?startDate=2026-09-01&endDate=2026-10-02": 400,
		"/sleep-service/sleep/dailySleepSummariesByDate?startDate=2026-10-01&endDate=2026-11-01":       400,
		"/usersummary-service/stats/steps/daily/2026-10-02/2026-10-01":                                 400,
		"/usersummary-service/usersummary/daily":                                                       400,
		"/usersummary-service/usersummary/daily?calendarDate=20261001":                                 400,
		"/activitylist-service/activities/search/activities?limit=101":                                 400,
	} {
		if res := g.get(target, bearer); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", target, res.StatusCode, want)
		}
	}
}

func TestBurstsAreTooMany(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	bearer := g.bearer(g.MakeKey(0, start.Add(day)))
	for i := range mostPerSecond - 1 { // the exchange counts
		if res := g.get(settingsPath, bearer); res.StatusCode != http.StatusOK {
			t.Fatalf("call %d: %d", i, res.StatusCode)
		}
	}
	res := g.get(settingsPath, bearer)
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "14" {
		t.Errorf("one too many in a second: %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	g.pass(time.Second)
	if res := g.get(settingsPath, bearer); res.StatusCode != http.StatusOK {
		t.Errorf("a second later: %d", res.StatusCode)
	}
	var b burst
	for i := range mostAtOnce + 1 {
		if got, want := b.enter(start.Add(time.Duration(i)*time.Second)), i < mostAtOnce; got != want {
			t.Errorf("call %d at once: %v", i+1, got)
		}
	}
	b.leave()
	b.leave()
	if !b.enter(start.Add(time.Minute)) {
		t.Error("a call is refused after others ended")
	}
}

func TestThePersonalAPIFailsWhileItIsTold(t *testing.T) {
	t.Parallel()
	g, key, bearer := withKey(t, Config{})
	for _, status := range []int{503, 429} {
		g.FailPersonal(status)
		if got := g.get(settingsPath, bearer).StatusCode; got != status {
			t.Errorf("%d instead of %d", got, status)
		}
		if got := g.exchange(key).StatusCode; got != status {
			t.Errorf("%d at the exchange instead of %d", got, status)
		}
	}
	g.FailPersonal(0)
	if got := g.get(settingsPath, bearer).StatusCode; got != http.StatusOK {
		t.Errorf("%d afterwards", got)
	}
}

func TestCallsAreLoggedWithTheirTimesAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	g, key, bearer := withKey(t, Config{})
	g.pass(time.Minute)
	g.get("/usersummary-service/usersummary/daily?calendarDate=2026-11-16", bearer)
	g.get(settingsPath, "wrong")
	want := []PersonalCall{
		{start, 0, PersonalTokenPath, 200},
		{start.Add(time.Minute), 0, "/usersummary-service/usersummary/daily?calendarDate=2026-11-16", 200},
		{start.Add(time.Minute), -1, settingsPath, 401},
	}
	if got := g.PersonalCalls(); !slices.Equal(got, want) {
		t.Errorf("the log is %+v", got)
	}
	if text := fmt.Sprint(g.PersonalCalls(), g.Requests()); strings.Contains(text, key) || strings.Contains(text, bearer) {
		t.Error("the logs hold a secret")
	}
}

func TestKeysAndBearersOutliveARestart(t *testing.T) {
	t.Parallel()
	g, key, bearer := withKey(t, Config{})
	snapshot, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	next := newGarmin(t, Config{})
	if err := next.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	if res := next.get(settingsPath, bearer); res.StatusCode != http.StatusOK {
		t.Errorf("the bearer gets %d", res.StatusCode)
	}
	next.bearer(key)
}

func TestAVisitorMakesAndDeletesAKeyOnThePage(t *testing.T) {
	t.Parallel()
	g := newGarmin(t, Config{})
	change := func(what string) string {
		g.t.Helper()
		res := g.do("POST", KeysPath, "", url.Values{"person": {"1"}, "change": {what}})
		if res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", what, res.StatusCode)
		}
		return g.get(KeysPath, "").body
	}
	page := change("make")
	key, ends, ok := g.Key(1)
	if !ok || !strings.Contains(page, key) || !ends.Equal(start.Add(365*day)) {
		t.Errorf("the key is not on the page: %v %s", ends, page)
	}
	g.bearer(key)
	if page := change("delete"); strings.Contains(page, key) {
		t.Error("the deleted key is on the page")
	}
	if res := g.do("POST", KeysPath, "", url.Values{"person": {"9"}, "change": {"make"}}); res.StatusCode != 400 {
		t.Errorf("an unknown person: %d", res.StatusCode)
	}
}
