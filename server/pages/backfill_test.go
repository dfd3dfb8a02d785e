package pages_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/db"
	"garner/db/seal"
	"garner/health"
	"garner/health/history"
	"garner/query"
	"garner/server/servertest"
)

// connected is a server with Ada, who has been connected since yesterday with some
// permissions.
func connected(t *testing.T, permissions ...string) (s *servertest.Site, connection int64) {
	t.Helper()
	s = servertest.Ada(t)
	return s, connect(t, s, permissions...)
}

func connect(t *testing.T, s *servertest.Site, permissions ...string) int64 {
	t.Helper()
	s.Store.UseKeys(seal.File(filepath.Join(t.TempDir(), "keys")))
	id, err := s.Store.AddConnection(t.Context(), time.Now().AddDate(0, 0, -1), 1, "u1", db.Tokens{Access: "a", Refresh: "r"},
		permissions)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

var allShared = []string{"HEALTH_EXPORT", "ACTIVITY_EXPORT", history.Permission}

// ago is a day before today.
func ago(days int) health.Day { return health.DayOf(time.Now().Unix(), 0) - health.Day(days) }

func planPath(typ string, from, to health.Day) string {
	return "/p/ada/backfill/plan?" + url.Values{"type": {typ}, "from": {from.String()}, "to": {to.String()}}.Encode()
}

func TestHistoryIsShownBeforeItIsAskedForAndThenPlanned(t *testing.T) {
	t.Parallel()
	s, _ := connected(t, allShared...)
	doc := read(t, s, planPath("dailies", ago(80), ago(1)))
	if got := textsOf(doc, "h1"); len(got) != 1 || !strings.Contains(got[0], "3 requests for 71 days of data can be made") &&
		!strings.Contains(got[0], "3 requests for 72 days of data can be made") {
		t.Errorf("the sentence is %q", got)
	}
	if got := doc.Find("[data-testid=windows] tbody tr").Length(); got != 3 {
		t.Errorf("%d windows are shown", got)
	}
	if got := textsOf(doc, "[data-testid=rest] tbody tr"); len(got) != 1 || !strings.Contains(got[0], "too new") {
		t.Errorf("the rest is %q", got)
	}
	if b := planned(t, s); len(b) != 0 {
		t.Errorf("looking planned %v", b)
	}
	form := url.Values{"type": {"dailies"}, "from": {ago(80).String()}, "to": {ago(1).String()}}
	if status, to, page := s.Send("/p/ada/backfill/plan", form); status != http.StatusSeeOther ||
		!strings.HasPrefix(to, "/p/ada/backfill?") {
		t.Fatalf("%d to %q: %s", status, to, page)
	}
	windows := planned(t, s)
	if len(windows) != 3 || windows[0].Type != "dailies" || windows[0].Cause != db.ByHand {
		t.Fatalf("%+v", windows)
	}
	doc = read(t, s, "/p/ada/backfill")
	if got := textsOf(doc, "label[for=answered]"); len(got) != 1 || !strings.HasPrefix(got[0], "0 of 3 answered, 0 brought data") {
		t.Errorf("the progress is %q", got)
	}
	if audit := s.Page("/audit"); !strings.Contains(audit, "asked for history") || !strings.Contains(audit, "3 requests") {
		t.Error("the audit log does not tell")
	}
	doc = read(t, s, planPath("dailies", ago(80), ago(20)))
	if doc.Find("main form[method=post]").Length() != 0 || !strings.Contains(doc.Find("main").Text(), "already planned") {
		t.Error("what is planned can be asked for again")
	}
	if _, to, _ := s.Send("/p/ada/backfill/plan", form); !strings.Contains(to, "Nothing+was+planned") || len(planned(t, s)) != 3 {
		t.Errorf("planned twice: %q", to)
	}
}

// planned are Ada's windows that were not asked yet.
func planned(t *testing.T, s *servertest.Site) []db.Window {
	t.Helper()
	list, err := s.Store.OpenWindows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestARangeThatCannotBeIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	s, _ := connected(t, allShared...)
	good := ago(40).String()
	for _, c := range []struct{ typ, from, to, field, says string }{
		{"", "soon", good, "from", "Give a day"}, {"", good, "", "to", "Give a day"},
		{"", good, ago(50).String(), "to", "ends before it begins"}, {"", good, ago(-3).String(), "to", "in the future"},
		{"", "1999-01-01", good, "from", "the last 10 years"}, {"", "99999-01-01", good, "from", "Give a day"},
		{"nonsense", good, good, "type", "no such type"}, {"deregistrations", good, good, "type", "no such type"},
	} {
		form := url.Values{"type": {c.typ}, "from": {c.from}, "to": {c.to}}
		w := s.Get("/p/ada/backfill/plan?" + form.Encode())
		status, _, page := s.Send("/p/ada/backfill/plan", form)
		if w.Code != http.StatusBadRequest || status != http.StatusBadRequest {
			t.Errorf("%+v: %d and %d", c, w.Code, status)
		}
		_, fault, _ := strings.Cut(page, `id="`+c.field+`-error"`)
		if fault, _, _ = strings.Cut(fault, "</p>"); !strings.Contains(fault, c.says) {
			t.Errorf("%+v: beside the field stands %q", c, fault)
		}
		if c.field != "type" && !strings.Contains(page, `value="`+c.from+`"`) {
			t.Errorf("%+v: what was typed is gone", c)
		}
	}
	if len(planned(t, s)) != 0 {
		t.Error("something was planned")
	}
}

func TestWhatIsPlannedCanBeCanceledAndWhatGarminAcceptedCannot(t *testing.T) {
	t.Parallel()
	s, c := connected(t, allShared...)
	now := time.Now()
	if _, err := s.Store.PlanWindows(t.Context(), now, []db.Window{
		{Connection: c, Type: "dailies", From: ago(60).Midnight(), To: ago(50).Midnight()},
		{Connection: c, Type: "sleeps", From: ago(60).Midnight(), To: ago(50).Midnight()}}); err != nil {
		t.Fatal(err)
	}
	accepted := planned(t, s)[0]
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Store.BeginWindow(t.Context(), now, accepted.ID))
	must(s.Store.EndWindow(t.Context(), now, accepted.ID, db.WindowAnswer{State: db.WindowAccepted, Status: 202}))
	if status, to, _ := s.Send("/p/ada/backfill/cancel", nil); status != http.StatusSeeOther || !strings.Contains(to, "canceled") {
		t.Fatalf("%d to %q", status, to)
	}
	b := backfillOf(t, s)
	if b.Counts[history.WindowCanceled] != 1 || b.Counts[history.WindowAccepted] != 1 {
		t.Errorf("%v", b.Counts)
	}
	doc := read(t, s, "/p/ada/backfill")
	if doc.Find("[data-testid=cancel]").Length() != 0 {
		t.Error("there is nothing to cancel, and a button for it")
	}
	if got := textsOf(doc, "[data-testid=report] tbody tr"); len(got) != 1 || !strings.Contains(got[0], "◐accepted202") {
		t.Errorf("the report is %q", got)
	}
}

func TestPlanningAndCancelingAgainAndAgainKeepsFewRows(t *testing.T) {
	t.Parallel()
	s, c := connected(t, allShared...)
	form := url.Values{"from": {ago(900).String()}, "to": {ago(20).String()}}
	rows := 0
	for n := range 4 {
		if status, to, _ := s.Send("/p/ada/backfill/plan", form); status != http.StatusSeeOther || !strings.Contains(to, "planned.") {
			t.Fatalf("%d to %q", status, to)
		}
		s.Send("/p/ada/backfill/cancel", nil)
		list, err := s.Store.WindowsOf(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			rows = len(list)
		}
		if len(list) != rows || rows == 0 {
			t.Errorf("%d rows for connection %d, %d after the first plan", len(list), c, rows)
		}
	}
}

func backfillOf(t *testing.T, s *servertest.Site) *query.Backfill {
	t.Helper()
	b, err := (&query.Reader{Viewer: query.Operator(), Store: s.Store, Now: time.Now()}).Backfill(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNoButtonIsOfferedWhereNothingCanBeAskedFor(t *testing.T) {
	t.Parallel()
	s := servertest.Ada(t)
	check := func(state, want string) {
		t.Helper()
		for _, path := range []string{"/p/ada/backfill", planPath("", ago(80), ago(20))} {
			doc := read(t, s, path)
			if n := doc.Find("main form").Length(); n != 0 || !strings.Contains(doc.Find("main").Text(), want) {
				t.Errorf("%s, %s: %d forms, or not said: %q", state, path, n, want)
			}
		}
	}
	check("never connected", "not connected to Garmin")
	connect(t, s, "HEALTH_EXPORT", "ACTIVITY_EXPORT")
	check("history off", "Historical data is not shared")
	c := connect(t, s, allShared...)
	connection, err := s.Store.Connection(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.RefuseTokens(t.Context(), c, connection.Rotation, health.CauseTokensRefused); err != nil {
		t.Fatal(err)
	}
	check("refused", "must connect again")
	form := url.Values{"from": {ago(80).String()}, "to": {ago(20).String()}}
	if _, to, _ := s.Send("/p/ada/backfill/plan", form); !strings.Contains(to, "Nothing+was+planned") || len(planned(t, s)) != 0 {
		t.Errorf("planned all the same: %q", to)
	}
}

func TestMembersAreLedToTheirOwnHistoryAndReadersGetNoForm(t *testing.T) {
	t.Parallel()
	s, _ := connected(t, allShared...)
	s.Add("Ben", "u2")
	s.Account("ada", db.RoleMember, 1)
	ben := s.Account("ben", db.RoleMember, 2)
	if err := s.Store.Share(t.Context(), time.Now(), 1, ben.ID); err != nil {
		t.Fatal(err)
	}
	if got := textsOf(read(t, s, "/backfill"), "[data-testid=backfill] tbody tr"); len(got) != 2 ||
		!strings.Contains(got[0], "Adaconnectedshared0000") || !strings.Contains(got[1], "Bennot connected") {
		t.Errorf("an admin reads %q", got)
	}
	s.As("ada")
	if w := s.Get("/backfill"); w.Header().Get("Location") != "/p/ada/backfill" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if read(t, s, "/p/ada/backfill").Find("[data-testid=ask]").Length() != 1 {
		t.Error("Ada cannot ask for her own history")
	}
	s.As("ben")
	doc := read(t, s, "/p/ada/backfill")
	if doc.Find("main form").Length() != 0 || !strings.Contains(doc.Find("main").Text(), "Only Ada and admins") {
		t.Error("a reader is offered a form")
	}
	form := url.Values{"from": {ago(80).String()}, "to": {ago(20).String()}}
	for _, path := range []string{"/p/ada/backfill/plan", "/p/ada/backfill/cancel"} {
		if status, _, _ := s.Send(path, form); status != http.StatusForbidden || len(planned(t, s)) != 0 {
			t.Errorf("a reader may change: %s answers %d", path, status)
		}
	}
}

func TestAGapLeadsToTheRequestThatFillsIt(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	for _, day := range []health.Day{ago(60), ago(30), ago(1)} {
		s.Push("dailies", fmt.Sprintf(`"summaryId":"s%d","calendarDate":%q,"startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":1`, day, day, day.Midnight().Unix()))
	}
	asks := func(path string) []string {
		return read(t, s, path).Find("[data-testid=gaps] a[href*='/backfill']").Map(hrefOf)
	}
	if got := asks("/coverage"); len(got) != 0 {
		t.Errorf("not connected, and yet %q", got)
	}
	connect(t, s, allShared...)
	for _, path := range []string{"/coverage", "/p/ada/coverage"} {
		got := asks(path)
		if len(got) == 0 {
			t.Fatalf("%s: no gap leads to a request", path)
		}
		if doc := read(t, s, got[0]); doc.Find("main form[method=post]").Length() != 1 ||
			doc.Find("#from").AttrOr("value", "") == "" {
			t.Errorf("%s leads to %s, where nothing can be asked for", path, got[0])
		}
	}
	s.Add("Ben", "u2")
	ben := s.Account("ben", db.RoleMember, 2)
	if err := s.Store.Share(t.Context(), time.Now(), 1, ben.ID); err != nil {
		t.Fatal(err)
	}
	s.As("ben")
	if got := asks("/p/ada/coverage"); len(got) != 0 {
		t.Errorf("a reader is led to what they may not do: %q", got)
	}
}

func hrefOf(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") }
