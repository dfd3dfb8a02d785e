package garmin_test

import (
	"fmt"
	"strings"
	"testing"

	"garner/garmin"
	"garner/garmin/element"
)

func TestADateWithATimeOfDayIsThatDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-07-20T00:00:00.0": "2026-07-20", "2026-07-20T23:59:59Z": "2026-07-20", "2026-07-20 00:00:00": "2026-07-20",
		"2026-07-20T00:00:00+14:00": "2026-07-20", " 2026-07-20": "2026-07-20",
		"2026-07-20Tomorrow": "2026-07-19", "2026-07-20x": "2026-07-19", "2026-7-20T00:00": "2026-07-19",
	} {
		d := decode(t, "sleeps", fmt.Sprintf(`{"calendarDate":%q,"startTimeInSeconds":1784498400}`,
			text)) // 2026-07-19T22:00:00Z
		if got := d.Day.String(); got != want || (len(d.Ignored) == 0) != (want == "2026-07-20") {
			t.Errorf("%s: got %s, ignored %v", text, got, d.Ignored)
		}
	}
	for key, want := range map[string]string{"dailies": "2026-07-20", "userMetrics": "2026-07-20", "mct": "2026-07-20"} {
		d := decode(t, key,
			`{"calendarDate":"2026-07-20T00:00:00.0","periodStartDate":"2026-07-20T00:00:00.0","startTimeInSeconds":1784498400}`)
		if d.Key != want || len(d.Ignored) > 0 {
			t.Errorf("%s: key %q, ignored %v", key, d.Key, d.Ignored)
		}
	}
}

func TestADailyWithADateAndNoStartIsKept(t *testing.T) {
	t.Parallel()
	const midnight = 1784505600 // 2026-07-20T00:00:00Z
	for name, tt := range map[string]struct {
		key, element, want string
	}{
		"neither start nor offset": {"dailies", `"calendarDate":"2026-07-20","durationInSeconds":3600,"steps":7`,
			"2026-07-20 steps=7 0 3600 []"},
		"an offset": {"dailies", `"calendarDate":"2026-07-20","startTimeOffsetInSeconds":7200,"steps":7`,
			"2026-07-20 steps=7 -7200 -7200 []"},
		"a start of null": {"dailies", `"calendarDate":"2026-07-20","startTimeInSeconds":null`,
			"2026-07-20 steps=none 0 0 []"},
		"a start that is no time": {"dailies", `"calendarDate":"2026-07-20","startTimeInSeconds":"soon"`,
			"2026-07-20 steps=none 0 0 [startTimeInSeconds]"},
		"a start out of range": {"dailies", `"calendarDate":"2026-07-20","startTimeInSeconds":1`,
			"2026-07-20 steps=none 0 0 [startTimeInSeconds]"},
		"of another maker": {"thirdPartyDailies", `"calendarDate":"2026-07-20","source":"X"`,
			"2026-07-20 x steps=none 0 0 []"},
		"neither date nor start": {"dailies", `"steps":7`, "fault: no start time"},
		"a date that is none":    {"dailies", `"calendarDate":"soon"`, "fault: no start time"},
		"a night needs a start":  {"sleeps", `"calendarDate":"2026-07-20"`, "fault: no start time"},
	} {
		d := decode(t, tt.key, `{"userId":"a",`+tt.element+`}`)
		got := said(d, "steps")
		if d.Fault == "" {
			got += fmt.Sprint(" ", d.Start-midnight, " ", d.End-midnight, " ", d.Ignored)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// points are the samples of every series of an element, values and reasons.
func points(t *testing.T, key, text string) string {
	t.Helper()
	typ, v := one(t, key, text)
	d := typ.Decode(v)
	var out []string
	for _, s := range typ.Series {
		s.Each(v, d.Start, func(ms int64, n element.Num) bool {
			what := string(n.AppendText(nil))
			if s.Reason != nil {
				if word, none := s.Reason(n.Float()); none {
					what = word
				}
			}
			out = append(out, fmt.Sprint(s.Name, " ", ms/1000-d.Start, " ", what))
			return true
		})
	}
	return strings.Join(out, ", ")
}

func TestNegativeSamplesAreReasonsInEverySeriesThatHasNoNegativeValues(t *testing.T) {
	t.Parallel()
	signed := map[string]bool{"latitude": true, "longitude": true, "elevation": true, "air_temperature": true}
	for _, typ := range garmin.Types {
		for _, s := range typ.Series {
			for code, want := range map[float64]string{-1: "off wrist", -2: "large motion"} {
				if s.Reason == nil != signed[s.Name] {
					t.Errorf("%s %s: has reasons: %v", typ.Key, s.Name, s.Reason != nil)
				} else if s.Reason == nil {
					continue
				} else if word, none := s.Reason(code); !none || word != want {
					t.Errorf("%s %s: %g is %q, %v", typ.Key, s.Name, code, word, none)
				}
			}
		}
	}
}

func TestMapsThatComeAsTextAreReadAsSeries(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ key, element, want string }{
		"numbers as text":  {"hrv", `"hrvValues":{"0":"31","300":"32.5"}`, "hrv 0 31, hrv 300 32.5"},
		"the map as text":  {"hrv", `"hrvValues":"{\"0\":31,\"300\":32}"`, "hrv 0 31, hrv 300 32"},
		"both":             {"hrv", `"hrvValues":" {\"300\":\"32\",\"0\":\"-1\"}"`, "hrv 0 off wrist, hrv 300 32"},
		"numbers and text": {"hrv", `"hrvValues":{"0":31,"300":"32","600":"x"}`, "hrv 0 31, hrv 300 32"},
		"of a sleep": {"sleeps",
			`"timeOffsetSleepSpo2":"{\"60\":95}","timeOffsetSleepRespiration":{"60":"14.5"}`, "spo2 60 95, respiration 60 14.5"},
		"stress": {"stressDetails",
			`"timeOffsetStressLevelValues":"{\"0\":-2,\"180\":20}","timeOffsetBodyBatteryValues":{"0":"50"}`,
			"stress 0 large motion, stress 180 20, body_battery 0 50"},
		"a snapshot": {"healthSnapshot",
			`"summaries":[{"summaryType":"heart_rate","epochSummaries":"{\"0\":60.0}"}]`, "heart_rate 0 60.0"},
		"a text that is no map":   {"hrv", `"hrvValues":"{soon"`, ""},
		"a text that is a number": {"hrv", `"hrvValues":"31"`, ""},
	} {
		text := `{"userId":"a","startTimeInSeconds":1784498400,` + tt.element + `}`
		if got := points(t, tt.key, text); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		typ, v := one(t, tt.key, text)
		if extra := string(typ.Extra(v)); strings.Contains(extra, "95") || strings.Contains(extra, "31,") {
			t.Errorf("%s: extra repeats samples: %s", name, extra)
		}
	}
	d := decode(t, "stressDetails",
		`{"startTimeInSeconds":1784498400,"timeOffsetBodyBatteryValues":"{\"0\":\"40\",\"360\":33}"}`)
	if reading(d, "body_battery_high") != "40" || reading(d, "body_battery_low") != "33" || d.End-d.Start != 360 ||
		len(d.Ignored) > 0 {
		t.Errorf("%+v", d)
	}
	_, night := one(t, "sleeps", `{"sleepLevelsMap":"{\"deep\":[{\"startTimeInSeconds\":5,\"endTimeInSeconds\":9}]}"}`)
	for l := range garmin.Levels(night) {
		if l == (garmin.Level{Name: "deep", From: 5, To: 9}) {
			return
		}
	}
	t.Error("levels that come as text are not read")
}

func TestSamplesOfAnActivityAreInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	sample := func(at, rate int) string {
		return fmt.Sprintf(`{"startTimeInSeconds":%d,"heartRate":%d}`, 1784498400+at, rate)
	}
	list := func(samples ...string) string {
		return `{"activityId":1,"samples":[` + strings.Join(samples, ",") + `]}`
	}
	for name, text := range map[string]string{
		"by column": list(sample(20, 102), sample(0, 100), sample(30, 103), sample(10, 101), sample(40, 104)),
		"one by one": list(sample(20, 102), sample(0, 100), `{"startTimeInSeconds":"x"}`, `{"heartRate":[1]}`,
			sample(30, 103), sample(10, 101), sample(40, 104)),
		"already so":   list(sample(0, 100), sample(10, 101), sample(20, 102), sample(30, 103), sample(40, 104)),
		"one too late": list(sample(10, 101), sample(20, 102), sample(30, 103), sample(40, 104), sample(0, 100)),
	} {
		want := "heart_rate 0 100, heart_rate 10 101, heart_rate 20 102, heart_rate 30 103, heart_rate 40 104"
		if got := points(t, "activityDetails", text); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}
