package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWhatCameTodayForAnOldDayCarriesItsDate(t *testing.T) {
	t.Parallel()
	s := ada(t)
	s.push("dailies", wornFrom("2026-11-20", midnight20, 0, 600))
	_, row, _ := strings.Cut(s.page("/p/ada/day/2026-11-20"), `data-testid="metric-steps"`)
	row, _, _ = strings.Cut(row, "</tr>")
	if today := time.Now().In(time.FixedZone("", 3600)).Format("Mon 2 Jan"); !strings.Contains(row, ">"+today) {
		t.Errorf("no %q in %q", today, strings.Join(strings.Fields(tag.ReplaceAllString(row, " ")), " "))
	}
}

func TestTheTimeThatASleepCouldNotBeMeasuredStandsUnderSleep(t *testing.T) {
	t.Parallel()
	s := ada(t)
	s.push("sleeps", nightTo20("ENHANCED_FINAL")+`,"unmeasurableSleepInSeconds":600`)
	_, group, _ := strings.Cut(s.page("/p/ada/day/2026-11-20"), `scope="rowgroup" colspan="6">Sleep<`)
	group, _, _ = strings.Cut(group, "</tbody>")
	if !strings.Contains(group, "metric-unmeasurable_sleep") {
		t.Error("it stands elsewhere")
	}
}

