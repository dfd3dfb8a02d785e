package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"garner/server/servertest"
)

// twoMinutes is a health snapshot that begins on 21 November 2026 at 00:10 at UTC+14,
// while it is the 20th in UTC, without blood oxygen.
const twoMinutes = `"summaryId":"x-1","calendarDate":"2026-11-21","startTimeInSeconds":1795169400,
	"startTimeOffsetInSeconds":50400,"durationInSeconds":120,"summaries":[
	{"summaryType":"heart_rate","minValue":50,"maxValue":58,"avgValue":54,"epochSummaries":{"0":50,"5":54,"121":58}},
	{"summaryType":"stress","minValue":20,"maxValue":30,"avgValue":25,"epochSummaries":{"0":20,"5":-1}},
	{"summaryType":"respiration","avgValue":13.5},{"summaryType":"rmssd_hrv","avgValue":42}]`

func TestHealthSnapshotsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("healthSnapshot", twoMinutes, strings.NewReplacer("1795169400", "1795169000", "x-1", "x-2").Replace(twoMinutes))
	page := s.Page("/p/ada/snapshots")
	newer, older := strings.Index(page, "/p/ada/snapshots/1795169400"), strings.Index(page, "/p/ada/snapshots/1795169000")
	if newer < 0 || older < newer {
		t.Errorf("the newer one is at %d, the older one at %d", newer, older)
	}
	if day := s.Page("/p/ada/day/2026-11-21"); !strings.Contains(day, `href="/p/ada/snapshots/1795169400">Health snapshot at 00:10`) {
		t.Error("the day does not lead to it")
	}
	if !strings.Contains(page, "Sat 21 Nov") || !strings.Contains(page, "00:10") {
		t.Error("it is not on the record's clock")
	}
}

func TestAHealthSnapshotHasALaneForEachQuantityOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("healthSnapshot", twoMinutes)
	page := s.Page("/p/ada/snapshots/1795169400")
	if n := strings.Count(page, `<div class="lane lane-`); n != 5 {
		t.Errorf("%d lanes", n)
	}
	for name, want := range map[string]string{"heart": "54 bpm on average", "hrv": "no samples", "spo2": "not measured",
		"respiration": "Only the average came."} {
		if lane := servertest.LaneOf(t, page, name); !strings.Contains(lane, want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
	for _, want := range []string{`href="/p/ada/day/2026-11-21"`, "Garmin", "/export/healthSnapshot?from=2026-11-21"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "−1") {
		t.Error("a code for no stress is shown as a value")
	}
	if w := s.Get("/p/ada/snapshots/1795169401"); w.Code != http.StatusNotFound {
		t.Errorf("one that is not there: %d", w.Code)
	}
}
