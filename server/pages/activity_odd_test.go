package pages_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"garner/server/servertest"
)

func TestNumbersThatNoDeviceMeasuresAreNoSamples(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for id, odd := range []string{"1e999", "1e308", "-1e308", "9223372036854775807"} {
		samples := fmt.Sprintf(`{"startTimeInSeconds":%d,"heartRate":100,"latitudeInDegree":48,"longitudeInDegree":11}`, midnight20)
		for i := range 2 {
			samples += fmt.Sprintf(`,{"startTimeInSeconds":%d`, midnight20+1+i)
			for _, name := range []string{"heartRate", "latitudeInDegree", "longitudeInDegree", "elevationInMeters",
				"speedMetersPerSecond", "totalDistanceInMeters", "timerDurationInSeconds", "movingDurationInSeconds"} {
				samples += fmt.Sprintf(`,%q:%s`, name, odd)
			}
			samples += "}"
			odd = strings.TrimPrefix("-"+odd, "--")
		}
		s.Push("activityDetails", fmt.Sprintf(`"activityId":%d,"summary":{"startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":0,"durationInSeconds":60,"activityType":"RUNNING"},"samples":[%s]`,
			id+1, midnight20, samples))
		for _, address := range []string{"", "?x=distance", "?x=moving", "?x=clock", "/track.svg", "/samples.json", ".gpx"} {
			w := s.Get(fmt.Sprintf("/p/ada/activities/%d%s", id+1, address))
			if page := w.Body.String(); w.Code != http.StatusOK || strings.Contains(page, "NaN") ||
				strings.Contains(page, "Inf\u202f") || strings.Contains(page, "e+") {
				t.Errorf("%s: %s answers %d, or shows what is no number", odd, address, w.Code)
			}
		}
	}
}

// TestNumbersThatNoDeviceMeasuresAreNotInASummary, so that no page and no file has them.
func TestNumbersThatNoDeviceMeasuresAreNotInASummary(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	fields := fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,"activityType":"RUNNING"`, midnight20)
	for _, name := range []string{"durationInSeconds", "distanceInMeters", "activeKilocalories",
		"averageHeartRateInBeatsPerMinute", "averageSpeedInMetersPerSecond", "maxSpeedInMetersPerSecond",
		"maxHeartRateInBeatsPerMinute", "totalElevationGainInMeters", "totalElevationLossInMeters", "steps"} {
		fields += fmt.Sprintf(",%q:1e308", name)
	}
	s.Push("activities", `"activityId":1,"summaryId":"1",`+fields)
	s.Push("activityDetails", fmt.Sprintf(`"activityId":1,"summaryId":"1-detail","summary":{%s},"samples":[
		{"startTimeInSeconds":%d,"latitudeInDegree":1,"longitudeInDegree":-2}]`, fields, midnight20))
	for _, path := range []string{"/1", "/1.tcx", "/1.gpx", "/1.csv", "", ".csv"} {
		page := s.Page("/p/ada/activities" + path)
		for _, odd := range []string{"000000000", "e+", "922337", "Inf\u202f", "<Calories>65535"} {
			if strings.Contains(page, odd) {
				t.Errorf("activities%s has %q", path, odd)
			}
		}
	}
}

func TestADayLeavesOutSamplesThatNoDeviceMeasures(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("stressDetails", fmt.Sprintf(`"summaryId":"s","calendarDate":"2026-11-20","startTimeInSeconds":%d,
		"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,
		"timeOffsetStressLevelValues":{"0":1e308,"180":1e308,"360":1e999,"540":20}`, midnight20))
	if page := s.Page("/p/ada/day/2026-11-20"); !strings.Contains(page, "Samples shown: 20 on average.") {
		t.Error("the mean is not that of the one value")
	}
}

func TestAnActivityHasNoMoreLapsThanAPageHolds(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	var laps []string
	for i := range 20_000 {
		laps = append(laps, fmt.Sprintf(`{"startTimeInSeconds":%d}`, midnight20+i))
	}
	s.Push("activityDetails", fmt.Sprintf(`"activityId":1,"summary":{"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,
		"durationInSeconds":20000,"activityType":"RUNNING"},"samples":[{"startTimeInSeconds":%d,"heartRate":100},
		{"startTimeInSeconds":%d,"heartRate":101}],"laps":[%s]`, midnight20, midnight20, midnight20+20_000,
		strings.Join(laps, ",")))
	got := samplesOf(t, s, "1")
	if n := len(got.Laps); n != 1000 || got.Laps[n-1].To != 20_000 {
		t.Errorf("%d laps", n)
	}
	if page := s.Page("/p/ada/activities/1"); len(page) > 1<<20 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

func TestAWeekWhoseSumIsNoNumberShowsNone(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for id := range 2 {
		s.Push("activities", fmt.Sprintf(`"activityId":%d,"summaryId":"%[1]d","startTimeInSeconds":%d,"durationInSeconds":60,
			"startTimeOffsetInSeconds":0,"activityType":"RUNNING","distanceInMeters":1e308,"totalElevationGainInMeters":1e308`,
			id+1, midnight20+86400*id))
	}
	if page := s.Page("/p/ada/activities"); regexp.MustCompile(`\bInf\b`).MatchString(page) || !strings.Contains(page, "2 activities") {
		t.Error("the week has a sum that is no number, or does not count its activities")
	}
}

func TestTheNameOfAnUnknownSportStaysText(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("activities", fmt.Sprintf(`"activityId":1,"summaryId":"1","startTimeInSeconds":%d,"durationInSeconds":60,
		"startTimeOffsetInSeconds":0,"activityType":"ÉQUITATION_LIBRE"`, midnight20))
	if page := s.Page("/p/ada/activities"); !utf8.ValidString(page) || !strings.Contains(page, "Équitation libre") {
		t.Error("its first letter is not whole")
	}
}
