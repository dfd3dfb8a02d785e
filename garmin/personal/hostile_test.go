package personal

import (
	"errors"
	"strings"
	"testing"

	"garner/garmin/element"
)

// another are answers about 20 November 2025, and nights and days that say they began then.
var another = map[string]string{
	"daySummary":   `{"calendarDate":"2025-11-20","totalSteps":9}`,
	"daySummaries": `[{"calendarDate":"2025-11-20","movement":{"steps":9}}]`,
	"steps":        `[{"calendarDate":"2025-11-20","totalSteps":9}]`,
	"stress":       `[{"calendarDate":"2025-11-20","values":{"overallStressLevel":9}}]`,
	"hydration":    `[{"calendarDate":"2025-11-20","valueInML":9}]`,
	"heartRate":    `{"calendarDate":"2025-11-20","restingHeartRate":50}`,
	"spo2":         `{"calendarDate":"2025-11-20","averageSpO2":95}`,
	"bodyBattery":  `[{"date":"2025-11-20","charged":9}]`,
	"sleep": `{"dailySleepDTO":{"calendarDate":"2026-11-20","sleepTimeSeconds":9,` +
		`"sleepStartTimestampGMT":1763600000000}}`,
	"sleeps": `[{"calendarDate":"2025-11-20","sleepTimeSeconds":9,"sleepStartTimestampGMT":1763600000000}]`,
	"hrv": `{"startTimestampGMT":"2025-11-19T23:00:00.0","hrvSummary":{"calendarDate":"2025-11-20",` +
		`"lastNightAvg":50}}`,
	"hrvs": `{"hrvSummaries":[{"calendarDate":"2025-11-20","weeklyAvg":50}]}`,
	"food": `{"mealDate":"2025-11-20","dailyNutritionContent":{"calories":9}}`,
}

func TestWhatIsSaidOfDaysThatWereNotAskedForIsNotBelieved(t *testing.T) {
	t.Parallel()
	for key, raw := range another {
		if a, err := Read(asked(key), []byte(raw)); !errors.Is(err, errElsewhere) {
			t.Errorf("%s: %v, %s", key, err, a.Callback)
		}
	}
	both := `[` + another["steps"][1:len(another["steps"])-1] + `,{"calendarDate":"2026-11-20","totalSteps":7}]`
	a, err := Read(asked("steps"), []byte(both))
	if err != nil || a.Elsewhere != 1 || strings.Contains(string(a.Callback), "2025") {
		t.Errorf("with a day that was asked for: %v, %d, %s", err, a.Elsewhere, a.Callback)
	}
}

func TestADayStartsOnItsDate(t *testing.T) {
	t.Parallel()
	a, err := Read(asked("daySummary"), []byte(`{"calendarDate":"2026-11-20","totalSteps":9,`+
		`"wellnessStartTimeGmt":"2025-11-19T23:00:00.0","wellnessStartTimeLocal":"2025-11-20T00:00:00.0"}`))
	if err != nil || !strings.Contains(string(a.Callback), `"startTimeInSeconds":1795129200`) {
		t.Errorf("%v, %s", err, a.Callback)
	}
}

func TestHugeAnswersAreRefusedAtALimit(t *testing.T) {
	t.Parallel()
	row := func(s string) string { return "[" + strings.Repeat(s+",", mostElements) + s + "]" }
	for name, c := range map[string]struct {
		key, raw string
		want     error
	}{
		"days":       {"steps", row(`{"calendarDate":"2026-11-20","totalSteps":9}`), errTooMany},
		"activities": {"activities", row(`{"activityId":7,"startTimeGMT":"2026-11-20 10:00:00"}`), errTooMany},
		"weighings": {"weights", `{"dailyWeightSummaries":[{"allWeightMetrics":` +
			row(`{"timestampGMT":1795129200000,"weight":7e4}`) + `}]}`, errTooMany},
		"lists": {"sleep", `{"a":[` + strings.Repeat("[[]],", 1<<20) + `0]}`, element.ErrLimit},
		"depth": {"sleep", `{"a":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + "}", element.ErrLimit},
	} {
		if a, err := Read(asked(c.key), []byte(c.raw)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %d bytes", name, err, len(a.Callback))
		}
	}
}
