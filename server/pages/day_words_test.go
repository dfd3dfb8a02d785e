package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/servertest"
)

func TestWhatCameTodayForAnOldDayCarriesItsDate(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", wornFrom("2026-11-20", midnight20, 0, 600))
	_, row, _ := strings.Cut(s.Page("/p/ada/day/2026-11-20"), `data-testid="metric-steps"`)
	row, _, _ = strings.Cut(row, "</tr>")
	if today := time.Now().In(time.FixedZone("", 3600)).Format("Mon 2 Jan"); !strings.Contains(row, ">"+today) {
		t.Errorf("no %q in %q", today, strings.Join(strings.Fields(servertest.Tags.ReplaceAllString(row, " ")), " "))
	}
}

func TestTheTimeThatASleepCouldNotBeMeasuredStandsUnderSleep(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("sleeps", nightTo20("ENHANCED_FINAL")+`,"unmeasurableSleepInSeconds":600`)
	_, group, _ := strings.Cut(s.Page("/p/ada/day/2026-11-20"), `<summary>Sleep<`)
	group, _, _ = strings.Cut(group, "</details>")
	if !strings.Contains(group, "metric-unmeasurable_sleep") {
		t.Error("it stands elsewhere")
	}
}

func TestOneRideOfTwoDevicesIsOneActivityInLaneAndTable(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	ride := func(id, at int, device string) string {
		return fmt.Sprintf(`"activityId":%d,"summaryId":"%d","startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,`+
			`"durationInSeconds":7200,
			"activityType":"CYCLING","distanceInMeters":78000,"deviceName":%q`, id, id, midnight20+at, device)
	}
	s.Push("activities", ride(7, 36000, "Edge 840"), ride(8, 36030, "Fenix 8"))
	page := s.Page("/p/ada/day/2026-11-20")
	if got := servertest.MetricOf(t, page, "activity_count"); got != "1" {
		t.Fatalf("the table counts %q", got)
	}
	if lane := servertest.LaneOf(t, page, "activities"); !strings.Contains(lane, "1 activity, in 2 recordings.") {
		t.Errorf("%.200s", lane)
	}
}

func TestInstantsInTablesAreTimes(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("mct", fmt.Sprintf(`"periodStartDate":"2026-11-18","dayInCycle":3,"lastUpdatedTimeInSeconds":%d`, midnight20))
	s.Account("Ada", db.RoleMember, 1)
	s.As("Ada") // the type is shown to the person alone
	table := s.Page("/p/ada/data/mct?columns=all")
	if !strings.Contains(table, "2026-11-19 23:00 UTC") || strings.Contains(table, "Last updated <small>") {
		i := strings.Index(table, "Last updated")
		t.Errorf("%.200s", table[i:])
	}
}

func TestTypesOfManySmallRecordsAreNamedAmongWhatCame(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", wornFrom("2026-11-20", midnight20, 0, 600))
	const where = "/p/ada/day/2026-11-20"
	if strings.Contains(s.Page(where), `data-testid="unlisted"`) {
		t.Error("types are named before anything of them came")
	}
	s.Push("epochs", fmt.Sprintf(`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":3600,"durationInSeconds":900,`+
		`"activeTimeInSeconds":900,"steps":70,"activityType":"WALKING"`, midnight20+36000))
	_, note, _ := strings.Cut(s.Page(where), `data-testid="unlisted"`)
	if note, _, _ = strings.Cut(note, "</p>"); !strings.Contains(note, "Fifteen-minute slices.") {
		t.Errorf("it says %q", note)
	}
}
