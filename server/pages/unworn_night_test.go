package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/server/servertest"
)

// What is measured in sleep is absent for the same reason as the sleep itself.
func TestHRVOfANightWithoutTheWatchIsNotMissing(t *testing.T) {
	t.Parallel()
	today := time.Now().UTC().Truncate(24 * time.Hour)
	s := servertest.Ada(t)
	for back := 9; back >= 2; back-- {
		day := today.AddDate(0, 0, -back)
		night := sleepOf(day, -1, "27000", "")
		switch back {
		case 4:
			night = strings.Replace(sleepOf(day, -1, "0", ""), "AUTO_FINAL", "OFF_WRIST", 1)
			s.Push("sleeps", night)
			continue
		case 6: // worn, but no HRV came
			s.Push("sleeps", night)
			continue
		}
		s.Push("sleeps", night)
		s.Push(
			"hrv",
			fmt.Sprintf(`"summaryId":"h%d","calendarDate":%q,"startTimeInSeconds":%s,"startTimeOffsetInSeconds":0,
			"durationInSeconds":27000,"lastNightAvg":40`, back, day.Format(time.DateOnly), unix(day.Add(-time.Hour))),
		)
	}
	csv := s.Page("/p/ada/coverage.csv")
	for back, state := range map[int]string{4: "off_body", 6: "missing", 5: "present"} {
		if line := ",hrv," + today.AddDate(0, 0, -back).
			Format(time.DateOnly) +
			"," + state; !strings.Contains(
			csv,
			line,
		) {
			t.Errorf("no line %q in\n%s", line, csv)
		}
	}
	path := "/p/ada/day/" + today.AddDate(0, 0, -4).Format(time.DateOnly)
	if page := s.Page(path); strings.Contains(page, "HRV is missing: missing") {
		t.Error("the Day page says that HRV is missing")
	}
}
