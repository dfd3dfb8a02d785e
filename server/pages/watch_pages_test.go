package pages_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

func TestAWrongFormIsShownAgainWithWhatWasTypedAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	for _, c := range []struct {
		path string
		form url.Values
		says string
	}{
		{"/alerts/rules", url.Values{"person": {"ada"}, "hours": {"abc"}}, "Give hours"},
		{"/alerts/rules", url.Values{"person": {"ada"}, "hours": {"-1"}}, "Give hours"},
		{"/alerts/rules", url.Values{"person": {"ada"}, "hours": {"NaN"}}, "Give hours"},
		{"/alerts/rules", url.Values{"person": {"ada"}}, "Give hours"},
		{"/alerts/rules", url.Values{"hours": {"12"}}, "person_silent_after"},
		{"/alerts/pauses", url.Values{"until": {"1999-01-01"}, "reason": {"holiday"}}, "This day is in the past"},
		{"/alerts/pauses", url.Values{"until": {"soon"}}, "Give a date"},
		{"/alerts/pauses", url.Values{}, "Give the last day of the pause."},
		{"/alerts/pauses", url.Values{"from": {"2999-01-02"}, "until": {"2999-01-01"}}, "before it begins"},
		{"/alerts/pauses", url.Values{"until": {"2999-01-01"}}, "A pause lasts two years at most"},
		{"/p/ada/sync", url.Values{"hours": {"1e9"}}, "Give hours"},
		{"/p/ada/sync/pause", url.Values{"until": {""}}, "Give the last day of the pause."},
		{"/p/ada/sync/sleeps", url.Values{"hours": {"x"}}, "Give hours"},
	} {
		status, _, page := s.Send(c.path, c.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, c.says) {
			t.Errorf("%s %v: %d, and it does not say %q", c.path, c.form, status, c.says)
		}
		if typed := c.form.Get("reason"); !strings.Contains(page, typed) {
			t.Errorf("%s forgets %q", c.path, typed)
		}
	}
	rules, err := s.Store.AlertRules(t.Context())
	pauses, err2 := s.Store.Pauses(t.Context(), time.Time{})
	if err != nil || err2 != nil || len(rules)+len(pauses) != 0 {
		t.Errorf("something was changed all the same: %v %v %v %v", rules, pauses, err, err2)
	}
}

func TestRulesAndPausesAreSetChangedAndTakenAway(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	goes := func(path string, form url.Values) {
		t.Helper()
		if status, to, page := s.Send(path, form); status != http.StatusSeeOther || strings.HasPrefix(to, "//") ||
			strings.HasPrefix(to, "http") {
			t.Fatalf("%s %v: %d to %q\n%s", path, form, status, to, page)
		}
	}
	goes("/alerts/rules", url.Values{"person": {"ada"}, "hours": {"36,5"}, "back": {"//evil.example.org"}})
	goes("/p/ada/sync/sleeps", url.Values{"applies": {"no"}})
	goes("/p/ada/sync/hrv", url.Values{"hours": {"90"}})
	rules, err := s.Store.AlertRules(t.Context())
	if err != nil || len(rules) != 3 || rules[0].Limit != 36*time.Hour+30*time.Minute ||
		!rules[2].Off && !rules[1].Off {
		t.Fatalf("%+v, %v", rules, err)
	}
	if page := s.Get("/alerts").Body.String(); !strings.Contains(page, `value="36.5"`) ||
		!strings.Contains(page, "No Sleep is expected from Ada") {
		t.Error("the page does not show them")
	}
	goes("/p/ada/sync", url.Values{"hours": {""}})
	goes("/p/ada/sync/sleeps", url.Values{"applies": {"yes"}})
	goes("/alerts/rules/delete", url.Values{"id": {"3"}})
	if rules, err = s.Store.AlertRules(t.Context()); err != nil || len(rules) != 0 {
		t.Errorf("left: %+v, %v", rules, err)
	}
	until := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	goes("/p/ada/sync/pause", url.Values{"until": {until}, "reason": {"<b>holiday</b>"}})
	goes("/alerts/pauses", url.Values{"until": {until}, "type": {"hrv"}})
	if page := s.Get("/alerts").Body.String(); !strings.Contains(page, "&lt;b&gt;holiday") {
		t.Error("the pause is not shown, or not as text")
	}
	goes("/alerts/pauses/delete", url.Values{"id": {"1"}})
	pauses, err := s.Store.Pauses(t.Context(), time.Now())
	if err != nil || len(pauses) != 1 || pauses[0].Type != "hrv" {
		t.Errorf("%+v, %v", pauses, err)
	}
}

func TestWhatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	for _, path := range []string{"/p/unknown/sync", "/p/ada/sync/nothing", "/p/ada/sync/deregistrations",
		"/p/unknown/coverage", "/alerts/99", "/alerts/99999999999999999999"} {
		if w := s.Get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for path, form := range map[string]url.Values{
		"/alerts/rules/delete": {"id": {"x"}}, "/alerts/pauses/delete": {}, "/alerts/test": {"channel": {"pigeon"}},
		"/alerts/rules": {"type": {"nothing"}, "hours": {"3"}},
	} {
		if status, _, _ := s.Send(path, form); status != http.StatusBadRequest {
			t.Errorf("%s %v: %d", path, form, status)
		}
	}
	if status, _, _ := s.Send("/alerts/rules", url.Values{"person": {"unknown"},
		"hours": {"3"}}); status != http.StatusNotFound {
		t.Errorf("a rule for an unknown person: %d", status)
	}
}

func TestAnIncidentIsShownWithWhatIsKnownAndWhatWasSent(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	people, err := s.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	e := alert.Incident{Subject: alert.Subject{Kind: alert.PersonSilent, Person: people[0].ID},
		Since: now.Add(-60 * time.Hour), Opened: now,
		Evidence: alert.Evidence{Others: now.Add(-4 * time.Minute), Limit: 48 * time.Hour}}
	tell := func(alert.Change) ([]db.Notification, error) {
		return []db.Notification{
			{Key: "k1", Event: "opened", Channel: "mail", Destination: "admin@example.org", Subject: "No data from Ada",
				Body: []byte(`{}`), Created: now, Due: now},
		}, nil
	}
	if err := s.Store.PutIncidents(t.Context(), now, []alert.Change{{Incident: e, Events: []alert.Event{alert.Opened}}},
		tell); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/alerts", "/alerts/1", "/p/ada/sync", "/"} {
		page := s.Get(path).Body.String()
		if path != "/" && !strings.Contains(page, "No data from Ada") {
			t.Errorf("%s does not name the incident", path)
		}
	}
	if page := s.Get("/alerts/1").Body.String(); !strings.Contains(page,
		"so Garmin and the connection to this machine work") || !strings.Contains(page, "admin@example.org") {
		t.Error("its page does not show the facts and the notifications")
	}
}

// stalled is a watch that has not looked for too long.
type stalled struct{ pages.Watcher }

func (stalled) Stalled(time.Time) error { return context.DeadlineExceeded }

func TestHealthzSaysThatTheSilenceCheckDoesNotRun(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.Watch = stalled{o.Watch} })
	if w := s.Get("/healthz"); w.Code != http.StatusServiceUnavailable ||
		!strings.Contains(w.Body.String(), "silence check is not running") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if page := s.Get("/sync").Body.String(); !strings.Contains(page, "The silence check is not running.") {
		t.Error("the sync page does not say so")
	}
}

func TestOnlyWhatComesFromOutsideIsAContact(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Get("/healthz")
	s.Ask(http.MethodGet, "/healthz", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.168.1.7") })
	if at := s.Server.Contact(); !at.IsZero() {
		t.Errorf("contact at %s", at)
	}
	s.Ask(http.MethodGet, "/nothing",
		func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9, 127.0.0.1") })
	if at := s.Server.Contact(); at.IsZero() {
		t.Error("a request came from outside and was not noted")
	}
}

func TestCoverageTellsADayThatEndsEarlyFromAWholeAndAMissingOne(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("=Ada", "u1")
	day := func(back int) time.Time { return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -back) }
	for back, seconds := range map[int]int{12: 86400, 11: 50000, 10: 86400, 9: 40000, 7: 86400, 6: 86400} { // 8 is missing
		start := day(back).Unix()
		if back == 10 { // after a flight east, it begins where the day before ended
			start = day(11).Unix() + 50000
		}
		s.Post("/garmin/"+servertest.Secret+"/dailies",
			strings.NewReader(fmt.Sprintf(`{"dailies":[{"userId":"u1","summaryId":"d%d","calendarDate":%q,`+
				`"startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":%d,"steps":1}]}`,
				back, day(back).Format(time.DateOnly), start, day(back).Unix()-start, seconds)))
	}
	s.Run()
	w := s.Get("/coverage.csv")
	lines := strings.Split(w.Body.String(), "\r\n")
	for back, state := range map[int]string{12: "present", 11: "present", 10: "present", 9: "partial", 8: "missing",
		7: "present", 6: "present"} {
		if want := "'=Ada,dailies," + day(back).Format(time.DateOnly) + "," + state; !slices.Contains(lines, want) {
			t.Errorf("no line %q in\n%s", want, w.Body)
		}
	}
	if lines[0] != "person,type,calendar_date,state" ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
		t.Errorf("%q, %v", lines[0], w.Header())
	}
	if own := s.Get("/p/ada/coverage.csv"); own.Body.String() != w.Body.String() {
		t.Errorf("the only person's own file differs: %d\n%s", own.Code, own.Body)
	}
	if page := s.Get("/p/ada/coverage").Body.String(); !strings.Contains(page, "partly there") ||
		!strings.Contains(page, "The day ends early") {
		t.Error("the page does not say that a day is partly there")
	}
	if w := s.Get("/p/unknown/coverage.csv"); w.Code != http.StatusNotFound {
		t.Errorf("of an unknown person: %d", w.Code)
	}
}

func TestARuleIsOfATypeThatHasRecordsByItsOwnKey(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	for _, typ := range []string{"DAILIES", "deregistrations", "nothing"} {
		if w := s.Form("/p/ada/sync/"+typ, url.Values{"hours": {"90"}}); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", typ, w.Code)
		}
		if w := s.Form("/alerts/rules", url.Values{"type": {typ}, "hours": {"90"}}); w.Code != http.StatusBadRequest {
			t.Errorf("a rule for all people of %s: %d, want 400", typ, w.Code)
		}
	}
	if rules, err := s.Store.AlertRules(t.Context()); err != nil || len(rules) != 0 {
		t.Errorf("rules that no page shows: %+v, %v", rules, err)
	}
}
