package pages_test

import (
	"strings"
	"testing"

	"garner/server/servertest"
)

const rideDetails = `{"activityDetails":[{"userId":"u1","activityId":77,"summary":{"activityName":"Night ride",` +
	`"startTimeInSeconds":1795154400,
	"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"distanceInMeters":20000},` +
	`"samples":[{"startTimeInSeconds":1795154400,"heartRate":120}]}]}`

func TestAnActivityOfWhichOnlyTheDetailsCameIsOnTheDayAndTheCard(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	s.Post("/garmin/"+servertest.Secret, strings.NewReader(rideDetails))
	s.Run()
	day, home := s.Get("/p/ada/day/2026-11-20").Body.String(), s.Get("/").Body.String()
	for _, want := range []string{"Night ride", "1 activity"} {
		if !strings.Contains(day, want) {
			t.Errorf("the day does not say %q", want)
		}
	}
	if strings.Contains(day, "No data for this day") || !strings.Contains(home, "Night ride") {
		t.Error("the day says that nothing is here, or the card does not show the activity")
	}
	s.Post(
		"/garmin/"+servertest.Secret,
		strings.NewReader(strings.NewReplacer("activityDetails", "activities", `"summary":{`, "",
			`},"samples"`, `,"samples"`).Replace(rideDetails)),
	)
	s.Run()
	if day := s.Get("/p/ada/day/2026-11-20").Body.String(); !strings.Contains(day, "1 activity") ||
		strings.Contains(day, "2 activities") {
		t.Error("the activity is not there once when activities came too")
	}
}
