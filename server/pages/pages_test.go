package pages_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"garner/server"
	"garner/server/servertest"
)

// pagePaths are all pages of a person called Ada.
var pagePaths = []string{"/", "/?q=ad", "/?from=1", "/?q=unknown", "/people", "/people?added=Ada", "/help", "/healthz",
	"/help/dictionary", "/readyz",
	"/inbox", "/inbox?state=done", "/inbox?state=waiting", "/inbox?state=parked", "/inbox?state=orphaned",
	"/inbox?state=fetching",
	"/inbox?state=quarantined", "/inbox?state=aside", "/inbox?type=dailies&before=5", "/inbox?before=-5",
	"/sync", "/sync?q=ad&sort=silence&only=problems", "/sync?from=99", "/p/ada/sync", "/p/ada/sync?flash=Saved.",
	"/p/ada/sync/sleeps", "/p/ada/sync/activities",
	"/coverage", "/coverage?person=ada&type=sleeps&only=gaps", "/coverage?person=unknown", "/coverage?gaps=5&from=-1",
	"/coverage.csv", "/p/ada/coverage", "/backfill", "/backfill?from=99", "/p/ada/backfill",
	"/p/ada/backfill?year=2025&type=sleeps&from=5", "/p/ada/backfill/plan?from=2026-01-01&to=2026-02-01",
	"/alerts", "/alerts?before=3", "/alerts?flash=x&failed=y", "/metrics",
	"/p/ada/day/2026-11-20", "/p/ada/day/2026-11-21", "/p/ada/day/1970-01-01", "/p/ada/day/9999-12-31", "/p/ada/data",
	"/p/ada/data/dailies", "/p/ada/data/epochs", "/p/ada/data/sleeps?from=2026-11-01",
	"/p/ada/data/dailies?from=2026-11-01&to=2026-11-30",
	"/p/ada/export/dailies", "/p/ada/export/dailies?format=json", "/p/ada/export/dailies?series=heart_rate",
	"/p/ada/export/sleeps?table=naps", "/p/ada/snapshots", "/p/ada/snapshots?to=2026-11-20",
	"/p/ada/export/epochs?from=2026-11-20&to=2026-11-20",
	"/export", "/p/ada/export", "/export?person=ada&select=none&format=json&range=year", "/p/ada/export/coverage",
	"/export/data-dictionary.md", "/export/dictionary.csv"}

func TestEveryPageAnswersWithAnEmptyStoreAndAFullOne(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	check := func(when string) {
		for _, path := range pagePaths {
			if w := s.Get(path); w.Code != http.StatusOK {
				t.Errorf("%s, %s: %d", when, path, w.Code)
			}
		}
		for _, path := range []string{"/p/ada", "/p/ada/day", "/p/ada?date=2026-11-20"} {
			if w := s.Get(path); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"),
				"/p/ada/day/20") {
				t.Errorf("%s, %s: %d to %q", when, path, w.Code, w.Header().Get("Location"))
			}
		}
	}
	s.Add("Ada", "u1")
	check("empty")
	bodies := []string{
		servertest.ADay,
		"not JSON",
		strings.ReplaceAll(servertest.ADay, "u1", "stranger"),
		`{"sleeps":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795126000,` +
			`"startTimeOffsetInSeconds":3600,"durationInSeconds":20000,"validation":"AUTO_TENTATIVE",
			"sleepLevelsMap":{"deep":[{"startTimeInSeconds":1795126000,"endTimeInSeconds":1795130000}]},` +
			`"naps":[{"napStartTimeInSeconds":1795160000,"napDurationInSeconds":1200}]}]}`,
		`{"epochs":[{"userId":"u1","startTimeInSeconds":1795140000,"durationInSeconds":900,"activityType":"WALKING","steps":9}]}`,
		`{"activities":[{"userId":"u1","activityId":7,"startTimeInSeconds":1795140000,"durationInSeconds":900,` +
			`"activityType":"RUNNING"}]}`,
		`{"dailies":[{"userId":"u1","callbackURL":"https://apis.garmin.com/x"}]}`,
		`{"stressDetails":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,` +
			`"durationInSeconds":86400,"timeOffsetStressLevelValues":{"0":20,"180":-1},"timeOffsetBodyBatteryValues":{"0":70}}]}`,
	}
	for _, body := range bodies {
		s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(body))
	}
	s.Post("/garmin/"+servertest.Secret, strings.NewReader(servertest.ADay), "garmin-client-id", "theirs")
	check("waiting")
	s.Run()
	check("full")
	for id := range len(bodies) + 1 {
		for _, path := range []string{"/inbox/%d", "/inbox/%d/body"} {
			if w := s.Get(fmt.Sprintf(path, id+1)); w.Code != http.StatusOK {
				t.Errorf("%s of %d: %d", path, id+1, w.Code)
			}
		}
	}
	if w := s.Get("/inbox/2/body"); w.Body.String() != "not JSON" {
		t.Errorf("the download of a body gives %q", w.Body)
	}
	if w := s.Get("/p/ada/day/2026-11-20"); !strings.Contains(w.Body.String(), "1\u202f234") {
		t.Error("the day does not show its steps")
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	for _, path := range []string{"/p/unknown", "/p/unknown/day", "/p/unknown/day/2026-11-20", "/p/unknown/data",
		"/p/unknown/data/dailies", "/p/unknown/export/dailies",
		"/p/ada/day/2026-13-01", "/p/ada/day/2026-02-30", "/p/ada/day/today", "/p/ada/day/2026-11-20x", "/p/ada/day/%00",
		"/p/ada/data/nothing",
		"/p/ada/data/manuallyUpdatedActivities", "/p/ada/data/deregistrations", "/p/ada/export/nothing",
		"/p/ada/export/activityFiles",
		"/inbox/1", "/inbox/0", "/inbox/99999999999999999999999", "/inbox/-1", "/inbox/x", "/inbox/1/body",
		"/inbox?state=nothing",
		"/p", "/p/", "/p//day", "/people/ada", "/events/x", "/static/", "/static/../go.mod", "/.git/config",
		"/%2e%2e/%2e%2e/etc/passwd"} {
		if w := s.Get(path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/inbox/1/again", "/inbox/1/accept", "/inbox/1/aside",
		"/inbox/99999999999999999999999/again"} {
		if w := s.Form(path, nil); w.Code != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, w.Code)
		}
	}
	if w := s.Form("/people/unknown/units", url.Values{"units": {"metric"}}); w.Code != http.StatusNotFound {
		t.Errorf("units of an unknown person: %d", w.Code)
	}
	for _, path := range []string{"/p/ada?date=x", "/p/ada/export/dailies?from=x",
		"/p/ada/export/dailies?from=2026-11-20&to=2026-11-19",
		"/p/ada/export/dailies?table=none", "/p/ada/export/dailies?series=none", "/p/ada/export/dailies?format=xml"} {
		if w := s.Get(path); w.Code != http.StatusBadRequest {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	for path, method := range map[string]string{"/people": http.MethodDelete, "/": http.MethodPost,
		"/theme": http.MethodGet, "/inbox/1/again": http.MethodGet, "/metrics": http.MethodPost} {
		if w := s.Ask(method, path, nil); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s %s: %d", method, path, w.Code)
		}
	}
}

// hostile is a name that a person might give themselves or their watch.
var hostile = []string{`<script>alert(1)</script>`, `"onload="alert(1)`, "a\r\nSet-Cookie: x=1",
	`</svg><img src=x onerror=alert(1)>`, `{{.}} ${7*7} %s`, `javascript:alert(1)`}

func TestHostileNamesAreTextWhereverTheyShow(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for i, name := range hostile {
		quoted := fmt.Sprintf("%q", name)
		person, err := s.Store.AddPerson(t.Context(), time.Now(), name, fmt.Sprint("u", i), "")
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"dailies":[{"userId":"u%d","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,`+
			`"durationInSeconds":86400,"deviceName":%s,"source":%s,"summaryId":%s}],
			"activities":[{"userId":"u%d","activityId":%d,"startTimeInSeconds":1795140000,"durationInSeconds":900,`+
			`"activityName":%s,"activityType":%s,"deviceName":%s}],
			"sleeps":[{"userId":"u%d","calendarDate":"2026-11-20","startTimeInSeconds":1795126000,"durationInSeconds":20000,`+
			`"validation":%s,"overallSleepScore":{"value":70,"qualifierKey":%s}}],
			%s:[{"userId":%s}]}`, i, quoted, quoted, quoted, i, i+1, quoted, quoted, quoted, i, quoted, quoted, quoted, quoted)
		s.Post("/garmin/"+servertest.Secret+"/"+url.PathEscape(name), strings.NewReader(body))
		s.Run()
		for _, path := range []string{"/", "/people", "/inbox", "/inbox?state=parked", "/inbox?type=" + url.QueryEscape(name),
			fmt.Sprintf("/inbox/%d", i+1),
			"/p/" + person.Slug + "/day/2026-11-20", "/p/" + person.Slug + "/data", "/p/" + person.Slug + "/data/activities",
			"/p/" + person.Slug + "/data/sleeps",
			"/people?added=" + url.QueryEscape(name), "/?q=" + url.QueryEscape(name),
			"/p/" + person.Slug + "/data/dailies?from=" + url.QueryEscape(name)} {
			w := s.Get(path)
			page := w.Body.String()
			for _, bad := range []string{"<script>alert", `"onload="`, "<img src=x", `href="javascript:`} {
				if strings.Contains(page, bad) {
					t.Errorf("%s holds %s", path, bad)
				}
			}
			if w.Code >= 500 || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: %d, %v", path, w.Code, w.Header())
			}
		}
		w := s.Get("/p/" + person.Slug + "/export/activities")
		if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") || w.Code != http.StatusOK {
			t.Errorf("export: %d %s", w.Code, kind)
		}
		if got := w.Header().
			Get("Content-Disposition"); strings.ContainsAny(got, "<>\r\n") ||
			strings.Count(got, `"`) != 2 {
			t.Errorf("Content-Disposition %q", got)
		}
	}
}

func TestAFormThatIsRefusedKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	for _, c := range []struct {
		name, id string
		want     int
	}{
		{"", "id7", 422}, {"   ", "id7", 422}, {strings.Repeat("x", 201), "id7", 422}, {"Ben", "two words", 422},
		{"Ben", "two\u00a0words", 422},
		{"Ben", strings.Repeat("i", 201), 422}, {"Ben", "token:abcd", 422}, {"ADA", "id7", 409}, {"Ben", "u1", 409},
		{"Ben \xff", "id7", 422}, {"Ben\x00", "id7", 422},
	} {
		w := s.Form("/people", url.Values{"name": {c.name}, "garmin_user_id": {c.id}})
		if w.Code != c.want {
			t.Errorf("%q, %q: %d, want %d", c.name, c.id, w.Code, c.want)
		}
		for _, typed := range []string{strings.TrimSpace(c.name), c.id} {
			if utf8.ValidString(typed) && !strings.Contains(typed, "\x00") &&
				!strings.Contains(w.Body.String(), `value="`+typed+`"`) {
				t.Errorf("%q, %q: %q was lost", c.name, c.id, typed)
			}
		}
	}
	for id, want := range map[string]string{"u1": "Garmin account is already linked", "u9": "name is already taken",
		"personal-1": "not an id of Garmin"} {
		name := map[string]string{"u1": "Ben", "u9": "ada"}[id]
		if w := s.Form("/people", url.Values{"name": {name}, "garmin_user_id": {id}}); !strings.Contains(w.Body.String(),
			want) {
			t.Errorf("%s with %s: the page lacks %q", name, id, want)
		}
	}
	w := s.Form("/people", url.Values{"name": {" Ben\r\nB  "}, "garmin_user_id": {" u2 "}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/people?added=Ben+B" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if page := s.Get("/people?added=Ben+B").Body.String(); !strings.Contains(page, "Ben B was added") ||
		!strings.Contains(page, "u2") {
		t.Error("the added person does not show")
	}
}

func TestUnitsOfAPersonChangeAtOnce(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	s.Add("Ada", "u1")
	before := s.Get("/people").Body.String()
	if w := s.Form("/people/ada/units", url.Values{"units": {"imperial"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	if s.Get("/people").Body.String() == before {
		t.Error("the page shows the units of before")
	}
	for _, wrong := range []url.Values{{}, {"units": {"furlongs"}}, {"units": {"metric"}, "weight": {"oz"}}} {
		if w := s.Form("/people/ada/units", wrong); w.Code != http.StatusBadRequest {
			t.Errorf("%v: %d", wrong, w.Code)
		}
	}
}

func TestTheThemeStaysInACookieAndTheWayBackOnThisSite(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	for back, want := range map[string]string{"/people": "/people", "/p/ada/data?from=x&to=y": "/p/ada/data?from=x&to=y",
		"":                      "/",
		"https://evil.example/": "/", "//evil.example/": "/", `/\evil.example`: "/", `\\evil.example`: "/",
		"/\t/evil.example": "/", "/\r\nX: y": "/", "javascript:alert(1)": "/", "people": "/"} {
		w := s.Form("/theme", url.Values{"theme": {"dark"}, "back": {back}})
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("back to %q: %d to %q", back, w.Code, w.Header().Get("Location"))
		}
		if cookie := w.Header().Get("Set-Cookie"); !strings.HasPrefix(cookie, "theme=dark;") ||
			!strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("cookie %q", cookie)
		}
	}
	if w := s.Form("/theme", url.Values{"theme": {"<x>"}}); !strings.HasPrefix(w.Header().Get("Set-Cookie"), "theme=;") {
		t.Errorf("cookie %q", w.Header().Get("Set-Cookie"))
	}
	page := func(theme string) string {
		return s.Ask(http.MethodGet, "/help", func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: "theme",
				Value: theme})
		}).Body.String()
	}
	if page("dark") == page("light") || page("evil") != page("") {
		t.Error("the cookie does not choose between the two themes")
	}
}

func TestTheEventStreamReportsChangesAndEndsWithTheServer(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Serve(ctx, server.Listeners{Plain: l}) }()
	resp, err := s.Client().Get("http://" + l.Addr().String() + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("Content-Type %q", kind)
	}
	lines := bufio.NewScanner(resp.Body)
	next := func(want string) {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", want, lines.Err())
	}
	next(": hello")
	s.Server.Changed()
	s.Server.Changed()
	next("event: change")
	stop()
	for lines.Scan() { // until it ends
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
}
