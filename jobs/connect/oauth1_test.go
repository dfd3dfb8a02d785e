package connect

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/client"
)

// oauth1 is of a Garmin whose tokens t-<user id> are of that person.
func (s *site) oauth1() *OAuth1 {
	s.T.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, id, _ := strings.Cut(r.Header.Get("Authorization"), `oauth_token="t-`)
		id, _, _ = strings.Cut(id, `"`)
		answer := `{"userId":"` + id + `"}`
		if strings.HasSuffix(r.URL.Path, "/permissions") {
			answer = `["HEALTH_EXPORT"]`
		}
		io.WriteString(w, answer) //nolint:errcheck // the client reads it
	}))
	s.T.Cleanup(srv.Close)
	garmin, err := client.New(client.Config{ClientID: "key", ClientSecret: "hush", AuthorizeURL: srv.URL, TokenURL: srv.URL,
		APIOrigin: srv.URL}, slog.New(slog.DiscardHandler))
	if err != nil {
		s.T.Fatal(err)
	}
	signer, err := client.NewOAuth1(client.OAuth1Config{ConsumerKey: "key", ConsumerSecret: "hush", RequestURL: srv.URL,
		AccessURL: srv.URL, ConfirmURL: srv.URL, ExchangeURL: srv.URL}, slog.New(slog.DiscardHandler))
	if err != nil {
		s.T.Fatal(err)
	}
	return &OAuth1{Store: s.Store, Garmin: garmin, Signer: signer}
}

func TestAnImportMixesNoTwoPeople(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.oauth1()
	bring := func(name, id string) (bool, error) {
		return o.Bring(t.Context(), time.Now(), Brought{Name: name, Token: "t-" + id, Secret: "secret"})
	}
	for range 2 {
		if _, err := bring("Eve Example", "e1"); err != nil {
			t.Fatal(err)
		}
	}
	for name, id := range map[string]string{"eve  EXAMPLE": "e2", "Another": "e1"} {
		if brought, err := bring(name, id); err == nil || brought {
			t.Errorf("%s with %s: %v, %v", name, id, brought, err)
		}
	}
	if brought, err := bring("eve-example", "e3"); err != nil || !brought { // the slug of the first
		t.Errorf("%v, %v", brought, err)
	}
	eve, err := s.Store.PersonByName(t.Context(), "Eve Example")
	if err != nil || len(eve.UserIDs) != 1 || eve.UserIDs[0] != "e1" {
		t.Errorf("%+v, %v", eve, err)
	}
	ids, err := s.Store.Identities(t.Context())
	if err != nil || len(ids.Tokens) != 2 || ids.Tokens[string(db.TokenHash("t-e1"))] != eve.ID {
		t.Errorf("%d tokens, %v", len(ids.Tokens), err)
	}
}

func TestATokenOfOAuth1IsNeverRefreshed(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.oauth1()
	s.Keeper.LongLived = o.Credential
	if _, err := o.Bring(t.Context(), time.Now(), Brought{Name: "Eve", Token: "t-e1", Secret: "secret"}); err != nil {
		t.Fatal(err)
	}
	list, err := OnOAuth1(t.Context(), s.Store)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	// The last day of OAuth 1, and the last of the 30 days after an exchange.
	for _, now := range []time.Time{time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC), time.Date(2027, 1, 30, 0, 0, 0, 0, time.UTC)} {
		if err := s.Keeper.maintain(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Store.Connection(t.Context(), list[0].ID); err != nil || c.State != db.Connected {
			t.Errorf("at %v: %+v, %v", now, c, err)
		}
	}
}
