package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"garner/server/servertest"
)

func TestSimulatedDetailsAloneCountOnlyWithoutRealActivities(t *testing.T) {
	t.Parallel()
	members := func(at, meters int) string {
		return fmt.Sprintf(
			`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":3600,"activityType":"RUNNING",
			"distanceInMeters":%d`,
			midnight20+at,
			meters,
		)
	}
	activity := func(prefix string, at, meters int) [2]string {
		return [2]string{"activities", fmt.Sprintf(`"activityId":%d,"summaryId":"%s%d",%s`, at, prefix, at,
			members(at, meters))}
	}
	details := func(prefix string, at, meters int) [2]string {
		return [2]string{"activityDetails",
			fmt.Sprintf(`"activityId":%d,"summaryId":"%s%d-detail","summary":{%s},"samples":[]`,
				at, prefix, at, members(at, meters))}
	}
	real, made := activity("", 36000, 10_000), details("sd", 54000, 40_000)
	alone, madeUp := details("", 36000, 10_000), activity("sd", 54000, 40_000)
	for name, order := range map[string][][2]string{
		"real first": {real, made}, "simulated first": {made, real},
		"real details first": {alone, madeUp}, "simulated activity first": {madeUp, alone},
	} {
		s := servertest.Ada(t)
		for _, e := range order {
			s.Push(e[0], e[1])
		}
		page := s.Page("/p/ada/day/2026-11-20")
		if got := servertest.MetricOf(t, page, "activity_distance"); got != "10.0 km" {
			t.Errorf("%s: the table says %q", name, got)
		}
		if lane := servertest.LaneOf(t, page, "activities"); !strings.Contains(lane, "1 activity.") ||
			strings.Contains(page, "imulated by") {
			t.Errorf("%s: %.250s", name, lane)
		}
	}
	s := servertest.Ada(t)
	s.Push(made[0], made[1])
	if got := servertest.MetricOf(t, s.Page("/p/ada/day/2026-11-20"), "activity_distance"); got != "40.0 km" {
		t.Errorf("with nothing real the table says %q", got)
	}
}

func TestTheListOfManyPeopleMarksSimulatedData(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for i := range 13 {
		s.Add(fmt.Sprintf("Person %d", i), fmt.Sprintf("other%d", i))
	}
	s.Push("dailies", `"summaryId":"sd-1",`+wornFrom("2026-11-20", midnight20, 0, 600))
	_, row, _ := strings.Cut(s.Page("/"), `href="/p/ada">`)
	if row, _, _ = strings.Cut(row, "</th>"); !strings.Contains(row, "simulated") {
		t.Errorf("no mark in %q", row)
	}
}
