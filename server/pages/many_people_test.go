package pages_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/db"
	"garner/health"
	"garner/server/servertest"
)

// The person menu lists people while they are few, adds a search for more, and is only a
// search for very many; all without a script.
func TestThePersonMenuListsFewPeopleAndSearchesMany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ people, links, search int }{{1, 0, 0}, {2, 2, 0}, {8, 8, 1}, {51, 0, 1}} {
		s := servertest.Open(t, servertest.Limits(), nil)
		for i := range c.people {
			s.Add(fmt.Sprintf("Person %02d", i), fmt.Sprint("u", i))
		}
		menu := read(t, s, "/p/person-00/sync").Find("[data-testid=person-menu]")
		if links, search := menu.Find("nav a").Length(), menu.Find("form[role=search]").Length(); links != c.links ||
			search != c.search {
			t.Errorf("%d people: %d links and %d searches", c.people, links, search)
		}
	}
}

func TestTheTableOfPeopleIsSortedByItsHeads(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for i := range 13 {
		s.Add(fmt.Sprintf("Person %02d", i), fmt.Sprint("u", i))
	}
	day := health.DayOf(time.Now().Unix(), 0) - 9
	body := fmt.Sprintf(`{"dailies":[{"userId":"u1","summaryId":"a","calendarDate":%q,"startTimeInSeconds":%d,
		"startTimeOffsetInSeconds":0,"durationInSeconds":86400}]}`, day, day.Midnight().Unix())
	if _, err := s.Inbox.Put(t.Context(), db.Arrival{Received: time.Now().AddDate(0, 0, -5)}, []byte(body)); err != nil {
		t.Fatal(err)
	}
	s.Run()
	for path, first := range map[string]string{"/?sort=name": "Person 00", "/?sort=silence": "Person 01",
		"/?sort=coverage": "Person 01", "/": "Person 00"} {
		doc := read(t, s, path)
		if got := textsOf(doc, "[data-testid=household] tbody th a")[0]; got != first {
			t.Errorf("%s begins with %s", path, got)
		}
		sorted := doc.Find("[data-testid=household] th[aria-sort]:not([aria-sort=none])").Length()
		if by := path != "/"; by != (sorted == 1) {
			t.Errorf("%s: %d heads are sorted", path, sorted)
		}
	}
	doc := read(t, s, "/sync?sort=coverage&q=Person")
	if got := textsOf(doc, "[data-testid=matrix] tbody th a"); len(got) != 13 || got[0] != "Person 01" {
		t.Errorf("by coverage: %q", got)
	}
	if n := doc.Find("[data-testid=legend] dt").Length(); n < 9 {
		t.Errorf("the legend has %d signs", n)
	}
	doc.Find(".sortable a").Each(func(_ int, a *goquery.Selection) {
		if href := a.AttrOr("href", ""); !strings.Contains(href, "q=Person") {
			t.Errorf("%s drops the search", href)
		}
	})
}
