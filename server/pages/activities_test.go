package pages_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"garner/server/servertest"
)

// listed are the names of the activities of a page of the list, in order.
func listed(page string) (out []string) {
	for _, row := range strings.Split(page, `data-testid="activity"`)[1:] {
		_, row, _ = strings.Cut(row, `<th scope="row">`)
		row, _, _ = strings.Cut(row, "</a>")
		out = append(out, strings.TrimSpace(servertest.Tags.ReplaceAllString(row, "")))
	}
	return out
}

// three has a run, a ride, and one recording of the ride by another device.
func three(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	add := func(id, at int, kind, name, device string, meters, seconds int) {
		s.Push("activities", fmt.Sprintf(`"summaryId":"%d","activityId":%d,"startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":3600,"durationInSeconds":%d,"activityType":%q,"activityName":%q,"deviceName":%q,
			"distanceInMeters":%d,"averageSpeedInMetersPerSecond":%f`, id, id, midnight20+at, seconds, kind, name, device,
			meters, float64(meters)/float64(seconds)))
	}
	add(1, 36000, "RUNNING", "Run", "Watch", 10_000, 3000)
	add(2, 50400, "ROAD_BIKING", "Ride", "Edge", 40_000, 7200)
	add(3, 50400, "ROAD_BIKING", "Ride too", "Watch", 39_000, 7000)
	return s
}

func TestTheListOfActivitiesIsFilteredAndSortedByItsAddress(t *testing.T) {
	t.Parallel()
	s := three(t)
	for query, want := range map[string]string{
		"":                               "[Ride Ride too Run]",
		"?dir=up":                        "[Run Ride too Ride]",
		"?sport=RUNNING":                 "[Run]",
		"?device=Watch":                  "[Ride too Run]",
		"?least=39.5":                    "[Ride]",
		"?most=10":                       "[Run]",
		"?sort=distance":                 "[Ride Ride too Run]",
		"?sort=name&dir=up":              "[Run Ride too Ride]",
		"?from=2026-11-21":               "[]",
		"?from=2026-11-20&to=2026-11-20": "[Ride Ride too Run]",
		"?gps=1":                         "[]",
		"?after=2":                       "[Ride too Run]",
	} {
		if got := fmt.Sprint(listed(s.Page("/p/ada/activities" + query))); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if page := s.Page("/p/ada/activities?gps=1"); !strings.Contains(page, "The filter leaves none.") {
		t.Error("the page does not say that the filter leaves none")
	}
	for _, query := range []string{"?least=far", "?least=0x1p10", "?least=1e3", "?from=yesterday"} {
		if w := s.Get("/p/ada/activities" + query); w.Code != http.StatusBadRequest ||
			!strings.Contains(w.Body.String(), `role="alert"`) {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
}

func TestAWeekCountsOnceWhatTwoDevicesRecorded(t *testing.T) {
	t.Parallel()
	page := three(t).Page("/p/ada/activities")
	if !strings.Contains(page, "Week of Mon 16 Nov 2026") || !strings.Contains(page, "2 activities, 2 h 50, 50.0 km") {
		t.Error(regexp.MustCompile(`(?s)data-testid="week".{300}`).FindString(page))
	}
	if !strings.Contains(page, "5:00/km") || !strings.Contains(page, "20.0 km/h") {
		t.Error("a run has a pace, a ride a speed")
	}
}

func TestTheListOfActivitiesIsDownloadedAsShown(t *testing.T) {
	t.Parallel()
	s := three(t)
	rows, err := csv.NewReader(s.Get("/p/ada/activities.csv?device=Watch").Body).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	if got, want := strings.Join(rows[2], "|"), "Ada|2026-11-20|2026-11-20T09:00:00Z|2026-11-20T10:00:00|3600|1|RUNNING|Run|"+
		"10000.00|3000|3.333|||Watch|"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if empty := servertest.Ada(t).Page("/p/ada/activities"); !strings.Contains(empty, "No activities of Ada yet.") {
		t.Error("a person without activities has no empty state")
	}
}
