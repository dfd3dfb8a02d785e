package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/auth"
	"garner/server/servertest"
)

// changesPage is a page of changes.
type changesPage struct {
	Data []struct {
		Person  int64             `json:"person_id"`
		Slug    string            `json:"person"`
		Type    string            `json:"type"`
		Date    string            `json:"date"`
		Erased  bool              `json:"erased"`
		Damaged bool              `json:"damaged"`
		Records []json.RawMessage `json:"records"`
		Metrics map[string]any    `json:"metrics"`
	}
	Next *string
}

// changes reads a page of changes.
func changes(t *testing.T, s *servertest.Site, token, cursor string, limit int) (page changesPage) {
	t.Helper()
	query := url.Values{"limit": {fmt.Sprint(limit)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	w := bear(s, "/api/v1/changes?"+query.Encode(), token)
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK || page.Next == nil {
		t.Fatalf("%d %.300s, %v", w.Code, w.Body, err)
	}
	return page
}

// said are the items of a page as words.
func (p changesPage) said() (out []string) {
	for _, c := range p.Data {
		switch {
		case c.Erased:
			out = append(out, fmt.Sprint("erased ", c.Person))
		case c.Type == "":
			out = append(out, fmt.Sprintf("%s %s steps %v", c.Slug, c.Date, c.Metrics["steps"]))
		default:
			out = append(out, fmt.Sprintf("%s %s %s %d", c.Slug, c.Date, c.Type, len(c.Records)))
		}
	}
	return out
}

func sameSaid(t *testing.T, page changesPage, want ...string) {
	t.Helper()
	if got := page.said(); strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// operatorToken is a token of the command line.
func operatorToken(t *testing.T, s *servertest.Site) string {
	t.Helper()
	token, _, err := auth.NewAPIToken(t.Context(), s.Store, db.APIToken{Name: "mirror", Scopes: []string{"read"},
		Created: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// sendActivity sends an activity of Ada's with an id and a duration, which begins on a day, and
// some noise.
func sendActivity(s *servertest.Site, id, seconds, day int, noise string) {
	send(s, "activities", fmt.Sprintf(`{"userId":"u-Ada","summaryId":"%d","activityId":%d,"startTimeInSeconds":%d,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"activityType":"RUNNING","noise":%q}`, id, id,
		day*86400+36000, seconds, noise))
}

// send sends an element as Garmin does.
func send(s *servertest.Site, typ, element string) {
	s.T.Helper()
	body := strings.NewReader(`{"` + typ + `":[` + element + `]}`)
	if status := s.Post("/garmin/"+servertest.Secret+"/"+typ, body); status != http.StatusOK {
		s.T.Fatal(status)
	}
	s.Run()
}

func TestChangesHaveWhatADayHasNow(t *testing.T) {
	t.Parallel()
	s := household(t)
	token := operatorToken(t, s)
	page := changes(t, s, token, "", 100)
	if len(page.Data) != 2 {
		t.Fatal(page.said())
	}
	sendActivity(s, 1, 600, 20000, "")
	sendActivity(s, 2, 600, 20000, "")
	sendActivity(s, 1, 700, 20001, "") // moves
	moved := changes(t, s, token, *page.Next, 100)
	words := strings.Join(moved.said(), "; ")
	for _, want := range []string{"ada 2024-10-04 activities 1", "ada 2024-10-05 activities 1"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in %q", want, words)
		}
	}
	sendActivity(s, 1, 800, 20000, "") // and back
	back := changes(t, s, token, *moved.Next, 100)
	words = strings.Join(back.said(), "; ")
	for _, want := range []string{"ada 2024-10-04 activities 2", "ada 2024-10-05 activities 0"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in %q", want, words)
		}
	}
	for _, c := range back.Data {
		for _, r := range c.Records {
			if !strings.Contains(string(r), `"sent":{"userId":"u-Ada"`) {
				t.Errorf("a record without its element: %s", r)
			}
		}
	}
	last := changes(t, s, token, *back.Next, 100)
	if len(last.Data) > 0 || *last.Next != *back.Next {
		t.Errorf("up to date, and yet %v", last.said())
	}
}

func TestAPageOfChangesEndsWithinItsBoundsAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	s := household(t)
	token := operatorToken(t, s)
	for day := range 3 {
		sendActivity(s, day+1, 600, 20000+day, "")
	}
	all := changes(t, s, token, "", 100)
	var got []string
	cursor, pages := "", 0
	for {
		page := changes(t, s, token, cursor, 2)
		cursor = *page.Next
		if len(page.Data) == 0 {
			break
		}
		if pages++; len(page.Data) > 2 {
			t.Errorf("%d items", len(page.Data))
		}
		got = append(got, page.said()...)
	}
	if strings.Join(got, ";") != strings.Join(all.said(), ";") || pages < 4 {
		t.Errorf("%d pages have %q, one has %q", pages, got, all.said())
	}
}

func TestAPageOfLargeDaysEndsEarlyAndNoneIsMissed(t *testing.T) {
	t.Parallel()
	s := household(t)
	token := operatorToken(t, s)
	const days = 5
	for day := range days {
		for id := range 3 {
			sendActivity(s, 1+day*3+id, 600, 20000+day, strings.Repeat("x", 900<<10))
		}
	}
	seen, cursor, pages, largest := map[string]bool{}, "", 0, 0
	for {
		page := changes(t, s, token, cursor, 500)
		if cursor = *page.Next; len(page.Data) == 0 {
			break
		}
		pages++
		size := 0
		for _, c := range page.Data {
			for _, r := range c.Records {
				size += len(r)
			}
			if c.Type == "activities" && len(c.Records) == 3 {
				seen[c.Date] = true
			}
		}
		largest = max(largest, size)
	}
	if len(seen) != days || pages < 2 || largest > 24<<20 {
		t.Errorf("%d of %d days on %d pages, of at most %d MiB", len(seen), days, pages, largest>>20)
	}
}

func TestAMirrorOfOthersThanBeforeBeginsAgain(t *testing.T) {
	t.Parallel()
	s := household(t)
	s.As("cyd")
	token := makeToken(t, s, url.Values{"name": {"mirror"}, "scope": {"read"}})
	page := changes(t, s, token, "", 100)
	sameSaid(t, page, "ben 2026-11-20 dailies 1", "ben 2026-11-20 steps 4321")
	sameSaid(t, changes(t, s, token, *page.Next, 100))
	gone := func(when string) {
		t.Helper()
		w := bear(s, "/api/v1/changes?cursor="+*page.Next, token)
		if w.Code != http.StatusGone || !strings.Contains(w.Body.String(), "problem-cursor") {
			t.Errorf("%s: %d %s", when, w.Code, w.Body)
		}
	}
	cyd, err := s.Store.AccountByName(t.Context(), "cyd")
	if err != nil {
		t.Fatal(err)
	}
	sendActivity(s, 1, 600, 20000, "")
	sameSaid(t, changes(t, s, token, *page.Next, 100))
	if err := s.Store.Share(t.Context(), time.Now(), 1, cyd.ID); err != nil {
		t.Fatal(err)
	}
	gone("Ada shares too")
	again := changes(t, s, token, "", 100)
	if words := strings.Join(again.said(), ";"); !strings.Contains(words, "ada 2024-10-04 activities 1") {
		t.Errorf("what Ada had before is missing: %s", words)
	}
}

func TestChangesAfterACursorOfAnotherDatabaseAreGone(t *testing.T) {
	t.Parallel()
	old, s := household(t), household(t)
	page := changes(t, old, operatorToken(t, old), "", 100)
	token := operatorToken(t, s)
	w := bear(s, "/api/v1/changes?cursor="+*page.Next, token)
	if w.Code != http.StatusGone {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := bear(s, "/api/v1/changes?cursor=x", token); w.Code != http.StatusBadRequest {
		t.Errorf("no cursor at all: %d %s", w.Code, w.Body)
	}
}
