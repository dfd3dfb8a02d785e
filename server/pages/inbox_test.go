package pages_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"garner/server/servertest"
)

// anInbox has two deliveries that are done, one that is parked, one of an unknown
// person and one in quarantine.
func anInbox(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Ada(t)
	post := func(body string, headers ...string) {
		t.Helper()
		if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(body), headers...); status != 200 {
			t.Fatalf("answered %d", status)
		}
	}
	post(servertest.ADay)
	post(strings.Replace(servertest.ADay, "1234", "1235", 1))
	post("not JSON")
	post(strings.ReplaceAll(servertest.ADay, "u1", "stranger"))
	post(servertest.ADay, "garmin-client-id", "theirs")
	s.Run()
	return s
}

func TestTheInboxShowsHowManyAreInEachStateAndLeadsToThem(t *testing.T) {
	t.Parallel()
	s := anInbox(t)
	doc := read(t, s, "/inbox")
	counts := map[string]string{}
	doc.Find("[data-testid^=tab-]").Each(func(_ int, tab *goquery.Selection) {
		key := strings.TrimPrefix(tab.AttrOr("data-testid", ""), "tab-")
		counts[key] = tab.Find("b").Text()
		list := read(t, s, tab.AttrOr("href", ""))
		if n := list.Find("[data-testid=deliveries] > li").Length(); fmt.Sprint(n) != counts[key] {
			t.Errorf("%s counts %s and lists %d", key, counts[key], n)
		}
	})
	if want := map[string]string{"waiting": "0", "fetching": "0", "done": "2", "parked": "1", "quarantined": "1",
		"orphaned": "1", "aside": "0"}; !maps.Equal(counts, want) {
		t.Errorf("counts %v, want %v", counts, want)
	}
	want := map[string]string{"/inbox/1": "done", "/inbox/2": "done", "/inbox/3": "parked", "/inbox/4": "unknown person",
		"/inbox/5": "quarantined"}
	got := map[string]string{}
	doc.Find("[data-testid=deliveries] a").Each(func(_ int, a *goquery.Selection) {
		got[a.AttrOr("href", "")] = strings.TrimSpace(a.Find(".row-main .muted").First().Text())
	})
	if !maps.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	if who := textsOf(doc, "[data-testid=deliveries] .row-main strong"); !slices.Contains(who, "Ada") ||
		slices.Contains(who, "stranger") {
		t.Errorf("rows of %q", who)
	}
	if unknown := textsOf(doc, "[data-testid=unknown]"); len(unknown) != 1 || !strings.Contains(unknown[0], "stranger") {
		t.Errorf("unknown people: %q", unknown)
	}
}

func TestADeliveryOffersWhatItsStateAllows(t *testing.T) {
	t.Parallel()
	s := anInbox(t)
	for id, want := range map[int][]string{1: {"Process again"}, 3: {"Process again", "Set aside"}, 4: {"Process again"},
		5: {"Accept as sent by Garmin"}} {
		doc := read(t, s, fmt.Sprintf("/inbox/%d", id))
		if got := textsOf(doc, ".buttons button"); !slices.Equal(got, want) {
			t.Errorf("delivery %d offers %q, want %q", id, got, want)
		}
	}
	doc := read(t, s, "/inbox/1")
	if got := textsOf(doc, "[data-testid=people]"); !slices.Equal(got, []string{"Ada"}) {
		t.Errorf("the people are %q", got)
	}
	if got := textsOf(doc, "[data-testid=story] strong"); !slices.Equal(got, []string{"Received and stored",
		"Processed at attempt 1"}) {
		t.Errorf("the history is %q", got)
	}
	if status, to, _ := s.Send("/inbox/3/aside", nil); status != http.StatusSeeOther || to != "/inbox/3" {
		t.Errorf("setting aside gives %d to %s", status, to)
	}
	if got := textsOf(read(t, s, "/inbox/3"), ".buttons button"); !slices.Equal(got, []string{"Process again",
		"Move back to parked"}) {
		t.Errorf("set aside, it offers %q", got)
	}
}

func TestLikeFailuresAreProcessedAgainTogether(t *testing.T) {
	t.Parallel()
	s := anInbox(t)
	form := url.Values{}
	read(t, s, "/inbox").Find("[data-testid=group] input").Each(func(_ int, in *goquery.Selection) {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	if status, _, _ := s.Send("/inbox/again", form); status != http.StatusSeeOther {
		t.Fatalf("%v: %d", form, status)
	}
	if got := textsOf(read(t, s, "/inbox"), "[data-testid=tab-waiting] b"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("%q wait", got)
	}
	if status, _, _ := s.Send("/inbox/again", nil); status != http.StatusBadRequest {
		t.Errorf("without a reason: %d", status)
	}
}

func TestPagesOfTheInboxFollowOneAnotherWithoutGapOrDouble(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	s.Push("dailies", slices.Repeat([]string{`"steps":1`}, 100)...)
	var seen []string
	pages := 0
	for path := "/inbox"; path != ""; pages++ {
		doc := read(t, s, path)
		seen = append(seen, doc.Find("[data-testid=deliveries] a").Map(func(_ int, a *goquery.Selection) string {
			return a.AttrOr("href", "")
		})...)
		path = doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	want := make([]string, 0, 100)
	for id := 100; id > 0; id-- {
		want = append(want, fmt.Sprintf("/inbox/%d", id))
	}
	if pages != 2 || !slices.Equal(seen, want) {
		t.Errorf("%d pages list %q", pages, seen)
	}
}

func TestAnInboxInWhichNothingArrivedDoesNotSayThatAllIsDone(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	if got := read(t, s, "/inbox").Find("[data-testid=sentence]").Text(); !strings.Contains(got, "Nothing has arrived yet.") {
		t.Errorf("an empty inbox says %q", got)
	}
	s.Push("dailies", `"calendarDate":"2026-11-20","startTimeInSeconds":1795129200,"durationInSeconds":86400`)
	if got := read(t, s, "/inbox").Find("[data-testid=sentence]").Text(); strings.Contains(got, "Nothing") {
		t.Errorf("after the first delivery it says %q", got)
	}
}
