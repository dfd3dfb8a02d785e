package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"garner/server/servertest"
)

// stressFrom is an element of stressDetails: samples of stress and Body
// Battery every three minutes. The midnight of 2026-11-20 at UTC+1 is 1795129200.
func stressFrom(start int, stress, battery int, n int) string {
	samples := func(x int) string {
		return list(n, func(i int) string { return fmt.Sprintf(`"%d":%d`, i*180, x) })
	}
	return fmt.Sprintf(
		`"calendarDate":"2026-11-20","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":%d,
		"timeOffsetStressLevelValues":{%s},"timeOffsetBodyBatteryValues":{%s}`,
		start,
		n*180,
		samples(stress),
		samples(battery),
	)
}

const midnight20 = 1795129200

func TestTheDaysBodyBatteryComesFromAllOfItsRecords(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]string{
		"in order": {stressFrom(midnight20, 20, 95, 100), stressFrom(midnight20+43200, 30, 40, 100)},
		"late":     {stressFrom(midnight20+43200, 30, 40, 100), stressFrom(midnight20, 20, 95, 100)},
	} {
		s := servertest.Ada(t)
		s.Push("stressDetails", order...)
		page := s.Page("/p/ada/day/2026-11-20")
		high, low := servertest.MetricOf(t, page, "body_battery_high"), servertest.MetricOf(t, page, "body_battery_low")
		if high != "95" || low != "40" ||
			!strings.Contains(servertest.LaneOf(t, page, "battery"), "Between 40 and 95, last 40.") {
			t.Errorf("%s: from %q to %q, and the lane says otherwise", name, low, high)
		}
	}
}

func TestOverlappingStressIsNotAveragedTwice(t *testing.T) {
	t.Parallel()
	for shift, want := range map[int]string{0: "60", 90: "59"} { // on the same beat and between
		s := servertest.Ada(t)
		s.Push("stressDetails", stressFrom(midnight20, 20, 60, 20), stressFrom(midnight20+1800+shift, 80, 60, 20))
		page := s.Page("/p/ada/day/2026-11-20")
		// 10 or 11 samples of 20 before the second begins, and its own 20 of 80.
		if lane := servertest.LaneOf(t, page, "stress"); !strings.Contains(lane, want+" on average.") {
			t.Errorf("shifted by %d s: %.300s", shift, lane)
		}
	}
}

func TestTheWeightOfADayIsTheOneMeasuredLast(t *testing.T) {
	t.Parallel()
	weighing := func(at, grams int) string {
		return fmt.Sprintf(`"measurementTimeInSeconds":%d,"measurementTimeOffsetInSeconds":3600,"weightInGrams":%d`,
			midnight20+at, grams)
	}
	morning, evening := weighing(7*3600, 70_000), weighing(20*3600, 71_500)
	for name, order := range map[string][]string{"in order": {morning, evening},
		"the morning's late": {evening, morning}} {
		s := servertest.Ada(t)
		s.Push("bodyComps", order...)
		if got := servertest.MetricOf(t, s.Page("/p/ada/day/2026-11-20"), "weight"); got != "71.5 kg" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAscentIsInFeetAndDistanceInMiles(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Form("/people/ada/units", map[string][]string{"units": {"imperial"}})
	s.Push(
		"activities",
		fmt.Sprintf(
			`"activityId":7,"summaryId":"7","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":9000,
		"activityType":"CYCLING","distanceInMeters":80574.4,"totalElevationGainInMeters":1841.2`,
			midnight20+36000,
		),
	)
	day, table := s.Page("/p/ada/day/2026-11-20"), s.Page("/p/ada/data/activities")
	if got := servertest.MetricOf(t, day, "activity_ascent") + ", " + servertest.MetricOf(t, day,
		"activity_distance"); got != "6 041 ft, 50.1 mi" {
		t.Errorf("the day says %q", got)
	}
	for _, want := range []string{">6 041 ft<", ">50.1 mi<"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %s", want)
		}
	}
}

func TestTimeInStressStandsUnderStress(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push(
		"dailies",
		fmt.Sprintf(
			`"calendarDate":"2026-11-20","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,
		"steps":9,"pushes":3,"averageStressLevel":30,"stressDurationInSeconds":7200,"activityStressDurationInSeconds":600`,
			midnight20,
		),
	)
	_, group, _ := strings.Cut(s.Page("/p/ada/day/2026-11-20"), ">Stress and Body Battery<")
	group, _, _ = strings.Cut(group, "</tbody>")
	for _, want := range []string{"metric-stress_time", "metric-activity_stress_time"} {
		if !strings.Contains(group, want) {
			t.Errorf("%s stands elsewhere", want)
		}
	}
}
