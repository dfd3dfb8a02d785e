package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"garner/server/servertest"
)

// wornFrom is a daily summary with a heart rate from some second of it on.
func wornFrom(date string, start, from, to int) string {
	return fmt.Sprintf(`"calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
		`"durationInSeconds":86400,"steps":1,
		"timeOffsetHeartRateSamples":{%s}`, date, start, list((to-from)/60,
		func(i int) string { return fmt.Sprintf(`"%d":60`, from+i*60) }))
}

func TestTheEveningBeforeTheFirstDayIsNotMissing(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", wornFrom("2026-11-20", midnight20, 0, 86400))
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	page := s.Page("/p/ada/day/2026-11-20")
	if got, want := servertest.TwinOf(t, page, "heart"), "22:00 – not expected, "; !strings.Contains(got, want) {
		t.Errorf("%.120q lacks %q", got, want)
	}
	if lane := servertest.LaneOf(t, page, "heart"); strings.Contains(lane, "url(#hatch)") {
		t.Error("the evening is hatched as missing")
	}
}

func TestAnEveningOffTheWristIsNotMissing(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", wornFrom("2026-11-19", midnight20-86400, 0, 22*3600), wornFrom("2026-11-20", midnight20, 0, 86400))
	s.Push("stressDetails",
		fmt.Sprintf(
			`"calendarDate":"2026-11-19","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,
		"durationInSeconds":86400,"timeOffsetStressLevelValues":{%s}`,
			midnight20-86400,
			list(480,
				func(i int) string { return fmt.Sprintf(`"%d":%d`, i*180, map[bool]int{true: -1, false: 30}[i >= 440]) }),
		))
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	if got, want := servertest.TwinOf(t, s.Page("/p/ada/day/2026-11-20"), "heart"),
		"22:00 – off wrist 22:30 – off wrist"; !strings.Contains(got, want) {
		t.Errorf("%.120q lacks %q", got, want)
	}
}

// The days have summaries, and slices but for the 19th.
func TestAnEveningOfWhichNothingCameIsMissing(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	epoch := func(at int) string {
		return fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":900,`+
			`"activityType":"WALKING","steps":9`, at)
	}
	s.Push("dailies", wornFrom("2026-11-19", midnight20-86400, 0, 86400), wornFrom("2026-11-20", midnight20, 0, 86400))
	s.Push("epochs", epoch(midnight20-86400-36000), epoch(midnight20+36000))
	s.Push("sleeps", nightTo20("ENHANCED_FINAL"))
	if got, want := servertest.TwinOf(t, s.Page("/p/ada/day/2026-11-20"), "steps"),
		"22:00 – missing 22:30 – missing"; !strings.Contains(got, want) {
		t.Errorf("%.120q lacks %q", got, want)
	}
}
