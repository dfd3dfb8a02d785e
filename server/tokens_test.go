package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/api"
	"garner/server/auth"
	"garner/server/servertest"
)

// newToken finds the token on the page that shows it.
var newToken = regexp.MustCompile(`<input id="token" value="(garner_[0-9A-Z]+)"`)

// makeToken makes a token by the form, as who is signed in.
func makeToken(t *testing.T, s *servertest.Site, fields url.Values) string {
	t.Helper()
	w := s.Form("/settings/api/tokens", fields)
	found := newToken.FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || found == nil {
		t.Fatalf("%v: %d %s", fields, w.Code, servertest.Tags.ReplaceAllString(w.Body.String(), ""))
	}
	if cache := w.Header().Get("Cache-Control"); cache != "no-store" {
		t.Errorf("the page with the token is cached: %q", cache)
	}
	return found[1]
}

// bear asks with a token, without a session and from a private network.
func bear(s *servertest.Site, path, token string) *httptest.ResponseRecorder {
	session := s.Session()
	s.SignOut()
	defer s.Use(session)
	return s.Ask(http.MethodGet, path, func(r *http.Request) {
		r.RemoteAddr = "192.168.1.5:4000"
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	})
}

func TestATokenIsMadeShownOnceListedAndRevoked(t *testing.T) {
	t.Parallel()
	s := household(t)
	s.As("ben")
	empty := s.Page("/settings/api")
	if !strings.Contains(empty, "None was made yet.") || !strings.Contains(empty, "/api/v1/people/ben/records/sleeps") {
		t.Error("the page has no empty state, or no examples of Ben's")
	}
	token := makeToken(t, s, url.Values{"name": {"mirror"}, "scope": {"read"}, "person": {"ben"}, "expires": {"2099-12-31"}})
	page := s.Page("/settings/api")
	for _, want := range []string{"mirror", "reads Ben", "never used", "works until"} {
		if !strings.Contains(servertest.Tags.ReplaceAllString(page, ""), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, token) {
		t.Error("the token is shown again")
	}
	if w := bear(s, "/api/v1/people/ben", token); w.Code != http.StatusOK || w.Header().Get("ETag") == "" {
		t.Errorf("with the token: %d %s", w.Code, w.Body)
	}
	for asker, want := range map[string]outcome{"ada": unknown, "cyd": unknown, "admin": reached} {
		s.As(asker)
		if got := outcomeOf(s.Get("/settings/api/tokens/1")); got != want {
			t.Errorf("%s: %s", asker, got)
		}
		if want == unknown && outcomeOf(s.Form("/settings/api/tokens/1/revoke", nil)) != unknown {
			t.Errorf("%s revokes it", asker)
		}
		if lists := strings.Contains(s.Page("/settings/api"), "mirror"); lists != (want == reached) {
			t.Errorf("%s finds it listed: %v", asker, lists)
		}
	}
	s.As("admin")
	if _, to, _ := s.Send("/settings/api/tokens/1/revoke", nil); !strings.HasPrefix(to, "/settings/api?flash=mirror") {
		t.Errorf("the admin revokes it and gets to %q", to)
	}
	if w := bear(s, "/api/v1/people/ben", token); w.Code != http.StatusUnauthorized {
		t.Errorf("with the revoked token: %d", w.Code)
	}
	entries, err := s.Store.Audit(t.Context(), db.AuditFilter{Person: 2}, 9)
	if err != nil || len(entries) < 2 || entries[0].Action != db.ActionTokenRemoved || entries[0].Actor != "admin" ||
		entries[1].Action != db.ActionTokenAdded || entries[1].Detail != "mirror, read" {
		t.Errorf("Ben's entries: %+v, %v", entries, err)
	}
}

func TestAFormForATokenIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := household(t)
	s.As("admin")
	makeToken(t, s, url.Values{"name": {"taken"}, "scope": {"status"}})
	for name, c := range map[string]struct {
		asker  string
		fields url.Values
		status int
		want   string
	}{
		"no name":           {"ben", url.Values{"scope": {"read"}}, 422, "Give a name."},
		"no scope":          {"ben", url.Values{"name": {"x"}}, 422, "Tick at least one."},
		"metrics, a member": {"ben", url.Values{"name": {"x"}, "scope": {"metrics"}}, 422, "Tick at least one."},
		"a made-up scope":   {"ben", url.Values{"name": {"x"}, "scope": {"write"}}, 422, "Tick at least one."},
		"a stranger":        {"ada", url.Values{"name": {"x"}, "scope": {"read"}, "person": {"ben"}}, 404, "no such"},
		"not shared":        {"admin", url.Values{"name": {"x"}, "scope": {"read"}, "person": {"ben"}}, 422, "does not share"},
		"metrics of one":    {"admin", url.Values{"name": {"x"}, "scope": {"metrics"}, "person": {"ben"}}, 422, "whole"},
		"yesterday": {"ben", url.Values{"name": {"x"}, "scope": {"read"},
			"expires": {time.Now().AddDate(0, 0, -2).Format(time.DateOnly)}}, 422, "Choose today"},
		"no day": {"ben", url.Values{"name": {"x"}, "scope": {"read"}, "expires": {"soon"}}, 422, "Choose today"},
		"taken":  {"admin", url.Values{"name": {"taken"}, "scope": {"read"}}, 409, "another token of this name"},
	} {
		s.As(c.asker)
		if status, _, page := s.Send("/settings/api/tokens", c.fields); status != c.status || !strings.Contains(page, c.want) {
			t.Errorf("%s: %d, want %d and %q", name, status, c.status, c.want)
		}
	}
	if list, err := s.Store.APITokens(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%d tokens, %v", len(list), err)
	}
}

func TestEachProblemOfTheAPIIsExplainedWhereItsTypeLeads(t *testing.T) {
	t.Parallel()
	s := household(t)
	s.As("ben")
	page := s.Page("/settings/api")
	for _, p := range api.Problems() {
		if strings.Count(page, `id="problem-`+p.Name+`"`) != 1 || p.About == "" {
			t.Errorf("%s is not explained once", p.Name)
		}
	}
	w := bear(s, "/api/v1/people", "")
	if !strings.Contains(w.Body.String(), `"type":"/settings/api#problem-token"`) ||
		w.Header().Get("WWW-Authenticate") == "" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("without a token: %v %s", w.Header(), w.Body)
	}
}

func TestTooManyRequestsWithATokenAreAProblemThatSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	s := household(t)
	token, _, err := auth.NewAPIToken(t.Context(), s.Store, db.APIToken{Name: "loop", Scopes: []string{"status"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 10_000 { // more than the bucket fills meanwhile
		w := bear(s, "/api/v1/people", token)
		if w.Code == http.StatusOK {
			continue
		}
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" ||
			!strings.Contains(w.Body.String(), "#problem-too-many") || strings.Contains(w.Body.String(), token) {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		return
	}
	t.Error("no request was too many")
}
