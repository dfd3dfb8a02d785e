package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"garner/db"
	"garner/db/seal"
	"garner/health/alert"
	"garner/jobs/backup"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

const callbackURL = "https://garner.example.org/garmin/" + servertest.Secret

// freshBox is an installation with keys and nothing set.
func freshBox(t *testing.T, change func(*server.Options)) *servertest.Site {
	t.Helper()
	var s *servertest.Site
	s = servertest.Open(t, servertest.Limits(), func(o *server.Options) {
		o.CallbackURL = callbackURL
		o.Backups.NewKey = func(ctx context.Context, replace bool) (string, error) {
			return backup.NewRecoveryKey(ctx, s.Store, replace)
		}
		if change != nil {
			change(o)
		}
	})
	ring := seal.File(filepath.Join(t.TempDir(), "keys"))
	if _, err := ring.Add(time.Now()); err != nil {
		t.Fatal(err)
	}
	s.Store.UseKeys(ring)
	return s
}

// parsed is a page as HTML.
func parsed(t *testing.T, page string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// offer is the line about the set-up on Home.
func offer(t *testing.T, s *servertest.Site) string {
	t.Helper()
	return parsed(t, s.Page("/")).Find("[data-testid=set-up] a").Text()
}

// sent posts a form that must lead on.
func sent(t *testing.T, s *servertest.Site, path, to string, pairs ...string) {
	t.Helper()
	status, where, page := s.Send(path, values(pairs...))
	if status != http.StatusSeeOther || !strings.HasPrefix(where, to) {
		t.Fatalf("%s: %d to %q, want %q; errors: %s", path, status, where, to, parsed(t, page).Find(".error").Text())
	}
}

func values(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// setting is a stored setting; empty if there is none.
func setting(t *testing.T, s *servertest.Site, name string) string {
	t.Helper()
	list, err := s.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range list {
		if set.Name == name {
			return set.Value
		}
	}
	return ""
}

func TestTheSetUpLeadsFromStepToStepAndCountsWhatIsDone(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	if got := offer(t, s); got != "Set-up is not finished: 0 of 8 steps" {
		t.Fatalf("a fresh box offers %q", got)
	}
	sent(t, s, "/setup/source", "/setup/address", "setup.source", "push")
	sent(t, s, "/setup/address", "/setup/address?flash=", "public_url", "https://garner.example.org")
	sent(t, s, "/setup/garmin", "/setup/callbacks", "garmin.client_id", "ours", "garmin.client_secret", "hush")
	sent(t, s, "/setup/mail", "/setup/mail?flash=", "mail.host", "smtp.example.org", "mail.port", "", "mail.tls", "",
		"mail.from", "garner@example.org", "mail.to", "ada@example.org, ben@example.org")
	sent(t, s, "/setup/preferences", "/setup/household", "preferences.units", "imperial", "preferences.clock", "12",
		"preferences.week_start", "", "alerts.time_zone", "Europe/Berlin")
	sent(t, s, "/setup/household", "/setup/household?flash=", "name", "Ada")
	sent(t, s, "/setup/household/me", "/setup/household?flash=", "person", "ada")
	if got := offer(t, s); got != "Set-up is not finished: 6 of 8 steps" {
		t.Errorf("before the first push Home offers %q", got)
	}
	if got := s.Post("/garmin/"+servertest.Secret+"/dailies", strings.NewReader(servertest.ADay), "garmin-client-id",
		"ours"); got != http.StatusOK {
		t.Fatalf("a push: %d", got)
	}
	key := s.Form("/settings/backup/key", url.Values{"next": {"/setup/done"}}).Body.String()
	if !strings.Contains(key, "AGE-SECRET-KEY-1") || !strings.Contains(key, `href="/setup/done"`) {
		t.Error("the recovery key is not shown, or does not lead on:", key)
	}
	if got := offer(t, s); got != "" {
		t.Errorf("with all done Home offers %q", got)
	}
	done := parsed(t, s.Page("/setup/done"))
	if got := done.Find("[data-testid=steps-done]").Text(); got != "8 of 8 steps are done." {
		t.Errorf("the last step says %q", got)
	}
	account, err := s.Store.AccountByName(t.Context(), "admin")
	if err != nil || account.Slug != "ada" {
		t.Errorf("the admin is %q, %v", account.Slug, err)
	}
}

func TestEveryStepShowsWhereItIs(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	for i, step := range []string{"source", "address", "garmin", "callbacks", "mail", "preferences", "household", "backup",
		"done"} {
		page := parsed(t, s.Page("/setup/"+step))
		links := page.Find("[data-testid=progress] a")
		at := page.Find(`[data-testid=progress] a[aria-current="step"]`)
		if links.Length() != 9 || at.Length() != 1 || links.IndexOfSelection(at) != i {
			t.Errorf("%s is number %d of %d", step, links.IndexOfSelection(at)+1, links.Length())
		}
		if page.Find("h1").Length() != 1 || page.Find("p.lead").Length() != 1 {
			t.Errorf("%s has no heading with a reason", step)
		}
	}
}

func TestASecretIsWrittenAndNeverShown(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	state := func() string {
		return strings.TrimSpace(parsed(t, s.Page("/setup/garmin")).Find("[data-testid=state-garmin-client_secret]").Text())
	}
	if got := state(); !strings.Contains(got, "not set") {
		t.Errorf("at first: %q", got)
	}
	sent(t, s, "/setup/garmin", "/setup/callbacks", "garmin.client_id", "ours", "garmin.client_secret", "hush-hush")
	for _, path := range []string{"/setup/garmin", "/settings/box", "/setup/done"} {
		if strings.Contains(s.Page(path), "hush-hush") {
			t.Errorf("%s shows the secret", path)
		}
	}
	if got := state(); !strings.HasPrefix(got, "It is set") {
		t.Errorf("once set: %q", got)
	}
	sent(t, s, "/setup/garmin", "/setup/callbacks", "garmin.client_id", "other", "garmin.client_secret", "")
	if setting(t, s, "garmin.client_secret") != "hush-hush" || setting(t, s, "garmin.client_id") != "other" {
		t.Error("an empty secret does not keep it")
	}
	sent(t, s, "/setup/garmin", "/setup/callbacks", "garmin.client_id", "other", "remove:garmin.client_secret", "yes")
	if setting(t, s, "garmin.client_secret") != "" {
		t.Error("it is not removed")
	}
	log, err := s.Store.Audit(t.Context(), db.AuditFilter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range log {
		if strings.Contains(e.Detail, "hush") {
			t.Errorf("the audit log has the secret: %+v", e)
		}
	}
	if i := log[0]; i.Action != db.ActionSettingsChanged || i.Detail != "garmin.client_secret" {
		t.Errorf("the newest entry is %+v", i)
	}
}

func TestWhatCannotBeStandsAtItsFieldAndNothingIsLost(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	for _, c := range []struct {
		path, field, says string
		form              []string
	}{
		{"address", "public_url", "must be https", []string{"public_url", "http://garner.example.org"}},
		{"mail", "mail-port", "not a whole number", []string{"mail.host", "", "mail.port", "many", "mail.tls", ""}},
		{"mail", "mail-host", "so From and To are also needed", []string{"mail.host", "smtp.example.org", "mail.port", "",
			"mail.tls", ""}},
		{"preferences", "alerts-time_zone", "must be a time zone", []string{"alerts.time_zone", "Mars/Olympus"}},
		{"preferences", "preferences-units", "Choose one of these", []string{"preferences.units", "furlongs"}},
	} {
		for _, path := range []string{"/setup/", "/settings/box/"} {
			status, _, page := s.Send(path+c.path, values(c.form...))
			doc := parsed(t, page)
			if got := doc.Find("#" + c.field + "-hint .error").Text(); status != http.StatusUnprocessableEntity ||
				!strings.Contains(strings.ToLower(got), strings.ToLower(c.says)) {
				t.Errorf("%s%s %v: %d, %q", path, c.path, c.form, status, got)
			}
			if value, _ := doc.Find("input#" + c.field).Attr("value"); doc.Find("input#"+c.field).Length() > 0 &&
				value != values(c.form...).Get(strings.Replace(c.field, "-", ".", 1)) {
				t.Errorf("%s: what was typed is lost: %q", c.path, value)
			}
		}
	}
	if list, err := s.Store.Settings(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("faulty settings are stored: %+v, %v", list, err)
	}
}

func TestWhatTheFileSetsIsReadOnly(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) {
		o.Config.PublicURL, o.Config.Set = "https://file.example.org", map[string]bool{"public_url": true}
	})
	for _, path := range []string{"/setup/address", "/settings/box"} {
		page := parsed(t, s.Page(path))
		if got := page.Find("[data-testid=fixed-public_url]").Text(); got != "https://file.example.org" ||
			page.Find("input#public_url").Length() > 0 {
			t.Errorf("%s shows %q, %d inputs", path, got, page.Find("input#public_url").Length())
		}
	}
	sent(t, s, "/setup/address", "/setup/garmin", "public_url", "https://other.example.org")
	if got := setting(t, s, "public_url"); got != "" {
		t.Errorf("it is stored all the same: %q", got)
	}
}

func TestCallbacksHaveALampThatShowsTheNewestPush(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	lamp := func(typ string) string {
		state, _ := parsed(t, s.Page("/setup/callbacks")).Find("[data-testid=callback-" + typ + "]").Attr("data-state")
		return state
	}
	push := func(typ string, headers ...string) {
		if got := s.Post("/garmin/"+servertest.Secret+"/"+typ, strings.NewReader(`{"`+typ+`":[]}`), headers...); got != 200 {
			t.Fatalf("%s: %d", typ, got)
		}
	}
	if got := lamp("dailies"); got != "never" {
		t.Errorf("before the first push: %q", got)
	}
	push("dailies")
	push("sleeps", "garmin-client-id", "someone-else")
	push("hrv", "garmin-client-id", "ours")
	for typ, want := range map[string]string{"dailies": "without client id", "sleeps": "wrong client id", "hrv": "arrived",
		"epochs": "never"} {
		if got := lamp(typ); got != want {
			t.Errorf("%s: %q, want %q", typ, got, want)
		}
	}
	push("sleeps", "x-garmin-client-id", "ours")
	if got := lamp("sleeps"); got != "arrived" {
		t.Errorf("after a right one: %q", got)
	}
}

func TestThePageOfCallbacksShowsTheSecretUncompressed(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	w := s.Ask(http.MethodGet, "/setup/callbacks", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if w.Header().Get("Content-Encoding") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", w.Header())
	}
	page := parsed(t, w.Body.String())
	if got := page.Find("#url-dailies").Text(); got != callbackURL+"/dailies" {
		t.Errorf("the URL is %q", got)
	}
	for _, path := range []string{"/setup/address", "/setup/done", "/settings/box"} {
		if strings.Contains(s.Page(path), servertest.Secret) {
			t.Errorf("%s shows the callback secret", path)
		}
	}
}

func TestTheOfferOnHomeCanBeDismissedAndIsForAdmins(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	s.Page("/") // signs in
	s.Account("ben", db.RoleMember, 0)
	s.As("ben")
	if got := offer(t, s); got != "" {
		t.Errorf("a member is offered %q", got)
	}
	for _, path := range []string{"/setup/source", "/setup/callbacks", "/settings/box"} {
		if got := s.Get(path).Code; got != http.StatusForbidden {
			t.Errorf("a member gets %s: %d", path, got)
		}
	}
	s.As("admin")
	sent(t, s, "/setup/dismiss", "/", "dismissed", "yes")
	if got := offer(t, s); got != "" {
		t.Errorf("once dismissed Home offers %q", got)
	}
	sent(t, s, "/setup/dismiss", "/setup/done", "dismissed", "no")
	if offer(t, s) == "" {
		t.Error("it is not offered again")
	}
}

func TestPreferencesOfTheHouseholdHoldForPages(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	s.Add("Ada", "u1")
	s.Push("bodyComps", `"summaryId":"w","measurementTimeInSeconds":1795132800,"measurementTimeOffsetInSeconds":0,
		"weightInGrams":80000`)
	day := "/p/ada/day/2026-11-20"
	if page := s.Page(day); !strings.Contains(page, "kg") {
		t.Fatal("the day has no weight in kg")
	}
	sent(t, s, "/settings/box/preferences", "/settings/box", "preferences.units", "imperial")
	if page := s.Page(day); strings.Contains(page, "80.0 kg") || !strings.Contains(page, "lb") {
		t.Error("the day is still metric")
	}
}

func TestATestMailNeedsAServer(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	if status, _, _ := s.Send("/setup/mail/test", nil); status != http.StatusBadRequest {
		t.Errorf("without a server: %d", status)
	}
	if parsed(t, s.Page("/setup/mail")).Find(`form[action="/setup/mail/test"]`).Length() != 0 {
		t.Error("it is offered all the same")
	}
	sent(t, s, "/setup/mail", "/setup/mail", "mail.host", "smtp.example.org", "mail.from", "a@example.org", "mail.to",
		"b@example.org")
	if parsed(t, s.Page("/setup/mail")).Find(`form[action="/setup/mail/test"]`).Length() != 1 {
		t.Error("it is not offered")
	}
}

func TestTheAddressIsTestedAsGarminReachesIt(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	if status, _, _ := s.Send("/setup/address/test", nil); status != http.StatusBadRequest {
		t.Errorf("without an address: %d", status)
	}
	sent(t, s, "/setup/address", "/setup/address?flash=", "public_url", "https://garner.invalid")
	status, _, page := s.Send("/setup/address/test", nil)
	lines := parsed(t, page).Find("[data-testid=self-test] li")
	if status != http.StatusOK || lines.Length() != 8 || !strings.Contains(lines.First().Text(), "problem") {
		t.Errorf("%d, %d lines, the first: %q", status, lines.Length(), lines.First().Text())
	}
}

func TestASecretThatCannotBeDecryptedCanBeRemoved(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	sent(t, s, "/setup/garmin", "/setup/callbacks", "garmin.client_secret", "hush")
	other := seal.File(filepath.Join(t.TempDir(), "keys"))
	if _, err := other.Add(time.Now()); err != nil {
		t.Fatal(err)
	}
	s.Store.UseKeys(other)
	state := func() string {
		return strings.TrimSpace(parsed(t, s.Page("/setup/garmin")).Find("[data-testid=state-garmin-client_secret]").Text())
	}
	if got := state(); !strings.Contains(got, "cannot be decrypted") {
		t.Errorf("it is %q", got)
	}
	status, _, page := s.Send("/setup/garmin", values("garmin.client_secret", "new"))
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "Nothing was saved") {
		t.Errorf("it is replaced: %d", status)
	}
	sent(t, s, "/setup/garmin", "/setup/callbacks", "remove:garmin.client_secret", "yes")
	sent(t, s, "/setup/garmin", "/setup/callbacks", "garmin.client_secret", "new")
	if got := state(); !strings.HasPrefix(got, "It is set. ") {
		t.Errorf("then it is %q", got)
	}
}

func TestPreferencesThatAreKeptAsTheyAreCountAsChosen(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	sent(t, s, "/setup/preferences", "/setup/household", "preferences.units", "", "preferences.clock", "",
		"preferences.week_start", "", "alerts.time_zone", "")
	if got := offer(t, s); got != "Set-up is not finished: 1 of 8 steps" {
		t.Errorf("Home offers %q", got)
	}
}

func TestCertificatesAreAmongTheSettingsOfTheBox(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) {
		o.Watch.(*watch.Watch).Certificates = func() []alert.Certificate {
			return []alert.Certificate{{Name: "garner.example.org", NotBefore: time.Now().AddDate(0, 0, -1),
				NotAfter: time.Now().AddDate(0, 0, 60)}, {Name: "other.example.org", Missing: time.Now(), Error: "refused"}}
		}
	})
	rows := parsed(t, s.Page("/settings/box")).Find("[data-testid=certificates] li")
	if rows.Length() != 2 || !strings.Contains(rows.First().Text(), "valid until") ||
		!strings.Contains(rows.Last().Text(), "none yet: refused") {
		t.Errorf("certificates: %q", rows.Text())
	}
}

func TestMailThatIsNotSetUpLeadsToThePageThatDoes(t *testing.T) {
	t.Parallel()
	s := freshBox(t, func(o *server.Options) {
		o.Channels = []pages.Channel{{Key: "mail", Title: "Mail"}, {Key: "ntfy", Title: "ntfy"}}
	})
	if n := parsed(t, s.Page("/alerts")).Find(`a.button[href="/setup/mail"]`).Length(); n != 1 {
		t.Errorf("%d buttons lead to the set-up of mail", n)
	}
}

func TestAPasswordOfMailDoesNotFollowToAnotherServer(t *testing.T) {
	t.Parallel()
	s := freshBox(t, nil)
	mail := func(host string, more ...string) (int, string) {
		form := append([]string{"mail.host", host, "mail.port", "587", "mail.tls", "", "mail.username", "garner",
			"mail.from", "garner@example.org", "mail.to", "ada@example.org"}, more...)
		status, _, page := s.Send("/setup/mail", values(form...))
		return status, page
	}
	if status, page := mail("smtp.example.org", "mail.password", "hush"); status != http.StatusSeeOther {
		t.Fatal(status, page)
	}
	status, page := mail("smtp.evil.example")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "give its password again") ||
		setting(t, s, "mail.host") != "smtp.example.org" {
		t.Errorf("another server: %d, %q", status, setting(t, s, "mail.host"))
	}
	if status, _ := mail("smtp.example.org", "mail.from", "box@example.org"); status != http.StatusSeeOther {
		t.Errorf("the same server: %d", status)
	}
	if status, _ := mail("smtp.other.example", "mail.password", "another"); status != http.StatusSeeOther {
		t.Errorf("another server with its password: %d", status)
	}
	if status, _ := mail("smtp.third.example", "remove:mail.password", "yes", "mail.username", ""); status != http.StatusSeeOther {
		t.Errorf("another server without a password: %d", status)
	}
}
