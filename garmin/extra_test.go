package garmin_test

import (
	"slices"
	"strings"
	"testing"

	"garner/garmin"
)

func TestExtraHoldsWhatNoColumnDoes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ key, element, want string }{
		"nothing":                 {"hrv", `"lastNightAvg":40,"hrvValues":{"0":1},"calendarDate":"2024-03-20"`, ``},
		"an unknown member":       {"hrv", `"status":"BALANCED"`, `{"status":"BALANCED"}`},
		"an unknown list":         {"hrv", `"x":[1,{"y":null}]`, `{"x":[1,{"y":null}]}`},
		"null in a column":        {"hrv", `"lastNightAvg":null`, ``},
		"null of an unknown name": {"hrv", `"x":null`, `{"x":null}`},
		"part of a known object": {"sleeps", `"overallSleepScore":{"value":80,"trend":-1}`,
			`{"overallSleepScore":{"trend":-1}}`},
		"part of an object within one": {"sleeps",
			`"sleepScores":{"stress":{"qualifierKey":"GOOD","x":1},"new":{"value":3}}`,
			`{"sleepScores":{"stress":{"x":1},"new":{"value":3}}}`},
		"a scalar for an object": {"sleeps", `"overallSleepScore":80`, `{"overallSleepScore":80}`},
		"part of a table's row": {"sleeps", `"naps":[{"napDurationInSeconds":5},{"x":1},7]`,
			`{"naps":[{},{"x":1},7]}`},
		"an object for a table": {"sleeps", `"naps":{"a":1}`, `{"naps":{"a":1}}`},
		"part of a sleep level": {"sleeps",
			`"sleepLevelsMap":{"deep":[{"startTimeInSeconds":1,"endTimeInSeconds":2,"depth":3}],"rem":7}`,
			`{"sleepLevelsMap":{"deep":[{"depth":3}],"rem":7}}`},
		"members that are no samples": {"hrv", `"hrvValues":{"0":1,"x":2,"5":"3","9":null,"99999999999":4}`,
			`{"hrvValues":{"x":2,"99999999999":4}}`},
		"a list for a series": {"hrv", `"hrvValues":[1]`, `{"hrvValues":[1]}`},
		"both names of a field": {"sleeps", `"unmeasurableSleepInSeconds":1,"unmeasurableSleepDurationInSeconds":2`,
			`{"unmeasurableSleepDurationInSeconds":2}`},
		"the other name of a field": {"sleeps", `"unmeasurableSleepDurationInSeconds":2`, ``},
		"both names of a table": {"stressDetails",
			`"bodyBatteryActivityEvents":[],"bodyBatteryActivityEventList":[{"a":1}]`,
			`{"bodyBatteryActivityEventList":[{"a":1}]}`},
		"an unreadable offset": {"hrv", `"startTimeOffsetInSeconds":"CET"`, `{"startTimeOffsetInSeconds":"CET"}`},
		"two offsets that differ": {"hrv", `"startTimeOffsetInSeconds":0,"offsetInSeconds":3600`,
			`{"offsetInSeconds":3600}`},
		"a date that is none": {"hrv", `"calendarDate":"soon"`, `{"calendarDate":"soon"}`},
		"a sample of an unknown channel": {"activityDetails",
			`"activityId":1,"samples":[{"startTimeInSeconds":1710892800,"heartRate":70,"grade":1.5},{"startTimeInSeconds":3,` +
				`"heartRate":70}]`, `{"samples":[{"grade":1.5},{"startTimeInSeconds":3,"heartRate":70}]}`},
		"both names of a channel": {"activityDetails",
			`"activityId":1,"samples":[{"startTimeInSeconds":1710892800,"directWheelchairCadence":40,` +
				`"wheelChairCadenceInPushesPerMinute":41},{"startTimeInSeconds":1710892801,"directWheelchairCadence":"40",` +
				`"wheelChairCadenceInPushesPerMinute":41}]`, `{"samples":[{"wheelChairCadenceInPushesPerMinute":41},` +
				`{"directWheelchairCadence":"40"}]}`},
		"snapshot samples without series": {"healthSnapshot",
			`"summaries":[{"summaryType":"rmssd_hrv","epochSummaries":{"0":1}},{"summaryType":"stress",` +
				`"epochSummaries":{"0":1}}]`, `{"summaries":[{"epochSummaries":{"0":1}},{}]}`},
		"names that need quotes": {"hrv", `"a\"b\n":"c\u0001"`, `{"a\"b\n":"c\u0001"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typ, v := one(t, tt.key, `{"userId":"a","summaryId":"x1","startTimeInSeconds":1710892800,`+tt.element+`}`)
			if got := string(typ.Extra(v)); got != tt.want {
				t.Errorf("want %s, got %s", tt.want, got)
			}
		})
	}
}

func TestIdentityNamesAreNoColumns(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		names := typ.IdentityNames()
		for _, fd := range typ.Fields {
			// The first day of a cycle is both its day and a field of Garmin's.
			if slices.Contains(names, fd.JSON) && fd.JSON != "periodStartDate" {
				t.Errorf("%s: %s is a column and identity", typ.Key, fd.JSON)
			}
		}
		if got := strings.Join(names, " "); !strings.HasPrefix(got, "userId userAccessToken summaryId ") {
			t.Errorf("%s: %s", typ.Key, got)
		}
	}
}
