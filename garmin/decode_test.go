package garmin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
	"garner/health"
)

// said is what a test looks at of a decoded element, as text.
func said(d garmin.Decoded, metrics ...string) string {
	if d.Fault != "" {
		return "fault: " + d.Fault
	}
	s := d.Key
	for _, m := range metrics {
		s += " " + m + "=" + reading(d, m)
	}
	return s
}

func reading(d garmin.Decoded, metric string) string {
	for _, r := range d.Readings {
		if r.Metric == metric {
			return number(r.Value)
		}
	}
	return "none"
}

func TestConflictsAreReadEitherWay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		key, element string
		metrics      []string
		want         string
	}{
		"a number as text": {"dailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":"1710892800","steps":"17"`, []string{"steps"},
			"2024-03-20 steps=17"},
		"a number with a fraction": {"dailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":1710892800.75,"steps":17.0`, []string{"steps"},
			"2024-03-20 steps=17"},
		"unmeasurable sleep, short name": {"sleeps", `"startTimeInSeconds":1710892800,"unmeasurableSleepInSeconds":60`,
			[]string{"unmeasurable_sleep"}, "1710892800 unmeasurable_sleep=60"},
		"unmeasurable sleep, long name": {"sleeps",
			`"startTimeInSeconds":1710892800,"unmeasurableSleepDurationInSeconds":60`, []string{"unmeasurable_sleep"},
			"1710892800 unmeasurable_sleep=60"},
		"average stress -1 is none": {"dailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":1710892800,"averageStressLevel":-1`, []string{"average_stress"},
			"2024-03-20 average_stress=none"},
		"zero steps are a measurement": {"dailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":1710892800,"steps":0`, []string{"steps"}, "2024-03-20 steps=0"},
		"a heart rate of zero is none": {"dailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":1710892800,"restingHeartRateInBeatsPerMinute":0`,
			[]string{"resting_heart_rate"}, "2024-03-20 resting_heart_rate=none"},
		"temperature may go down": {"skinTemp", `"startTimeInSeconds":1710892800,"avgDeviationCelsius":-0.3`,
			[]string{"skin_temperature_deviation"}, "1710892800 skin_temperature_deviation=-0.3"},
		"activity id as a number": {"activities", `"startTimeInSeconds":1710892800,"activityId":14812345678`,
			nil, "14812345678"},
		"activity id as text": {"activities", `"startTimeInSeconds":1710892800,"activityId":"14812345678"`,
			nil, "14812345678"},
		"activity id in the summary's": {"activities", `"startTimeInSeconds":1710892800,"summaryId":"14812345678"`,
			nil, "14812345678"},
		"activity id null": {"activities",
			`"startTimeInSeconds":1710892800,"activityId":null,"summaryId":14812345678`, nil, "14812345678"},
		"no activity id": {"activities", `"startTimeInSeconds":1710892800,"summaryId":"x15-1"`, nil,
			"fault: no activity id"},
		"id of details": {"activityDetails",
			`"summaryId":"148-detail","summary":{"startTimeInSeconds":1710892800}`, nil, "148"},
		"the outer id of details": {"activityDetails",
			`"activityId":148,"summary":{"activityId":7,"startTimeInSeconds":1710892800}`, nil, "148"},
		"the inner id of details": {"activityDetails",
			`"summary":{"activityId":7,"startTimeInSeconds":1710892800}`, nil, "7"},
		"details by their first sample": {"activityDetails",
			`"activityId":148,"samples":[{"startTimeInSeconds":1710892800}]`, nil, "148"},
		"details without a clock": {"activityDetails", `"activityId":148,"samples":[]`, nil,
			"fault: no start time"},
		"a file by its id and type": {"activityFiles",
			`"summaryId":"148-file","fileType":"TCX","startTimeInSeconds":1710892800`, nil, "148 TCX"},
		"epochs of one start are told apart": {"epochs", `"startTimeInSeconds":1710892800,"activityType":"WALKING"`, nil,
			"1710892800 walking"},
		"Move IQ in other case": {"moveIQActivities",
			`"startTimeInSeconds":1710892800,"activityType":"Running"`, nil, "1710892800 running"},
		"a spot check of blood oxygen": {"pulseox", `"startTimeInSeconds":1710892800,"onDemand":true`, nil,
			"1710892800 on demand"},
		"a spot check told by text": {"pulseox", `"startTimeInSeconds":1710892800,"onDemand":"True"`, nil,
			"1710892800 on demand"},
		"the day's blood oxygen": {"pulseox",
			`"startTimeInSeconds":1710892800,"onDemand":false,"summaryId":"x-spo2OnDemand"`, nil, "1710892800"},
		"pressure by its own clock": {"bloodPressures",
			`"measurementTimeInSeconds":1710892800,"startTimeInSeconds":1`, nil, "1710892800"},
		"pressure by the usual clock": {"bloodPressures", `"startTimeInSeconds":1710892800`, nil, "1710892800"},
		"fitness has no clock": {"userMetrics", `"calendarDate":"2024-03-20","vo2Max":51`,
			[]string{"vo2_max"}, "2024-03-20 vo2_max=51"},
		"fitness without a date":   {"userMetrics", `"vo2Max":51`, nil, "fault: no calendar date"},
		"a cycle by its first day": {"mct", `"periodStartDate":"2024-03-08"`, nil, "2024-03-08"},
		"a cycle without its first day": {"mct", `"dayInCycle":3,"calendarDate":"2024-03-08"`, nil,
			"fault: no date on which the period began"},
		"a notice by the person": {"deregistrations", `"summaryId":"x"`, nil, "a"},
		"a change by person and time": {"userPermissionsChange", `"changeTimeInSeconds":1710892800`, nil,
			"a 1710892800"},
		"a change without a time": {"userPermissionsChange", `"permissions":[]`, nil, "a "},
		"other devices by their source": {"thirdPartyDailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":1710892800,"source":"Maker"`, nil, "2024-03-20 maker"},
		"no start":        {"hrv", `"calendarDate":"2024-03-20"`, nil, "fault: no start time"},
		"a start of null": {"hrv", `"startTimeInSeconds":null`, nil, "fault: no start time"},
		"a start that is no number": {"hrv", `"startTimeInSeconds":"soon"`, nil,
			"fault: start time is not a number"},
		"a start of NaN as text": {"hrv", `"startTimeInSeconds":"NaN"`, nil,
			"fault: start time is not a number"},
		"a start before 1990": {"hrv", `"startTimeInSeconds":631151999`, nil,
			"fault: start time out of range"},
		"a start after 2100": {"hrv", `"startTimeInSeconds":4133980800`, nil,
			"fault: start time out of range"},
		"a start in milliseconds": {"hrv", `"startTimeInSeconds":1710892800000`, nil,
			"fault: start time out of range"},
		"a start beyond all numbers": {"hrv", `"startTimeInSeconds":1e400`, nil,
			"fault: start time is not a number"},
		"the last of repeated names": {"dailies",
			`"calendarDate":"2024-03-20","startTimeInSeconds":1710892800,"steps":1,"steps":2`, []string{"steps"},
			"2024-03-20 steps=2"},
		"a bad date falls back to the clock": {"dailies", `"calendarDate":"20.3.2024","startTimeInSeconds":1710892800`,
			nil, "2024-03-20"},
		"year 9999 falls back to the clock": {"dailies", `"calendarDate":"9999-12-31","startTimeInSeconds":1710892800`,
			nil, "2024-03-20"},
		"no date: the clock with its offset": {"dailies", `"startTimeInSeconds":1710892800,"startTimeOffsetInSeconds":-1`,
			nil, "2024-03-19"},
		"the date beats the clock": {"dailies", `"calendarDate":"2024-03-25","startTimeInSeconds":1710892800`,
			nil, "2024-03-25"},
		"an unbelievable sum gives no readings": {"sleeps",
			`"startTimeInSeconds":1710892800,"durationInSeconds":1e308,"awakeDurationInSeconds":1e308`,
			[]string{"sleep_efficiency"}, "1710892800 sleep_efficiency=none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := said(decode(t, tt.key, `{"userId":"a",`+tt.element+`}`), tt.metrics...); got != tt.want {
				t.Errorf("want %q, got %q", tt.want, got)
			}
		})
	}
}

func TestOffsetsAreBelievedWithinADay(t *testing.T) {
	t.Parallel()
	for literal, want := range map[string]string{
		"3600": "3600", "-43200": "-43200", "86400": "86400", "-86400": "-86400", `"19800"`: "19800", "20700.0": "20700",
		"-1":    "-1",
		"86401": "none ignored", "-99999": "none ignored", `"CET"`: "none ignored", "null": "none", "1e300": "none ignored",
	} {
		d := decode(t, "hrv", `{"startTimeInSeconds":1710892800,"startTimeOffsetInSeconds":`+literal+`}`)
		got := "none"
		if d.Offset != nil {
			got = fmt.Sprint(*d.Offset)
		}
		if len(d.Ignored) > 0 {
			got += " ignored"
		}
		if got != want || d.Fault != "" {
			t.Errorf("%s: want %s, got %s %s", literal, want, got, d.Fault)
		}
	}
	for _, name := range []string{"offsetInSeconds", "offsetStartTimeInSeconds"} {
		if d := decode(t, "healthSnapshot", `{"startTimeInSeconds":1710892800,"`+name+`":3600}`); d.Offset == nil ||
			*d.Offset != 3600 {
			t.Errorf("%s is not read", name)
		}
	}
}

func TestWordsOfValidationRankSleeps(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]health.Class{
		`"MANUAL"`: health.Edited, `"auto_manual"`: health.Edited, `"AUTO_FINAL"`: health.Final,
		`"ENHANCED_FINAL"`: health.Final,
		`"Device"`:         health.Final, `"OFF_WRIST"`: health.OffWrist, `"off_wrist"`: health.OffWrist,
		`"AUTO_TENTATIVE"`:     health.Tentative,
		`"ENHANCED_TENTATIVE"`: health.Tentative, `"SOMETHING_NEW"`: health.Tentative, `""`: health.Tentative,
		"null": health.Tentative, "7": health.Tentative,
	} {
		if got := decode(t, "sleeps", `{"startTimeInSeconds":1710892800,"validation":`+word+`}`).Class; got != want {
			t.Errorf("%s: want class %d, got %d", word, want, got)
		}
	}
}

// TestANightGrowsIntoItsLastAccount has the accounts of one night in the order
// in which each stands over the ones before, whatever their summaryId.
func TestANightGrowsIntoItsLastAccount(t *testing.T) {
	t.Parallel()
	var last garmin.Decoded
	for i, account := range []string{
		`"summaryId":"x1-65fa3d50-0","validation":"OFF_WRIST","durationInSeconds":90000`,
		`"summaryId":"x1-65fa3d50-1c20","validation":"ENHANCED_TENTATIVE","durationInSeconds":7200`,
		// Shorter asleep, and yet it reaches further: the rest was lying awake.
		`"summaryId":"x1-65fa3d50-1bbc","validation":"AUTO_TENTATIVE","durationInSeconds":7100,"awakeDurationInSeconds":600`,
		`"summaryId":"x1-65fa3d50-1b58","validation":"ENHANCED_FINAL","durationInSeconds":7000`,
		`"summaryId":"x1-65fa3d50-6720","validation":"enhanced_final","durationInSeconds":26400`,
		`"summaryId":"x1-65fa3d50-e10","validation":"AUTO_MANUAL","durationInSeconds":3600`,
	} {
		d := decode(t, "sleeps", `{"userId":"a","startTimeInSeconds":1710898800,`+account+`}`)
		order := health.Order{Class: d.Class, Reach: d.Reach,
			Arrival: health.Arrival{Delivery: int64(10 - i)}} // as if they came the other way round
		before := health.Order{Class: last.Class, Reach: last.Reach, Arrival: health.Arrival{Delivery: int64(11 - i)}}
		if d.Fault != "" || d.Key != "1710898800" || i > 0 && order.Compare(before) <= 0 {
			t.Errorf("%s: does not stand over the account before: %+v", account, d)
		}
		last = d
	}
}

func TestReachIsTheInstantThatTheDataReach(t *testing.T) {
	t.Parallel()
	const start = 1710892800
	for name, tt := range map[string]struct {
		key, element string
		want         int64
	}{
		"the last level of a sleep": {"sleeps",
			`"durationInSeconds":100,"sleepLevelsMap":{"awake":[{"startTimeInSeconds":1710893000,` +
				`"endTimeInSeconds":1710893900}],"deep":[{"startTimeInSeconds":1710892800,"endTimeInSeconds":1710893000}]}`, 1100},
		"a sleep's parts, without levels": {"sleeps",
			`"durationInSeconds":100,"awakeDurationInSeconds":20,"unmeasurableSleepInSeconds":3,` +
				`"unmeasurableSleepDurationInSeconds":3`, 123},
		"a level a year off is passed over": {"sleeps",
			`"durationInSeconds":100,"sleepLevelsMap":{"deep":[{"startTimeInSeconds":1710892800,"endTimeInSeconds":1810892800}]}`, 100},
		"a sleep of a month is two days": {"sleeps", `"durationInSeconds":2600000`, 2 * 86400},
		"a running day":                  {"dailies", `"durationInSeconds":3600`, 3600},
		"a day of a century":             {"dailies", `"durationInSeconds":3000000000`, 0},
		"a negative length":              {"dailies", `"durationInSeconds":-5`, 0},
		"samples beyond a length": {"stressDetails",
			`"durationInSeconds":60,"timeOffsetStressLevelValues":{"180":5,"0":4},"timeOffsetBodyBatteryValues":{"360":50}`,
			360},
		"a length beyond the samples": {"hrv", `"durationInSeconds":600,"hrvValues":{"300":32}`, 600},
		"a sample at the end of time": {"hrv", `"durationInSeconds":600,"hrvValues":{"300":32,"99999999999":1}`, 600},
		"activities: their arrival": {"activities",
			`"activityId":1,"durationInSeconds":600,"uploadEndTimeInSeconds":1710892801`, -start},
		"details: their arrival": {"activityDetails", `"activityId":1,"summary":{"durationInSeconds":600}`,
			-start},
		"a cycle: when it was updated": {"mct", `"periodStartDate":"2024-03-08","lastUpdatedTimeInSeconds":1710892900`,
			100},
		"a cycle updated at the end of time": {"mct", `"periodStartDate":"2024-03-08","lastUpdatedTimeInSeconds":99999999999`,
			-start},
	} {
		d := decode(t, tt.key, `{"startTimeInSeconds":1710892800,`+tt.element+`}`)
		if d.Fault != "" || d.Reach-start != tt.want {
			t.Errorf("%s: want start%+d, got start%+d %s", name, tt.want, d.Reach-start, d.Fault)
		}
		if tt.key == "activities" && d.UploadEnd != 0 {
			t.Errorf("%s: upload end %d", name, d.UploadEnd)
		}
	}
}

func TestUnreadableFieldsAreNamedAndYieldNothing(t *testing.T) {
	t.Parallel()
	d := decode(t, "sleeps",
		`{"startTimeInSeconds":1710892800,"calendarDate":17,"startTimeOffsetInSeconds":[],"durationInSeconds":{},
		"awakeDurationInSeconds":"long","validation":["X"],"overallSleepScore":{"value":"NaN"},"naps":{"a":1},"sleepLevelsMap":[],
		"timeOffsetSleepSpo2":"{\"0\":","deepSleepDurationInSeconds":null}`)
	if d.Fault != "" || len(d.Readings) > 0 {
		t.Errorf("want no fault and no readings, got %q and %v", d.Fault, d.Readings)
	}
	want := []string{"startTimeOffsetInSeconds", "calendarDate", "durationInSeconds", "awakeDurationInSeconds",
		"validation",
		"overallSleepScore.value", "naps", "sleepLevelsMap", "timeOffsetSleepSpo2"}
	if diff := cmp.Diff(want, d.Ignored); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSimulatedDataAndDevicesAreRecognised(t *testing.T) {
	t.Parallel()
	for element, want := range map[string]string{
		`"summaryId":"sd15-1","deviceName":"fenix 8"`:              "true fenix 8",
		`"summaryId":"x15-1","deviceName":"unknown"`:               "false ",
		`"summaryId":null,"summary":{"deviceName":"Edge 1050"}`:    "false Edge 1050",
		`"summaryId":15,"deviceName":7,"uploadEndTimeInSeconds":1`: "false ",
	} {
		d := decode(t, "hrv", `{"startTimeInSeconds":1710892800,`+element+`}`)
		if got := fmt.Sprint(d.Simulated, " ", d.Device); got != want || d.UploadEnd != 0 {
			t.Errorf("%s: want %q, got %q", element, want, got)
		}
	}
	if d := decode(t, "hrv",
		`{"startTimeInSeconds":1710892800,"uploadEndTimeInSeconds":1710892900}`); d.UploadEnd != 1710892900 {
		t.Errorf("upload end %d", d.UploadEnd)
	}
}

func TestPermissionsAreReadInEveryShape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`["B","A","A"]`: "A B", `{"A":true,"B":false,"C":"true"}`: "A C", `"[\"A\",\"B\"]"`: "A B", `"[A, B]"`: "A B",
		`"A"`:                        "A",
		`{"permissions":["A"]}`:      "A",
		`"{\"A\":true,\"B\":false}"`: "A", `"{\"permissions\":[\"A\"]}"`: "A", `"A, B"`: "A B",
		`{"permissions":{"permissions":"[\"A\"]"}}`: "A", `[null,{"x":1},"A"]`: "A",
		`[]`: "", `{}`: "", `"[]"`: "", `{"A":false}`: "", `{"permissions":[]}`: "",
		`null`: "not said", `7`: "not said", `""`: "not said", `"{"`: "not said", `"null"`: "not said", `[null]`: "not said",
		`{"A":null}`: "not said", `{"permissions":null}`: "not said", `null,"x":1`: "not said", `true`: "not said",
	} {
		_, v := one(t, "userPermissionsChange", `{"userId":"a","permissions":`+text+`}`)
		names, said := garmin.Permissions(v)
		got := strings.Join(names, " ")
		if !said {
			got += "not said"
		}
		if again, _ := garmin.NoticePermissions(string(v.AppendJSON(nil))); got != want || !slices.Equal(again, names) {
			t.Errorf("%s: want %q, got %q and %q", text, want, got, again)
		}
	}
	for _, detail := range []string{`{"userId":"a"}`, `{`, ``, `[]`} {
		if names, said := garmin.NoticePermissions(detail); said {
			t.Errorf("%s: says %q", detail, names)
		}
	}
}

func TestNoticesWithoutAPersonAreFaults(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"deregistrations":       "fault: names no userId",
		"userPermissionsChange": "fault: names no userId and no changeTimeInSeconds",
	} {
		if got := said(decode(t, key, `{"userId":{},"changeTimeInSeconds":1710892800}`)); got != want {
			t.Errorf("%s: want %q, got %q", key, want, got)
		}
		if got := decode(t, key, `{"userId":null,"userAccessToken":"t","changeTimeInSeconds":5}`).Key; !strings.HasPrefix(got,
			"t") {
			t.Errorf("%s: the token is not read: %q", key, got)
		}
	}
}

func TestStressCodesAreReasons(t *testing.T) {
	t.Parallel()
	for code, want := range map[float64]string{-1: "off wrist", -2: "large motion", -3: "not enough data",
		-4: "recovering from exercise", -5: "unidentified", -9: "unidentified"} {
		if got, ok := garmin.StressReason(code); got != want || !ok {
			t.Errorf("%g: want %q, got %q", code, want, got)
		}
	}
	for _, level := range []float64{0, 1, 100} {
		if got, ok := garmin.StressReason(level); ok {
			t.Errorf("%g is a value, got %q", level, got)
		}
	}
}
