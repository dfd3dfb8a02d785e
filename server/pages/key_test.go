package pages_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/garmin/personal"
	"garner/health"
	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

// aKey is one that Garmin takes in these tests.
const aKey = "GCDC_a-key-of-ada-s-own"

// keysAtGarmin takes aKey, and answers others by their text.
type keysAtGarmin map[string]error

func (k keysAtGarmin) TestKey(_ context.Context, key string) error {
	if key == aKey {
		return nil
	}
	return k[key]
}

var garminsAnswers = keysAtGarmin{
	"GCDC_refused-refused":  fmt.Errorf("%w: %w", personal.ErrKeyRefused, &client.StatusError{Status: 401}),
	"GCDC_too-many-calls-1": &client.StatusError{Status: 429, RetryAfter: time.Hour},
	"GCDC_garmin-is-broken": &client.StatusError{Status: 502},
	"GCDC_no-line-to-there": errors.New("dial tcp: no route to host"),
	"GCDC_calls-are-paused": client.ErrOpen,
}

// keyBox is an installation that takes keys, with Ada and Ben.
func keyBox(t *testing.T) *servertest.Site {
	t.Helper()
	s := freshBox(t, func(o *server.Options) {
		o.Personal = pages.Personal{Keys: garminsAnswers, PerSecond: 2}
	})
	s.Add("Ada", "")
	s.Add("Ben", "u-ben")
	return s
}

func TestAKeyIsTriedStoredAndNeverShown(t *testing.T) {
	t.Parallel()
	s := keyBox(t)
	if page := s.Page("/p/ada/connection"); !strings.Contains(page, "there is no connection and no key") ||
		!strings.Contains(page, "own data") || !strings.Contains(page, "for studies") {
		t.Error(page)
	}
	sent(t, s, "/p/ada/connection/key", "/p/ada/connection?flash=", "key", " "+aKey+"\n", "life", "90")
	k, err := s.Store.PersonalKeyOf(t.Context(), 1)
	if err != nil || k.State != db.KeyInUse || k.Ends != health.DayOf(time.Now().Unix(), 0)+90 {
		t.Fatalf("%+v, %v", k, err)
	}
	if secrets, err := s.Store.KeySecretsOf(t.Context(), 1); err != nil || secrets.Key != aKey {
		t.Error("another key was stored", err)
	}
	if text := parsed(t, s.Page("/people")).Find("[data-testid=connection-ada]").Text(); !strings.Contains(text, "comes by a key") {
		t.Error("the list of people:", text)
	}
	page := s.Page("/p/ada/connection")
	doc := parsed(t, page)
	if text := doc.Find("[data-testid=key-state]").Text(); !strings.Contains(text, "in use since") ||
		strings.Contains(page, aKey) || doc.Find("#key").AttrOr("value", "") != "" {
		t.Error("the state is missing, or the key is shown:", text)
	}
	if text := strings.TrimSpace(doc.Find("[data-testid=ways-in]").Text()); !strings.HasSuffix(text,
		"Garner asks Garmin for the data with a key. The first days come within a minute.") {
		t.Error(text)
	}
	entries, err := s.Store.Audit(t.Context(), db.AuditFilter{Person: 1}, 5)
	if err != nil || len(entries) == 0 || entries[0].Action != db.ActionKeyStored || strings.Contains(entries[0].Detail, aKey) {
		t.Errorf("%+v, %v", entries, err)
	}
	if status, _, page := s.Send("/p/ada/connection/key/remove", nil); status != http.StatusUnprocessableEntity ||
		!strings.Contains(page, "Tick the box") {
		t.Errorf("removed without a confirmation: %d", status)
	}
	sent(t, s, "/p/ada/connection/key/remove", "/p/ada/connection?flash=", "confirm", "yes")
	if k, err := s.Store.PersonalKeyOf(t.Context(), 1); err != nil || k.State != db.KeyRemoved {
		t.Errorf("%+v, %v", k, err)
	}
	if page := s.Page("/p/ada/connection"); !strings.Contains(page, "the key was removed") {
		t.Error(page)
	}
}

func TestWhatIsWrongWithAKeyIsSaidInWordsAndNothingIsStored(t *testing.T) {
	t.Parallel()
	s := keyBox(t)
	for name, c := range map[string]struct{ key, life, ends, says string }{
		"no key":             {"", "90", "", "it is empty"},
		"several words":      {"my key is this one", "90", "", "This is not a key"},
		"too short":          {"GCDC_x", "90", "", "This is not a key"},
		"no day":             {aKey, "", "", "Garmin does not tell it"},
		"a day that is over": {aKey, "", "2020-01-01", "That day is over"},
		"a day far away":     {aKey, "", "2099-01-01", "longer than a year"},
		"no date":            {aKey, "", "soon", "Give a day"},
		"refused":            {"GCDC_refused-refused", "90", "", "Garmin refuses this key"},
		"too many calls":     {"GCDC_too-many-calls-1", "90", "", "Try again after"},
		"an error":           {"GCDC_garmin-is-broken", "90", "", "error (502)"},
		"no answer":          {"GCDC_no-line-to-there", "90", "", "cannot be reached"},
		"paused":             {"GCDC_calls-are-paused", "90", "", "paused for some minutes"},
	} {
		status, _, page := s.Send("/p/ada/connection/key", values("key", c.key, "life", c.life, "ends", c.ends))
		if errs := parsed(t, page).Find(".error").Text(); status != http.StatusUnprocessableEntity ||
			!strings.Contains(errs, c.says) {
			t.Errorf("%s: %d, %q", name, status, errs)
		}
		if c.key != "" && strings.Contains(page, c.key) {
			t.Errorf("%s: the key is on the page", name)
		}
		if strings.Contains(page, "no route to host") {
			t.Errorf("%s: the error itself is on the page", name)
		}
	}
	if _, err := s.Store.PersonalKeyOf(t.Context(), 1); !errors.Is(err, db.ErrNotFound) {
		t.Error("something was stored", err)
	}
}

func TestAMemberEntersOnlyTheirOwnKey(t *testing.T) {
	t.Parallel()
	s := keyBox(t)
	s.Account("ada", db.RoleMember, 1)
	s.As("ada")
	for _, path := range []string{"key", "key/remove", "ask"} {
		if status, _, _ := s.Send("/p/ben/connection/"+path, values("key", aKey, "life", "30")); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	sent(t, s, "/p/ada/connection/key", "/p/ada/connection?flash=", "key", aKey, "life", "30")
}

// The page says what was called, what came, and what is left.
func TestTheConnectionPageTellsTheCallsAndWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := keyBox(t)
	now := time.Now()
	today := health.DayOf(now.Unix(), 0)
	if _, err := s.Store.SetPersonalKey(t.Context(), now, 2, aKey, today+20); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.SetFirstDay(t.Context(), 2, today-199); err != nil {
		t.Fatal(err)
	}
	for _, c := range []db.PullCall{
		{Endpoint: "sleep", Item: int64(today), Days: 1, Status: 200, State: db.PullData},
		{Endpoint: "hrv", Item: int64(today - 1), Days: 1, Status: 404, State: db.PullNothing},
		{Endpoint: "heartRate", Item: int64(today - 150), Days: 1, Status: 200, State: db.PullData},
		{Endpoint: "steps", Item: int64(today - 27), Days: 28, Status: 503, State: db.PullFailed},
		{Endpoint: "stress", Item: int64(today), Days: 1, Status: 429, State: db.PullFailed},
	} {
		c.Person = 2
		var err error
		if c.ID, err = s.Store.BeginPull(t.Context(), now, c); err != nil {
			t.Fatal(err)
		}
		item := db.Pulled{Person: 2, Endpoint: c.Endpoint, Item: c.Item, Day: health.Day(c.Item), State: c.State, Asked: now}
		if err := s.Store.EndPull(t.Context(), now, c, []db.Pulled{item}, nil); err != nil {
			t.Fatal(err)
		}
	}
	doc := parsed(t, s.Page("/p/ben/connection"))
	for what, says := range map[string][]string{
		"ways-in":   {"Garmin pushes the data, and Garner asks for the rest with a key: back to", "still to come"},
		"key-state": {"in 20 days"},
		"calls": {"Night", "data", "Garmin has nothing", "error 503 at Garmin", "too many calls: Garner waits",
			"Heart rate"},
		"pulled":  {"2 answers with data, 1 where Garmin has nothing, 2 to be asked again"},
		"thinned": {"1 day was older than 135 days"},
		"left":    {"the first day of the account", "That takes between"},
	} {
		text := strings.Join(strings.Fields(doc.Find("[data-testid="+what+"]").Text()), " ")
		for _, want := range says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in %q", what, want, text)
			}
		}
	}
}

func TestDaysAreAskedForWithAKeyOnly(t *testing.T) {
	t.Parallel()
	s := keyBox(t)
	sent(t, s, "/p/ada/connection/ask", "/p/ada/connection?flash=Ada+has+no+key", "from", "2026-01-01", "to", "2026-01-03")
	sent(t, s, "/p/ada/connection/key", "/p/ada/connection?flash=", "key", aKey, "life", "30")
	if status, _, _ := s.Send("/p/ada/connection/ask", values("from", "2026-01-03", "to", "2026-01-01")); status !=
		http.StatusBadRequest {
		t.Error(status)
	}
	sent(t, s, "/p/ada/connection/ask", "/p/ada/connection?flash=Garner+asks", "from", "2026-01-01", "to", "2026-01-03")
	open, err := s.Store.OpenRequests(t.Context())
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v, %v", open, err)
	}
	w, err := db.PullWishOf(open[0])
	if err != nil || w.Person != 1 || w.From.String() != "2026-01-01" || w.To.String() != "2026-01-03" || !w.Again {
		t.Error(w, err)
	}
}

// The second choice of the set-up needs no address and no keys of Garmin's programme.
func TestTheSetUpWithAKeyLeadsFromItToThePageWhereDataComeIn(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) {
		o.Personal = pages.Personal{Keys: garminsAnswers, PerSecond: 2}
	})
	if page := s.Page("/"); !strings.Contains(page, `href="/setup/key"`) {
		t.Error("an empty Home does not offer it")
	}
	sent(t, s, "/setup/source", "/setup/key", "setup.source", "key")
	if got := offer(t, s); got != "Set-up is not finished: 1 of 6 steps" {
		t.Errorf("Home offers %q", got)
	}
	doc := parsed(t, s.Page("/setup/key"))
	if steps := doc.Find("[data-testid=progress] .step-name").Text(); strings.Contains(steps, "Callbacks") ||
		strings.Contains(steps, "Address") || doc.Find("#key[type=password]").Length() != 1 {
		t.Error(steps)
	}
	status, _, page := s.Send("/setup/key", values("name", "Ada", "key", "GCDC_refused-refused", "life", "90"))
	if people, err := s.Store.People(t.Context()); status != http.StatusUnprocessableEntity || err != nil ||
		len(people) != 0 || !strings.Contains(page, "Garmin refuses this key") {
		t.Errorf("%d, %d people, %v", status, len(people), err)
	}
	sent(t, s, "/setup/key", "/p/ada/connection?flash=", "name", "Ada", "key", aKey, "life", "365")
	if _, err := s.Store.KeySecretsOf(t.Context(), 1); err != nil {
		t.Error(err)
	}
	if doc := parsed(t, s.Page("/p/ada/connection")); doc.Find("[data-live=pull] a").First().Text() != "Refresh" {
		t.Error("progress cannot be seen without a script")
	}
	if got := offer(t, s); got != "Set-up is not finished: 3 of 6 steps" { // with the person
		t.Errorf("Home offers %q", got)
	}
	sent(t, s, "/setup/key", "/p/ada/connection?flash=", "person", "ada", "key", aKey, "life", "30")
}
