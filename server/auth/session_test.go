package auth

import (
	"bytes"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"garner/db"
)

const day = 24 * time.Hour

func TestASessionEndsAfterTwoWeeksOfNoUseAndAMonthOfUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		s.account("Ada", db.RoleAdmin)
		idle, used := s.signedIn("Ada"), s.signedIn("Ada")
		for n := range 3 {
			time.Sleep(10*day - time.Minute)
			if got := used.who(); got != "Ada false" {
				t.Errorf("used, after %d days: %q", 10*(n+1), got)
			}
			if n == 0 && idle.who() == "" {
				t.Error("it ends after ten days of no use")
			}
			if n == 2 && idle.who() != "" {
				t.Error("it lives after twenty days of no use")
			}
		}
		time.Sleep(3 * time.Minute)
		if got := used.who(); got != "" {
			t.Errorf("used, after a month: %q", got)
		}
		brief := s.signedIn("Ada")
		time.Sleep(14*day - time.Minute)
		if brief.who() == "" {
			t.Error("it ends before two weeks of no use")
		}
		time.Sleep(14*day + time.Minute)
		if brief.who() != "" {
			t.Error("it lives after two weeks of no use")
		}
	})
}

func TestASessionEndsWithTheNextRequest(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*site, *db.Account) error{
		"new password": func(s *site, a *db.Account) error {
			return s.store.SetPassword(s.t.Context(), time.Now(), a.ID, "other")
		},
		"disabled": func(s *site, a *db.Account) error { return s.store.SetDisabled(s.t.Context(), a.ID, true) },
		"enabled again": func(s *site, a *db.Account) error {
			return errors.Join(s.store.SetDisabled(s.t.Context(), a.ID, true), s.store.SetDisabled(s.t.Context(), a.ID, false))
		},
		"removed": func(s *site, a *db.Account) error { return s.store.RemoveAccount(s.t.Context(), a.ID) },
		"ended": func(s *site, a *db.Account) error {
			list, err := s.store.SessionsOf(s.t.Context(), time.Now(), a.ID)
			if err != nil || len(list) != 1 || list[0].Address != "192.0.2.1" {
				return errors.Join(err, errors.New("no session to end"))
			}
			return s.store.EndSession(s.t.Context(), a.ID, list[0].ID)
		},
	} {
		s := newSite(t)
		s.account("Root", db.RoleAdmin)
		a := s.account("Ada", db.RoleMember)
		b := s.signedIn("Ada")
		if b.who() != "Ada true" {
			t.Fatalf("%s: not signed in", name)
		}
		if err := end(s, a); err != nil {
			t.Fatal(name, err)
		}
		if got := b.who(); got != "" {
			t.Errorf("%s: still %q", name, got)
		}
	}
}

func TestSigningOutEndsTheSessionAndNotOnlyTheCookie(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	b := s.signedIn("Ada")
	stolen := s.browser("192.0.2.9")
	stolen.cookies["__Host-garner"] = b.cookies["__Host-garner"]
	if err := b.post("/signout"); err != nil || b.cookies["__Host-garner"] != "" {
		t.Errorf("%v, cookies %v", err, b.cookies)
	}
	if b.who() != "" || stolen.who() != "" {
		t.Error("the session lives on")
	}
}

func TestEachSignInHasANewTokenAndTheOneBeforeEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	b := s.browser("192.0.2.1")
	b.cookies["__Host-garner"] = "chosen-by-another"
	if err := b.signIn("Ada", password); err != nil {
		t.Fatal(err)
	}
	first := b.cookies["__Host-garner"]
	if first == "chosen-by-another" || len(first) < 43 {
		t.Errorf("token %q", first)
	}
	for _, do := range []func() error{
		func() error { return b.signIn("Ada", password) },
		func() error { return b.post("/again", "password", password) },
		func() error { return b.post("/password", "password", password, "to", "another sentence") },
	} {
		before := b.cookies["__Host-garner"]
		if err := do(); err != nil {
			t.Fatal(err)
		}
		old := s.browser("192.0.2.1")
		old.cookies["__Host-garner"] = before
		if b.cookies["__Host-garner"] == before || old.who() != "" || b.who() != "Ada true" {
			t.Error("the token stays, or the session before lives on")
		}
	}
}

func TestCookiesAreBoundToHTTPSWhereThereIsHTTPS(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	for https, names := range map[bool][]string{
		true: {"__Host-garner", "__Host-garner-device"}, false: {"garner", "garner-device"},
	} {
		b := s.browser("192.0.2.1")
		b.https = https
		if err := b.signIn("Ada", password); err != nil {
			t.Fatal(err)
		}
		for i, c := range b.last.Cookies() {
			if c.Name != names[i] || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.Secure != https ||
				c.SameSite != http.SameSiteLaxMode || c.MaxAge <= 0 {
				t.Errorf("HTTPS %v: %s", https, c.Raw)
			}
		}
		other := s.browser("192.0.2.1")
		other.https, other.cookies = !https, b.cookies
		if len(b.cookies) != 2 || b.who() == "" || other.who() != "" {
			t.Errorf("HTTPS %v: cookies %v do not stay on their scheme", https, b.cookies)
		}
	}
}

func TestOnlyHashesOfTokensAreStored(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.account("Ada", db.RoleAdmin)
	b := s.signedIn("Ada")
	token, hash := newToken()
	if err := s.store.AddLink(t.Context(), time.Now(), hash, db.LinkReset, a.ID, time.Now().Add(day)); err != nil {
		t.Fatal(err)
	}
	secrets := []string{password, token, b.cookies["__Host-garner"], b.cookies["__Host-garner-device"]}
	for _, name := range []string{"garner.db", "garner.db-wal"} {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for i, secret := range secrets {
			if secret == "" || bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds secret %d", name, i)
			}
		}
	}
}

// changes is how often garner.db was written to.
func (s *site) changes() (n int64) {
	s.t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "garner.db")+"?mode=ro")
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.QueryRow(`select seen_ms from session`).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestAUseIsWrittenDownOnceInTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		s.account("Ada", db.RoleAdmin)
		b := s.signedIn("Ada")
		first := s.changes()
		for range 9 {
			time.Sleep(time.Minute)
			if b.who(); len(b.last.Cookies()) > 0 || s.changes() != first {
				t.Error("a request within ten minutes writes")
			}
		}
		time.Sleep(time.Minute)
		if b.who(); len(b.last.Cookies()) != 1 || s.changes() == first {
			t.Error("a request after ten minutes does not move the end")
		}
	})
}

func TestAPasswordIsFreshForTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		s.account("Ada", db.RoleAdmin)
		b := s.signedIn("Ada")
		time.Sleep(10*time.Minute - time.Second)
		if b.who() != "Ada true" {
			t.Error("not fresh before ten minutes")
		}
		time.Sleep(time.Second)
		if b.who() != "Ada false" {
			t.Error("fresh after ten minutes of use")
		}
		if err := b.post("/again", "password", "wrong"); !errors.Is(err, ErrWrong) || b.who() != "Ada false" {
			t.Errorf("a wrong password: %v, %s", err, b.who())
		}
		if err := b.post("/again", "password", password); err != nil || b.who() != "Ada true" {
			t.Errorf("%v, %s", err, b.who())
		}
	})
}

func TestALongRequestLearnsThatItsSessionHasEnded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.account("Ada", db.RoleAdmin)
	b := s.signedIn("Ada")
	who := Who{SessionID: sessionID(b.cookies["__Host-garner"])}
	if !s.auth.StillSignedIn(t.Context(), who) {
		t.Error("it has not ended")
	}
	if err := s.store.EndSessions(t.Context(), a.ID, ""); err != nil {
		t.Fatal(err)
	}
	if s.auth.StillSignedIn(t.Context(), who) {
		t.Error("it has ended")
	}
}

func TestTheLogOfSignInsNamesNoUnknownNames(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	b := s.browser("192.0.2.7")
	for range 3 {
		for _, name := range []string{"my-password-in-the-wrong-field", "Ada"} {
			if err := b.signIn(name, "x"); !errors.Is(err, ErrWrong) {
				t.Fatal(err)
			}
			s.auth.Wait() // or the entries may be in another order
		}
	}
	if err := b.signIn("Ada", password); err != nil {
		t.Fatal(err)
	}
	log, err := s.store.Audit(t.Context(), db.AuditFilter{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range log {
		got = append(got, e.Actor+" "+string(e.Action)+" "+e.Detail+" "+e.Address)
	}
	want := "Ada signed_in  192.0.2.7, Ada sign_ins_failed 2 192.0.2.7, Ada sign_ins_failed 1 192.0.2.7, " +
		" sign_ins_failed 1 192.0.2.7"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

// TestARefusedSignInDoesNotWaitForTheDisk: only that of an account would at times, which
// tells names of accounts from others.
func TestARefusedSignInDoesNotWaitForTheDisk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.account("Ada", db.RoleAdmin)
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "garner.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	busy, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.browser("192.0.2.7").signIn("Ada", "x"); !errors.Is(err, ErrWrong) {
		t.Error(err)
	}
	if err := busy.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.auth.Wait()
	log, err := s.store.Audit(t.Context(), db.AuditFilter{Account: a.ID}, 10)
	if err != nil || len(log) != 1 || log[0].Action != db.ActionSignInsFailed || log[0].Address != "192.0.2.7" {
		t.Errorf("the audit log says %+v, %v", log, err)
	}
}

func TestATokenThatWasReadOnTheWayDoesNotWorkOverHTTPS(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.account("Ada", db.RoleAdmin)
	for _, https := range []bool{false, true} {
		b, thief := s.browser("192.0.2.1"), s.browser("203.0.113.9")
		b.https, thief.https = https, !https
		if err := b.post("/signin", "name", "Ada", "password", password); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{sessionCookie, hostPrefix + sessionCookie} {
			if token, ok := b.cookies[name]; ok {
				thief.cookies = map[string]string{sessionCookie: token, hostPrefix + sessionCookie: token}
			}
		}
		if b.who() == "" || thief.who() != "" {
			t.Errorf("HTTPS %v: %q for its browser, %q for another over the other scheme", https, b.who(), thief.who())
		}
	}
}
