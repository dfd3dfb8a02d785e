package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server/api"
	"garner/server/auth"
	"garner/server/servertest"
)

// How the API answers, beside reached, unknown and notShared.
const (
	noToken outcome = "a valid token is needed"
	noScope outcome = "the scope is missing"
)

// holder is a kind of token: who made it, and the one person that it reads.
type holder struct{ account, person string }

// Those who made tokens. The person in the addresses is Ben, who shares with Cyd and not
// with admins; the command line reads everyone.
var holders = []holder{{"", ""}, {"cyd", ""}, {"ada", ""}, {"admin", ""}, {"", "Ben"}, {"", "Ada"}, {"cyd", "Ben"},
	{"cyd", "Ada"}, {"admin", "Ben"}, {"admin", "Ada"}}

// of says whom a route is about: the person in its address, or all whom the token sees.
func of(r api.Route) string {
	if strings.Contains(r.Path, "{slug}") {
		return "person"
	}
	return "all"
}

// granted is what a route answers the tokens that have its scope, by that scope and whom
// it is about, in the order of holders.
var granted = map[auth.Scope]map[string][]outcome{
	"": {"all": slices.Repeat([]outcome{reached}, 10)},
	auth.ScopeStatus: {
		"all": slices.Repeat([]outcome{reached}, 10),
		"person": {reached, reached, unknown, reached, reached, unknown, reached, unknown, reached,
			unknown},
	},
	auth.ScopeRead: {
		"all": slices.Repeat([]outcome{reached}, 10),
		"person": {reached, reached, unknown, notShared, reached, unknown, reached, unknown, notShared,
			unknown},
	},
}

// grants are the scopes of routes for which a token has a right.
var grants = map[auth.Scope][]auth.Scope{
	auth.ScopeRead:    {"", auth.ScopeRead, auth.ScopeStatus},
	auth.ScopeStatus:  {"", auth.ScopeStatus},
	auth.ScopeMetrics: {""},
}

// inAPI replaces what an address has in the place of variables.
var inAPI = strings.NewReplacer("{slug}", "ben", "{type}", "dailies", "{name}", "heart_rate")

// problemNamed finds the outcome that a problem is.
func problemNamed(w *httptest.ResponseRecorder) outcome {
	var p struct{ Type string }
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code < 400 {
		return reached
	}
	_, name, _ := strings.Cut(p.Type, "#problem-")
	switch name {
	case "token":
		return noToken
	case "scope":
		return noScope
	case "not-shared":
		return notShared
	case "not-found":
		return unknown
	}
	return outcome(name)
}

// hold makes a token; its name says which.
func hold(t *testing.T, s *servertest.Site, h holder, expires time.Time, scopes ...auth.Scope) string {
	t.Helper()
	k := db.APIToken{Created: time.Now(), Expires: expires}
	for _, scope := range scopes {
		k.Scopes = append(k.Scopes, string(scope))
	}
	k.Name = h.person + strings.Join(k.Scopes, " ") + expires.String()
	if h.account != "" {
		a, err := s.Store.AccountByName(t.Context(), h.account)
		if err != nil {
			t.Fatal(err)
		}
		k.Account = a.ID
	}
	if h.person != "" {
		p, err := s.Store.PersonByName(t.Context(), h.person)
		if err != nil {
			t.Fatal(err)
		}
		k.Person = p.ID
	}
	token, _, err := auth.NewAPIToken(t.Context(), s.Store, k)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// routesOfAPI are all of them.
func routesOfAPI() []api.Route { return api.Routes() }

func TestEveryRouteOfTheAPIAnswersEveryTokenAsItDeclares(t *testing.T) {
	t.Parallel()
	s := household(t)
	for scope := range grants {
		for i, h := range holders {
			token := hold(t, s, h, time.Time{}, scope)
			for _, r := range routesOfAPI() {
				declares := granted[r.Scope][of(r)]
				if len(declares) != len(holders) {
					t.Fatalf("%s with the scope %s declares nothing", r.Path, r.Scope)
				}
				want := noScope
				if slices.Contains(grants[scope], r.Scope) {
					want = declares[i]
				}
				w := bear(s, api.Prefix+inAPI.Replace(r.Path), token)
				if got := problemNamed(w); got != want {
					t.Errorf("%s with %s of %+v: %s (%d %s), want %s", r.Path, scope, h, got, w.Code, w.Body, want)
				}
			}
		}
	}
}

func TestATokenThatDoesNotWorkGetsNothingFromAnyRoute(t *testing.T) {
	t.Parallel()
	s := household(t)
	off := s.Account("off", db.RoleAdmin, 0)
	disabled := hold(t, s, holder{account: "off"}, time.Time{}, auth.Scopes...)
	if err := s.Store.SetDisabled(t.Context(), off.ID, true); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"none": "", "unknown": "garner_unknown", "of a disabled account": disabled,
		"expired": hold(t, s, holder{}, time.Now(), auth.Scopes...)} {
		for _, r := range routesOfAPI() {
			w := bear(s, api.Prefix+inAPI.Replace(r.Path), token)
			limited := w.Code == http.StatusTooManyRequests && token != ""
			if got := problemNamed(w); got != noToken && !limited {
				t.Errorf("%s with %s: %s %d", r.Path, name, got, w.Code)
			}
		}
	}
}

// hidden are texts that tell of Ben or of his values.
var hidden = map[string][]string{"him": {"Ben", `"ben"`, "u-Ben", "4321"}, "his values": {"4321"}}

func TestNoTokenReadsAnotherPersonByAddressParameterOrCursor(t *testing.T) {
	t.Parallel()
	s := household(t)
	all := hold(t, s, holder{}, time.Time{}, auth.ScopeRead)
	next := map[string]string{} // the cursor with which all goes on after a row
	for _, r := range routesOfAPI() {
		var page struct{ Next string }
		w := bear(s, api.Prefix+inAPI.Replace(r.Path)+"?limit=1", all)
		if err := json.Unmarshal(w.Body.Bytes(), &page); err == nil {
			next[r.Path] = page.Next
		}
	}
	for name, c := range map[string]struct {
		holder holder
		scope  auth.Scope
		not    string
	}{
		"a stranger's account":     {holder{"ada", ""}, auth.ScopeRead, "him"},
		"a token of Ada":           {holder{"", "Ada"}, auth.ScopeRead, "him"},
		"an admin's token of Ada":  {holder{"admin", "Ada"}, auth.ScopeRead, "him"},
		"Cyd's token of Ada":       {holder{"cyd", "Ada"}, auth.ScopeRead, "him"},
		"an admin":                 {holder{"admin", ""}, auth.ScopeRead, "his values"},
		"an admin's token of Ben":  {holder{"admin", "Ben"}, auth.ScopeRead, "his values"},
		"status of everyone":       {holder{"", ""}, auth.ScopeStatus, "his values"},
		"status of Ben":            {holder{"", "Ben"}, auth.ScopeStatus, "his values"},
		"the metrics of everyone":  {holder{"", ""}, auth.ScopeMetrics, "him"},
		"a stranger's facts of it": {holder{"ada", ""}, auth.ScopeStatus, "him"},
	} {
		token := hold(t, s, c.holder, time.Time{}, c.scope)
		for _, r := range routesOfAPI() {
			for _, slug := range []string{"ben", "ada", "2"} {
				path := api.Prefix + strings.Replace(inAPI.Replace(r.Path), "/ben", "/"+slug, 1)
				for _, query := range []string{"", "from=2026-11-20&to=2026-11-20", "person=ben", "person=ben&state=all",
					"person_id=2", "limit=5000&include=versions,sent", "limit=1&cursor=" + url.QueryEscape(next[r.Path])} {
					w := bear(s, path+"?"+query, token)
					for _, text := range hidden[c.not] {
						if strings.Contains(w.Body.String(), text) {
							t.Errorf("%s?%s gives %s %s: %d %.300s", path, query, name, text, w.Code, w.Body)
						}
					}
				}
			}
		}
	}
	shown := ""
	for _, r := range routesOfAPI() {
		shown += bear(s, api.Prefix+inAPI.Replace(r.Path), all).Body.String()
	}
	if !strings.Contains(shown, `"ben"`) {
		t.Error("the token that may read Ben does not see him")
	}
}

func TestATokenReadsWhatItsAccountMayReadAtThatMoment(t *testing.T) {
	t.Parallel()
	s := household(t)
	ctx := t.Context()
	cyd, err := s.Store.AccountByName(ctx, "cyd")
	if err != nil {
		t.Fatal(err)
	}
	const ben = 2 // his id
	wide, narrow := hold(t, s, holder{"cyd", ""}, time.Time{}, auth.ScopeRead), hold(t, s, holder{"cyd", "Ben"},
		time.Time{}, auth.ScopeRead)
	admin := hold(t, s, holder{"admin", ""}, time.Time{}, auth.ScopeRead)
	check := func(when string, shared int, values bool) {
		t.Helper()
		for _, token := range []string{wide, narrow} {
			if w := bear(s, "/api/v1/people/ben", token); w.Code != shared {
				t.Errorf("%s: %d, want %d", when, w.Code, shared)
			}
		}
		if w := bear(s, "/api/v1/people/ben", admin); strings.Contains(w.Body.String(), `"values":true`) != values {
			t.Errorf("%s the admin's token gets %s", when, w.Body)
		}
	}
	change := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check("at first", http.StatusOK, false)
	change(s.Store.Unshare(ctx, ben, cyd.ID))
	change(s.Store.SetAdminsRead(ctx, ben, true))
	check("no longer shared, but with admins", http.StatusNotFound, true)
	change(s.Store.Share(ctx, time.Now(), ben, cyd.ID))
	change(s.Store.SetAdminsRead(ctx, ben, false))
	check("shared again", http.StatusOK, false)
	change(s.Store.SetDisabled(ctx, cyd.ID, true))
	check("the account disabled", http.StatusUnauthorized, false)
	change(s.Store.SetDisabled(ctx, cyd.ID, false))
	check("enabled again", http.StatusOK, false)
	change(s.Store.RemoveAccount(ctx, cyd.ID))
	check("the account removed", http.StatusUnauthorized, false)
}

func TestMetricsFromElsewhereNeedATokenOfThatScopeOfWhoRunsTheInstallation(t *testing.T) {
	t.Parallel()
	s := household(t)
	for name, c := range map[string]struct {
		token string
		want  int
	}{
		"none":                        {"", http.StatusNotFound},
		"unknown":                     {"garner_unknown", http.StatusNotFound},
		"read":                        {hold(t, s, holder{}, time.Time{}, auth.ScopeRead, auth.ScopeStatus), http.StatusNotFound},
		"expired":                     {hold(t, s, holder{}, time.Now(), auth.ScopeMetrics), http.StatusNotFound},
		"of one person":               {hold(t, s, holder{"", "Ben"}, time.Time{}, auth.ScopeMetrics), http.StatusNotFound},
		"of a member":                 {hold(t, s, holder{"cyd", ""}, time.Time{}, auth.ScopeMetrics), http.StatusNotFound},
		"of an admin":                 {hold(t, s, holder{"admin", ""}, time.Time{}, auth.ScopeMetrics), http.StatusOK},
		"of the command line":         {hold(t, s, holder{}, time.Time{}, auth.ScopeMetrics), http.StatusOK},
		"of one person, for an admin": {hold(t, s, holder{"admin", "Ben"}, time.Time{}, auth.ScopeMetrics), http.StatusNotFound},
	} {
		w := bear(s, "/metrics", c.token)
		if w.Code != c.want || strings.Contains(w.Body.String(), "garner_inbox") != (c.want == http.StatusOK) {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
}
