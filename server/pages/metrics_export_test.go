package pages_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"garner/server/servertest"
)

// What the Day page shows of a day and what the export of metrics has are one
// number.
func TestTheExportOfMetricsHasWhatTheDayPageShows(t *testing.T) {
	t.Parallel()
	day := time.Now().UTC().Truncate(24 * time.Hour)
	s := servertest.Ada(t)
	s.Push("sleeps", sleepOf(day, 12, "4800", ""), sleepOf(day, -1, "27000", `,"overallSleepScore":{"value":81}`))
	s.Push(
		"dailies",
		`"summaryId":"x-1","calendarDate":"`+day.Format(time.DateOnly)+`","startTimeInSeconds":`+unix(day)+
			`,"startTimeOffsetInSeconds":0,"durationInSeconds":3600,"steps":412,"restingHeartRateInBeatsPerMinute":51`,
	)
	rows, err := csv.NewReader(strings.NewReader(s.Page("/p/ada/export/metrics"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{"person": "Ada", "calendar_date": day.Format(time.DateOnly),
		"sleep_s":     "27000",
		"sleep_score": "81", "steps": "412", "resting_heart_rate_bpm": "51", "hrv_ms": ""} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	page := s.Page("/p/ada/day/" + day.Format(time.DateOnly))
	if servertest.MetricOf(t, page, "sleep") != "7 h 30" || servertest.MetricOf(t, page, "steps") != "412" {
		t.Errorf("the Day page shows %q and %q", servertest.MetricOf(t, page, "sleep"),
			servertest.MetricOf(t, page, "steps"))
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(s.Page("/p/ada/export/metrics?format=json")), &line); err != nil {
		t.Fatal(err)
	}
	if line["sleep_s"] != 27000. || line["person"] != "Ada" {
		t.Errorf("JSON Lines have %v", line)
	}
	if _, there := line["hrv_ms"]; there {
		t.Error("a metric that is absent has a value")
	}
}
