package server_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/server/pages"
	"garner/server/servertest"
)

// outcome is how a route answers someone.
type outcome string

const (
	reached    outcome = "reached"
	signIn     outcome = "sign in"
	unknown    outcome = "no such page"
	notShared  outcome = "not shared"
	adminsOnly outcome = "admins only"
)

// Those who ask. The person in the addresses is Ben, who shares with Cyd and not with
// admins.
var askers = []string{"signed out", "ben", "ada", "cyd", "admin", "disabled"}

// declared is what each access level answers them, in the order of askers.
var declared = map[pages.Access][]outcome{
	pages.Anyone:   {reached, reached, reached, reached, reached, reached},
	pages.SignedIn: {signIn, reached, reached, reached, reached, signIn},
	pages.Facts:    {signIn, reached, unknown, reached, reached, signIn},
	pages.Values:   {signIn, reached, unknown, reached, notShared, signIn},
	pages.Change:   {signIn, reached, unknown, notShared, reached, signIn},
	pages.Write:    {signIn, reached, unknown, notShared, notShared, signIn},
	pages.Admin:    {signIn, adminsOnly, adminsOnly, adminsOnly, reached, signIn},
}

// objects are routes for every account whose address names something of Ben's: a
// delivery.
var objects = map[string][]outcome{
	"GET /inbox/{id:[0-9]+}":      {signIn, reached, unknown, reached, reached, signIn},
	"GET /inbox/{id:[0-9]+}/body": {signIn, reached, unknown, reached, notShared, signIn},
	// There is nothing of that name, for any account.
	"GET /p/{slug}/files/{id:[0-9]+}":              {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/snapshots/{id:[0-9]+}":          {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/womens-health":                  {signIn, reached, unknown, unknown, notShared, signIn},
	"POST /p/{slug}/womens-health":                 {signIn, reached, unknown, unknown, notShared, signIn},
	"GET /alerts/{id:[0-9]+}":                      {signIn, unknown, unknown, unknown, unknown, signIn},
	"GET /connect/garmin/events":                   {unknown, unknown, unknown, unknown, unknown, unknown},
	"GET /.well-known/garner-probe/{token}":        {unknown, unknown, unknown, unknown, unknown, unknown},
	"POST /settings/sessions/end":                  {signIn, unknown, unknown, unknown, unknown, signIn},
	"POST /setup/household/me":                     {signIn, adminsOnly, adminsOnly, adminsOnly, unknown, signIn},
	"POST /settings/backup/{id:[0-9]+}/file":       {signIn, adminsOnly, adminsOnly, adminsOnly, unknown, signIn},
	"GET /settings/api/tokens/{id:[0-9]+}":         {signIn, unknown, unknown, unknown, unknown, signIn},
	"POST /settings/api/tokens/{id:[0-9]+}/revoke": {signIn, unknown, unknown, unknown, unknown, signIn},
	// Ben has no such activity.
	"GET /p/{slug}/activities/{id:[0-9]+}":              {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/activities/{id:[0-9]+}/samples.json": {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/activities/{id:[0-9]+}.csv":          {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/activities/{id:[0-9]+}.gpx":          {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/activities/{id:[0-9]+}/track.svg":    {signIn, unknown, unknown, unknown, notShared, signIn},
	"GET /p/{slug}/activities/{id:[0-9]+}.tcx":          {signIn, unknown, unknown, unknown, notShared, signIn},
	// Without a person, a pause is for everyone.
	"POST /alerts/pauses": {signIn, adminsOnly, adminsOnly, adminsOnly, reached, signIn},
}

// household has Ada, Ben and Cyd with accounts of their own, an admin, and a disabled
// account. Delivery 1 is a day of Ben's with 4321 steps.
func household(t *testing.T) *servertest.Site {
	t.Helper()
	s := servertest.Open(t, servertest.Limits(), nil)
	people := map[string]int64{}
	for _, name := range []string{"Ada", "Ben", "Cyd"} {
		p, err := s.Store.AddPerson(t.Context(), time.Now(), name, "u-"+name, "")
		if err != nil {
			t.Fatal(err)
		}
		people[name] = p.ID
	}
	s.Account("admin", db.RoleAdmin, 0)
	s.Account("ada", db.RoleMember, people["Ada"])
	s.Account("ben", db.RoleMember, people["Ben"])
	cyd := s.Account("cyd", db.RoleMember, people["Cyd"])
	if err := s.Store.Share(t.Context(), time.Now(), people["Ben"], cyd.ID); err != nil {
		t.Fatal(err)
	}
	day := strings.NewReplacer("u1", "u-Ben", "1234", "4321").Replace(servertest.ADay)
	if status := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(day)); status != http.StatusOK {
		t.Fatal(status)
	}
	s.Run()
	return s
}

// become makes requests as one of the askers.
func become(t *testing.T, s *servertest.Site, asker string) {
	t.Helper()
	switch asker {
	case "signed out":
		s.SignOut()
	case "disabled":
		off := s.Account("disabled", db.RoleAdmin, 0)
		s.As("disabled")
		if err := s.Store.SetDisabled(t.Context(), off.ID, true); err != nil {
			t.Fatal(err)
		}
	default:
		s.As(asker)
	}
}

// filled replaces what an address has in the place of variables.
var filled = strings.NewReplacer("{slug}", "ben", "{date}", "2026-11-20", "{type}", "dailies", "{id:[0-9]+}", "1",
	"{token}", "x", "{year:[0-9]{4}}", "2026", "{month:[0-9]{1,2}}", "11")

func outcomeOf(w *httptest.ResponseRecorder) outcome {
	page := w.Body.String()
	switch {
	case w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/signin"),
		w.Code == http.StatusUnauthorized && strings.Contains(page, "Sign in to use this address."):
		return signIn
	case w.Code == http.StatusForbidden && strings.Contains(page, "Only admins can use this page."):
		return adminsOnly
	case w.Code == http.StatusForbidden && strings.Contains(page, "does not share health data with you"):
		return notShared
	case w.Code == http.StatusNotFound && strings.Contains(page, "There is no such"):
		return unknown
	}
	return reached
}

// elsewhere are routes that end the session, or never end.
var elsewhere = []string{"/signout", "/events"}

func TestEveryRouteAnswersEveryoneAsItDeclares(t *testing.T) {
	t.Parallel()
	s, seen := household(t), 0
	sessions := map[string][]*http.Cookie{}
	for _, asker := range askers { // before the routes that count wrong passwords
		become(t, s, asker)
		sessions[asker] = s.Session()
	}
	for i, asker := range askers {
		s.Use(sessions[asker])
		for _, r := range s.Server.Routes() {
			want, ok := objects[r.Method+" "+r.Path]
			if !ok {
				want = declared[r.Access]
			}
			if len(want) != len(askers) {
				t.Fatalf("%s %s: access %d declares nothing", r.Method, r.Path, r.Access)
			}
			if slices.Contains(elsewhere, r.Path) {
				continue
			}
			seen++
			path := filled.Replace(r.Path)
			w := s.Ask(r.Method, path, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") })
			if got := outcomeOf(w); got != want[i] {
				t.Errorf("%s %s for %s: %s (%d), want %s", r.Method, path, asker, got, w.Code, want[i])
			}
		}
	}
	if seen < 400 {
		t.Errorf("only %d were tried", seen)
	}
}

// named show such words for another reason: settings name the accounts that one can
// share with, and among the numbers of the process can be any.
var named = []string{"/settings", "/metrics"}

func TestNoPageShowsWhatIsNotSharedToAnyoneElse(t *testing.T) {
	t.Parallel()
	s := household(t)
	for asker, hidden := range map[string][]string{
		"ada":   {"Ben", "Cyd", "4321", "4,321", "4\u202f321"},
		"admin": {"4321", "4,321", "4\u202f321"},
	} {
		become(t, s, asker)
		shown := 0
		for _, r := range s.Server.Routes() {
			if r.Method != http.MethodGet || slices.Contains(elsewhere, r.Path) || slices.Contains(named, r.Path) {
				continue
			}
			for _, path := range []string{filled.Replace(r.Path), filled.Replace(r.Path) + "?q=ben&person=ben&from=2026-01-01"} {
				w := s.Get(path)
				shown++
				for _, text := range hidden {
					if strings.Contains(servertest.Tags.ReplaceAllString(w.Body.String(), " "), text) {
						t.Errorf("%s shows %s to %s (%d)", path, text, asker, w.Code)
					}
				}
			}
		}
		if shown < 60 {
			t.Errorf("only %d pages were looked at", shown)
		}
	}
	become(t, s, "cyd")
	if page := s.Page("/p/ben/day/2026-11-20"); !strings.Contains(page, "4,321") && !strings.Contains(page, "4321") &&
		!strings.Contains(page, "4 321") {
		t.Error("whom Ben shares with does not see his steps")
	}
}

func TestTheEventStreamIsForAccounts(t *testing.T) {
	t.Parallel()
	s := household(t)
	for _, asker := range askers {
		become(t, s, asker)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.HTTP.URL+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		want := http.StatusOK
		if asker == "signed out" || asker == "disabled" {
			want = http.StatusUnauthorized
		}
		if resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", asker, resp.Status, want)
		}
		if line, err := bufio.NewReader(resp.Body).ReadString('\n'); want == http.StatusOK && (err != nil || line != ": hello\n") {
			t.Errorf("%s reads %q, %v", asker, line, err)
		}
		cancel()
		resp.Body.Close() //nolint:errcheck // cut on purpose
	}
}

func TestARouteThatDoesNotSayWhoMayUseItIsNotRegistered(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	site := pages.New(s.Server.Options.Options, s.Inbox.InboxReader, s.Store, slog.New(slog.DiscardHandler))
	defer func() {
		if recover() == nil {
			t.Error("it is registered")
		}
	}()
	site.Register(mux.NewRouter(), []pages.Route{{Method: http.MethodGet, Path: "/secret", Handler: http.NotFoundHandler()}})
}
