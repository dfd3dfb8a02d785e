package pages_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/db"
	"garner/health/alert"
	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

// read asks for a page and reads its HTML.
func read(t *testing.T, s *servertest.Site, path string) *goquery.Document {
	t.Helper()
	w := s.Get(path)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", path, w.Code)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// textsOf returns the text of each element that a selector finds, spaces folded.
func textsOf(doc *goquery.Document, selector string) []string {
	return doc.Find(selector).Map(func(_ int, s *goquery.Selection) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(s.Text(), "\u202f", " ")), " ")
	})
}

// incidentOf writes an incident that opened an hour ago, and one notification.
func incidentOf(t *testing.T, s *servertest.Site, subject alert.Subject, closed time.Time) {
	t.Helper()
	now := time.Now()
	e := alert.Incident{Subject: subject, Since: now.Add(-60 * time.Hour), Opened: now.Add(-time.Hour), Closed: closed}
	key := fmt.Sprint(subject, closed.IsZero())
	tell := func(alert.Change) ([]db.Notification, error) {
		return []db.Notification{{Key: key, Event: "opened", Channel: "mail", Destination: "admin@example.org",
			Subject: "About " + key, Created: now, Due: now}}, nil
	}
	change := alert.Change{Incident: e, Events: []alert.Event{alert.Opened}}
	if err := s.Store.PutIncidents(t.Context(), now, []alert.Change{change}, tell); err != nil {
		t.Fatal(err)
	}
}

func TestAnIncidentsPageShowsWhatHappenedInOrder(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	incidentOf(t, s, alert.Subject{Kind: alert.PersonTypeStopped, Person: 1, Type: "hrv"}, time.Time{})
	if err := s.Store.EndMessage(t.Context(), time.Now(), 1, db.Sent, "250 ok"); err != nil {
		t.Fatal(err)
	}
	doc := read(t, s, "/alerts/1")
	if got := textsOf(doc, "h1"); len(got) != 1 || !strings.Contains(got[0], "Heart rate variability of Ada has stopped arriving") {
		t.Errorf("the headline is %q", got)
	}
	if got, want := textsOf(doc, ".story strong"), []string{"opened",
		"sent to admin@example.org by mail"}; !slices.Equal(got, want) {
		t.Errorf("the timeline is %q, want %q", got, want)
	}
	rows := textsOf(doc, "[data-testid=notifications] tbody tr")
	if len(rows) != 1 || !strings.Contains(rows[0], "mail, admin@example.org") || !strings.Contains(rows[0], "sent 250 ok") {
		t.Errorf("the notifications are %q", rows)
	}
	if doc.Find("[data-testid=acknowledge]").Length() != 0 {
		t.Error("a silence can be closed by hand")
	}
}

func TestOpenAndPastIncidentsStandApart(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	incidentOf(t, s, alert.Subject{Kind: alert.PersonTypeStopped, Person: 1, Type: "hrv"}, time.Time{})
	incidentOf(t, s, alert.Subject{Kind: alert.PersonTypeStopped, Person: 1, Type: "sleeps"}, time.Now())
	incidentOf(t, s, alert.Subject{Kind: alert.Damaged}, time.Time{})
	doc := read(t, s, "/alerts")
	open, past := textsOf(doc, "[data-testid=open-incident] h2 a"), textsOf(doc, "[data-testid=incidents] strong")
	if want := []string{"Stored data is damaged", "Heart rate variability of Ada has stopped arriving"}; !slices.Equal(open, want) {
		t.Errorf("open are %q, want %q", open, want)
	}
	if want := []string{"Sleep of Ada has stopped arriving"}; !slices.Equal(past, want) {
		t.Errorf("past are %q, want %q", past, want)
	}
	if got := textsOf(doc, "h1"); len(got) != 1 || !strings.Contains(got[0], "2 alerts are open.") {
		t.Errorf("the sentence is %q", got)
	}
	if read(t, s, "/alerts/3").Find("[data-testid=acknowledge]").Length() != 1 ||
		read(t, s, "/alerts/2").Find("[data-testid=acknowledge]").Length() != 0 {
		t.Error("only damage is closed by hand")
	}
}

func TestPastIncidentsArePagedWithoutGapOrDouble(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for range 60 {
		incidentOf(t, s, alert.Subject{Kind: alert.WasOff}, time.Now())
	}
	var seen []string
	pages := 0
	for path := "/alerts"; path != ""; pages++ {
		doc := read(t, s, path)
		seen = append(seen, doc.Find("[data-testid=incidents] a").Map(func(_ int, a *goquery.Selection) string {
			return a.AttrOr("href", "")
		})...)
		path = doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	want := make([]string, 0, 60)
	for id := 60; id > 0; id-- {
		want = append(want, fmt.Sprintf("/alerts/%d", id))
	}
	if pages != 2 || !slices.Equal(seen, want) {
		t.Errorf("%d pages list %q", pages, seen)
	}
}

func TestAChannelSaysWhetherItWorks(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) {
		o.Channels = []pages.Channel{{Key: "mail", Title: "Mail", To: "a@example.org"}, {Key: "ntfy", Title: "ntfy",
			Write: "ntfy_url = …"}}
	})
	incidentOf(t, s, alert.Subject{Kind: alert.WasOff}, time.Time{})
	m := db.Notification{Key: "k", Event: "test", Channel: "mail", Destination: "a@example.org", Created: time.Now(),
		Due: time.Now()}
	if err := s.Store.PutTested(t.Context(), time.Now(), m, false, "535 refused"); err != nil {
		t.Fatal(err)
	}
	got := textsOf(read(t, s, "/alerts"), "[data-testid=channels] > li")
	if len(got) != 2 || !strings.Contains(got[0], "1 notification is waiting") || !strings.Contains(got[0], "535 refused") ||
		!strings.Contains(got[0], "Send a test") || !strings.Contains(got[1], "not set up") ||
		strings.Contains(got[1], "Send a test") {
		t.Errorf("the channels are %q", got)
	}
}
