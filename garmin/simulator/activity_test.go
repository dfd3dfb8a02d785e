package simulator

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// recorded collects the activities and details of a year.
func recorded(t *testing.T, w *World, person, days int) (activities, details []map[string]any) {
	t.Helper()
	for back := 1; back <= days; back++ {
		final := w.Final(person, daysBefore(back))
		activities = append(activities, of(t, final, "activities")...)
		details = append(details, of(t, final, "activityDetails")...)
	}
	return activities, details
}

func TestDetailsTellClocksApart(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	_, details := recorded(t, household(1), 1, 30)
	paused, blind := false, false
	for _, e := range details {
		last, seen := -1.0, 0
		for _, s := range e["samples"].([]any) {
			s := s.(map[string]any)
			moving, timer, clock := num(s, "movingDurationInSeconds"), num(s, "timerDurationInSeconds"),
				num(s, "clockDurationInSeconds")
			if moving > timer || timer > clock || num(s, "startTimeInSeconds") <= last {
				t.Fatalf("moving %v, timer %v, clock %v", moving, timer, clock)
			}
			last = num(s, "startTimeInSeconds")
			paused = paused || clock > timer+60
			if s["latitudeInDegree"] != nil {
				seen++
			} else if seen > 0 {
				blind = true
			}
		}
	}
	if !paused || !blind {
		t.Errorf("a pause: %v, a tunnel: %v", paused, blind)
	}
}

func TestCoordinatesAreSemicircles(t *testing.T) {
	t.Parallel()
	_, details := recorded(t, household(1), 0, 8)
	n := 0
	for _, e := range details {
		for _, s := range e["samples"].([]any) {
			lat, ok := s.(map[string]any)["latitudeInDegree"].(float64)
			if !ok {
				continue
			}
			n++
			if units := lat * (1 << 31) / 180; math.Abs(units-math.Round(units)) > 1e-5 {
				t.Fatalf("%v is no whole number of semicircles", lat)
			}
			if lat < 52.3 || lat > 52.7 {
				t.Fatalf("%v is not Berlin", lat)
			}
		}
	}
	if n < 5000 {
		t.Errorf("%d coordinates", n)
	}
}

func TestRunnersRunAtAHumanPace(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	activities, _ := recorded(t, household(1), 0, 40)
	runs := 0
	for _, a := range activities {
		if a["activityType"] != "RUNNING" {
			continue
		}
		runs++
		if speed := num(a, "averageSpeedInMetersPerSecond"); speed < 2 || speed > 5 {
			t.Errorf("%v m/s", speed)
		}
		if num(a, "maxHeartRateInBeatsPerMinute") < num(a, "averageHeartRateInBeatsPerMinute") {
			t.Error("the highest pulse lies below the mean")
		}
	}
	if runs < 8 {
		t.Errorf("%d runs in forty days", runs)
	}
}

func TestWorkoutsComeInAllShapes(t *testing.T) {
	t.Parallel()
	w := household(1)
	found := map[string]bool{}
	for person := range 3 {
		for c := w.end - 729; c < w.end; c++ {
			all := w.workouts(&w.people[person], c)
			for i := range all {
				wo := &all[i]
				found[wo.name] = true
				found["second device"] = found["second device"] || wo.second
				found["by hand"] = found["by hand"] || wo.typed
				if wo.parent && all[i-1].child == wo.id {
					found["parent after child"] = true
				}
			}
		}
	}
	for _, want := range []string{"RUNNING", "TREADMILL_RUNNING", "ROAD_BIKING", "INDOOR_CYCLING", "LAP_SWIMMING",
		"STRENGTH_TRAINING", "SOCCER", "MULTI_SPORT", "second device", "by hand", "parent after child"} {
		if !found[want] {
			t.Errorf("no %s in two years", want)
		}
	}
}

func TestActivityIDsAreUnique(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 1, People: 60, Days: 365, Until: until})
	ids := map[int64]string{}
	for i := range w.people {
		for c := w.end - 365; c < w.end; c++ {
			for _, wo := range w.workouts(&w.people[i], c) {
				if other := ids[wo.id]; other != "" {
					t.Fatalf("%d belongs to %s and %s", wo.id, other, w.people[i].Name)
				}
				ids[wo.id] = fmt.Sprint(w.people[i].Name, c)
			}
		}
	}
}

func TestFilesArePingsToGarmin(t *testing.T) {
	t.Parallel()
	w := household(1)
	n := 0
	for back := range 14 {
		for _, e := range of(t, w.Final(0, daysBefore(back+1)), "activityFiles") {
			n++
			if url, _ := e["callbackURL"].(string); !strings.HasPrefix(url,
				"https://apis.garmin.com/wellness-api/rest/activityFile?id=") {
				t.Errorf("ping to %q", url)
			}
		}
	}
	if n == 0 {
		t.Error("no file in two weeks")
	}
}

func TestWithdrawnPermissionStopsActivities(t *testing.T) {
	t.Parallel()
	w := household(1)
	if p := of(t, w.Final(2, daysBefore(34)), "userPermissionsChange"); len(p) != 1 ||
		len(p[0]["permissions"].([]any)) != 2 {
		t.Errorf("the evening before: %v", p)
	}
	for back := 33; back >= 30; back-- {
		final := w.Final(2, daysBefore(back))
		if len(of(t, final, "activities")) > 0 || len(of(t, final, "moveIQActivities")) > 0 {
			t.Errorf("activities %d days ago", back)
		}
	}
	if p := of(t, w.Final(2, daysBefore(30)), "userPermissionsChange"); len(p) != 1 ||
		len(p[0]["permissions"].([]any)) != 3 {
		t.Errorf("granted again: %v", p)
	}
}
