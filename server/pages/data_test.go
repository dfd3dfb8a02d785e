package pages_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin"
	"garner/server/servertest"
)

// manyDays pushes a daily summary for each of n days from 1 May 2026 on.
func manyDays(t *testing.T, n int) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	first := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		day := first.AddDate(0, 0, i)
		s.Push("dailies", fmt.Sprintf(`"calendarDate":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":7200,`+
			`"durationInSeconds":86400,"steps":%d`, day.Format(time.DateOnly), day.Unix()-7200, 1000+i))
	}
	return s
}

func TestATableShowsUnitsClocksAndWhatIsAbsent(t *testing.T) {
	t.Parallel()
	doc := read(t, manyDays(t, 1), "/p/ada/data/dailies")
	heads, cells := textsOf(doc, "[data-testid=records] thead th"), textsOf(doc, "[data-testid=records] tbody tr > *")
	if len(heads) != len(cells) {
		t.Fatalf("%d heads over %d cells", len(heads), len(cells))
	}
	row := map[string]string{}
	for i, head := range heads {
		row[head] = cells[i]
	}
	for head, want := range map[string]string{"Date": "2026-05-01", "Start": "00:00 UTC+2", "Steps": "1 000",
		"Resting heart rate bpm": "–", "Delivery": "#1"} {
		if got := row[head]; got != want {
			t.Errorf("%s: %q, want %q (heads %q)", head, got, want, heads)
		}
	}
}

func TestPagesOfATableFollowOneAnotherWithoutGapOrDouble(t *testing.T) {
	t.Parallel()
	s := manyDays(t, 200)
	var seen []string
	pages := 0
	for path := "/p/ada/data/dailies?from=2026-05-01&to=2026-12-31"; path != ""; pages++ {
		doc := read(t, s, path)
		seen = append(seen, textsOf(doc, "[data-testid=records] tbody th a")...)
		path = doc.Find("a[rel=next]").AttrOr("href", "")
	}
	slices.Reverse(seen)
	if pages != 2 || len(seen) != 200 || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != 200 {
		t.Errorf("%d pages list %d records", pages, len(seen))
	}
}

func TestATableShowsMainColumnsAndTheOthersOnRequest(t *testing.T) {
	t.Parallel()
	s := manyDays(t, 1)
	doc := read(t, s, "/p/ada/data/dailies")
	few := doc.Find("[data-testid=records] thead th").Length()
	link := doc.Find("main .links a").First()
	if link.Text() != fmt.Sprintf("All %d columns", len(garmin.Dailies.Fields)) {
		t.Errorf("%d heads, and a link %q", few, link.Text())
	}
	all := read(t, s, link.AttrOr("href", ""))
	if n := all.Find("[data-testid=records] thead th").Length(); n != len(garmin.Dailies.Fields)+3 || few > 12 {
		t.Errorf("%d columns, and %d of all", few, n)
	}
}

func TestARangeThatCannotBeReadIsRefusedWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := manyDays(t, 1)
	for query, want := range map[string]string{"from=yesterday&to=2026-05-02": "yesterday",
		"from=2026-05-02&to=2026-05-01": "The range ends before it begins."} {
		w := s.Get("/p/ada/data/dailies?" + query)
		if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, want) {
			t.Errorf("%s: %d, and it lacks %q", query, w.Code, want)
		}
	}
}

func TestTheIndexCountsTheRecordsOfEachType(t *testing.T) {
	t.Parallel()
	doc := read(t, manyDays(t, 3), "/p/ada/data")
	if got := textsOf(doc, "[data-testid=type-dailies] td"); len(got) != 4 || got[0] != "3" ||
		!strings.Contains(got[1], "3 May") || !strings.Contains(got[2], "1 May") {
		t.Errorf("dailies: %q", got)
	}
	if got := textsOf(doc, "[data-testid=type-sleeps] td"); len(got) != 2 || got[0] != "–" {
		t.Errorf("sleeps: %q", got)
	}
}
