package auth

import (
	"bytes"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"garner/db"
	"garner/server/peer"
)

// bear asks with an Authorization header from an address.
func bear(t *testing.T, a *Auth, addr, header string) (token db.APIToken, err error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/api/v1/people", nil).WithContext(t.Context())
	r.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(addr), 4000).String()
	if header != "" {
		r.Header.Set("Authorization", header)
	}
	peer.With(nil, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { token, err = a.APIToken(r) })).
		ServeHTTP(httptest.NewRecorder(), r)
	return token, err
}

// harm changes the file behind the store's back.
func (s *site) harm(query string) {
	s.t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "garner.db"))
	if err == nil {
		_, err = conn.ExecContext(s.t.Context(), query)
		err = errors.Join(err, conn.Close())
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// addToken adds a token of the command line.
func addToken(t *testing.T, s *site, name string) (token string) {
	t.Helper()
	token, _, err := NewAPIToken(t.Context(), s.store, db.APIToken{Name: name, Scopes: []string{"read"}, Created: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestATokenComesInAHeaderOfItsScheme(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := addToken(t, s, "grafana")
	for header, want := range map[string]bool{"Bearer " + token: true, "bearer  " + token: true, "": false, token: false,
		"Basic " + token: false, "Bearer ": false, "Bearer garner_": false, "Bearer " + token + "x": false,
		"Bearer " + strings.TrimPrefix(token, tokenPrefix): false} {
		got, err := bear(t, s.auth, "192.0.2.1", header)
		if want != (err == nil && got.Name == "grafana") || !want && !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%.12q: %+v, %v", header, got, err)
		}
	}
}

func TestUnknownTokensAreLimitedByNetworkAndNeverKeepOutOneThatWorks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		token := addToken(t, s, "grafana")
		refused := 0
		for range 100 {
			if _, err := bear(t, s.auth, "192.0.2.1", "Bearer garner_guess"); tooMany(err) {
				refused++
			} else if !errors.Is(err, db.ErrNotFound) {
				t.Fatal(err)
			}
		}
		if refused != 85 {
			t.Errorf("%d of 100 were too many", refused)
		}
		if _, err := bear(t, s.auth, "192.0.2.1", "Bearer "+token); err != nil {
			t.Errorf("a token that works, from the same network: %v", err)
		}
		if _, err := bear(t, s.auth, "192.0.2.2", "Bearer garner_guess"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("a guess from another network: %v", err)
		}
		s.account("Ada", db.RoleAdmin)
		if err := s.browser("192.0.2.1").signIn("Ada", password); err != nil {
			t.Errorf("a sign-in from the same network: %v", err)
		}
		if _, err := bear(t, s.auth, "192.0.2.1", ""); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("without a token: %v", err)
		}
		time.Sleep(12 * time.Second) // of the bubble
		if _, err := bear(t, s.auth, "192.0.2.1", "Bearer garner_guess"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("after a while: %v", err)
		}
		synctest.Wait()
	})
}

func TestEachTokenMayAskTwentyTimesASecondAndAHundredTimesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		one, other := "Bearer "+addToken(t, s, "one"), "Bearer "+addToken(t, s, "other")
		for i := range 100 {
			if _, err := bear(t, s.auth, "192.0.2.1", one); err != nil {
				t.Fatalf("request %d: %v", i, err)
			}
		}
		_, err := bear(t, s.auth, "192.0.2.1", one)
		many, ok := errors.AsType[*TooMany](err)
		if !ok || RetryAfter(many.After) != "1" {
			t.Errorf("one more: %v", err)
		}
		if _, err := bear(t, s.auth, "192.0.2.1", other); err != nil {
			t.Errorf("another token: %v", err)
		}
		time.Sleep(time.Second) // of the bubble
		for i := range 20 {
			if _, err := bear(t, s.auth, "192.0.2.1", one); err != nil {
				t.Errorf("request %d of the next second: %v", i, err)
			}
		}
		if _, err := bear(t, s.auth, "192.0.2.1", one); !tooMany(err) {
			t.Errorf("request 21 of the next second: %v", err)
		}
		synctest.Wait()
	})
}

func TestTheUseOfATokenIsNotedOnceAMinuteAndNoRequestDependsOnIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		var log bytes.Buffer
		s.auth.log = slog.New(slog.NewTextHandler(&log, nil))
		token := addToken(t, s, "grafana")
		used := func() time.Time {
			t.Helper()
			s.auth.Wait()
			list, err := s.store.APITokens(t.Context())
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0].Used
		}
		if !used().IsZero() {
			t.Error("a token that was never used has been")
		}
		ask := func() {
			t.Helper()
			if _, err := bear(t, s.auth, "192.0.2.1", "Bearer "+token); err != nil {
				t.Error(err)
			}
		}
		ask()
		first := used()
		if !first.Equal(time.Now().Truncate(time.Millisecond)) {
			t.Errorf("used %v", first)
		}
		time.Sleep(59 * time.Second) // of the bubble
		ask()
		if got := used(); !got.Equal(first) {
			t.Errorf("noted again after %v", got.Sub(first))
		}
		time.Sleep(time.Second)
		ask()
		if got := used(); got.Sub(first) != time.Minute {
			t.Errorf("a minute later it is %v later", got.Sub(first))
		}
		time.Sleep(time.Hour)
		s.harm(`create trigger full before update on api_token begin select raise(abort, 'no room'); end`)
		ask()
		s.auth.Wait()
		if !strings.Contains(log.String(), "note the use") || strings.Contains(log.String(), token) {
			t.Errorf("the log says %q", log.String())
		}
	})
}
