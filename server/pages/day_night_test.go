package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"garner/server/servertest"
)

// nightTo20 is a sleep from 22:30 on the 19th to 06:20 on the 20th at UTC+1,
// with a sample of SpO2 and of respiration every half hour.
func nightTo20(validation string) string {
	const start, length = midnight20 - 5400, 28200
	samples := func(base int) string {
		return list(15, func(i int) string { return fmt.Sprintf(`"%d":%d`, i*1800, base+i) })
	}
	return fmt.Sprintf(`"calendarDate":"2026-11-20","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
		`"durationInSeconds":%d,"validation":%q,
		"sleepLevelsMap":{"light":[{"startTimeInSeconds":%d,"endTimeInSeconds":%d}],"deep":[{"startTimeInSeconds":%d,`+
		`"endTimeInSeconds":%d}]},
		"timeOffsetSleepSpo2":{%s},"timeOffsetSleepRespiration":{%s}`,
		start, length, validation, start, start+7200, start+7200, start+length, samples(80), samples(10))
}

func TestTheNightIsDrawnWholeOnTheDayOfWaking(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	page := s.Page("/p/ada/day/2026-11-20")
	if got, want := servertest.TwinOf(t, page, "sleep"), "From To What 22:30 00:30 light 00:30 06:20 deep"; got != want {
		t.Errorf("the hypnogram is %q, want %q", got, want)
	}
	for key, want := range map[string]string{"spo2": "22:30 80 80 1 23:00 81 81 1 23:30 82 82 1 00:00 83",
		"respiration": "22:30 10 10 1 23:00"} {
		if got := servertest.TwinOf(t, page, key); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", key, got, want)
		}
	}
	if from := fmt.Sprintf(`data-from="%d"`, (midnight20-7200)*1000); !strings.Contains(page, from) {
		t.Error("the page does not begin at 22:00")
	}
}

// TestTheEveningBeforeIsWholeButNotOfTheDay has a pulse of 150 and 500 steps
// at 23:00, which the lanes show and the day's sentences do not count.
func TestTheEveningBeforeIsWholeButNotOfTheDay(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	daily := func(date string, start, pulse int) string {
		return fmt.Sprintf(`"calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
			`"durationInSeconds":86400,"steps":1,
			"timeOffsetHeartRateSamples":{%s}`, date, start, list(2880, func(i int) string {
			return fmt.Sprintf(`"%d":%d`, i*30,
				pulse)
		}))
	}
	epoch := func(at, steps int) string {
		return fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":900,`+
			`"activityType":"WALKING","steps":%d`, at, steps)
	}
	s.Push("dailies", daily("2026-11-19", midnight20-86400, 150), daily("2026-11-20", midnight20, 60))
	s.Push("epochs", epoch(midnight20-3600, 500), epoch(midnight20+36000, 70))
	s.Push(
		"pulseox",
		fmt.Sprintf(
			`"calendarDate":"2026-11-19","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":3600,
		"timeOffsetSpo2Values":{"0":70,"5400":88}`,
			midnight20-7200,
		),
	) // 22:00, before falling asleep, and 23:30
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	page := s.Page("/p/ada/day/2026-11-20")
	for key, want := range map[string][]string{
		"heart": {"Between 60 and 60 bpm."}, "steps": {"70 steps, shown per 15 minutes"}, "worn": {"Worn for 24 h 00"},
		"spo2": {"Between 80 and 94 %."},
	} {
		for _, text := range want {
			if lane := servertest.LaneOf(t, page, key); !strings.Contains(lane, text) {
				t.Errorf("%s does not say %q: %.400s", key, text, lane)
			}
		}
	}
	for key, want := range map[string]string{"heart": "22:00 150 150", "steps": "23:00 500 500", "spo2": "23:30 82 88 2"} {
		if got := servertest.TwinOf(t, page, key); !strings.Contains(got, want) {
			t.Errorf("the table of %s lacks %q: %.300s", key, want, got)
		}
	}
	if strings.Contains(servertest.LaneOf(t, page, "heart"), ">missing<") {
		t.Error("the evening is called missing")
	}
	if before := s.Page("/p/ada/day/2026-11-19"); !strings.Contains(servertest.LaneOf(t, before, "steps"), "500 steps") {
		t.Error("the evening is not on its own day")
	}
}

func TestATentativeNightIsDrawnAndMarkedProvisional(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("AUTO_TENTATIVE"))
	page := s.Page("/p/ada/day/2026-11-20")
	lane := servertest.LaneOf(t, page, "sleep")
	for _, want := range []string{`class="stage deep"`, `class="stage light"`, `class="provisional"`, "◔ provisional<",
		"Asleep 7 h 50, from 22:30 to 06:20. Provisional"} {
		if !strings.Contains(lane, want) {
			t.Errorf("the lane lacks %q", want)
		}
	}
	if got, want := servertest.TwinOf(t, page, "sleep"), "From To What 22:30 00:30 light 00:30 06:20 deep"; got != want {
		t.Errorf("the table says %q, want %q", got, want)
	}
	s.Push("sleeps", nightTo20("AUTO_FINAL"))
	if strings.Contains(servertest.LaneOf(t, s.Page("/p/ada/day/2026-11-20"), "sleep"), "rovisional") {
		t.Error("the final night is provisional")
	}
}

func TestAMultisportActivityIsOneActivityOfTheDay(t *testing.T) {
	t.Parallel()
	activity := func(id, at, length int, more string) string {
		return fmt.Sprintf(`"activityId":%d,"summaryId":"%d","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
			`"durationInSeconds":%d%s`,
			id, id, midnight20+at, length, more)
	}
	whole := activity(1, 36000, 7200, `,"activityType":"MULTI_SPORT","isParent":true`)
	swim := activity(2, 36000, 3600, `,"activityType":"OPEN_WATER_SWIMMING","parentSummaryId":"1"`)
	run := activity(3, 39600, 3600, `,"activityType":"RUNNING","parentSummaryId":1`)
	other := activity(4, 60000, 600, `,"activityType":"WALKING","parentSummaryId":0`)
	s := servertest.Ada(t)
	s.Push("activities", swim, whole, run, other)
	page := s.Page("/p/ada/day/2026-11-20")
	if lane := servertest.LaneOf(t, page, "activities"); !strings.Contains(lane, "2 activities.") ||
		servertest.MetricOf(t, page, "activity_count") != "2" {
		t.Errorf("the metric is %q; the lane %.300s", servertest.MetricOf(t, page, "activity_count"), lane)
	}
	if got := servertest.TwinOf(t, page, "activities"); strings.Contains(got, "swimming") ||
		!strings.Contains(got, "Multi sport") {
		t.Errorf("the table says %q", got)
	}
}

func TestAMultisportActivityOfWhichOnlyDetailsCameIsOneActivityOfTheDay(t *testing.T) {
	t.Parallel()
	details := func(id, at, length int, more string) string {
		return fmt.Sprintf(
			`"activityId":%d,"summaryId":"%d-detail","summary":{"activityId":%[1]d,"startTimeInSeconds":%[3]d,`+
				`"startTimeOffsetInSeconds":3600,"durationInSeconds":%d%s},"samples":[]`,
			id,
			id,
			midnight20+at,
			length,
			more,
		)
	}
	s := servertest.Ada(t)
	s.Push("activityDetails", details(2, 36000, 3600, `,"parentSummaryId":"1"`),
		details(1, 36000, 7200, `,"isParent":true`),
		details(3, 60000, 600, `,"parentSummaryId":"9"`))
	page := s.Page("/p/ada/day/2026-11-20")
	if lane := servertest.LaneOf(t, page, "activities"); !strings.Contains(lane, "2 activities.") ||
		servertest.MetricOf(t, page, "activity_count") != "2" {
		t.Errorf("the metric is %q; the lane %.300s", servertest.MetricOf(t, page, "activity_count"), lane)
	}
}
