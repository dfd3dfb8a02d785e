package client

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestOAuth1RefusesAddressesBeyondItsHosts(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*OAuth1Config){
		"no secret": func(c *OAuth1Config) { c.ConsumerSecret = "" },
		"plain http": func(c *OAuth1Config) {
			c.ExchangeURL = "http://apis.garmin.com/partner-gateway/rest/user/token-exchange"
		},
		"a user": func(c *OAuth1Config) { c.RequestURL = "https://a@connectapi.garmin.com/" },
	} {
		cfg := GarminOAuth1
		cfg.ConsumerKey, cfg.ConsumerSecret = "key", "secret"
		change(&cfg)
		if _, err := NewOAuth1(cfg, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestAnOAuth1CredentialSignsTheWholeQueryAndShowsNoSecret(t *testing.T) {
	t.Parallel()
	o := at(t, "http://127.0.0.1:1")
	sign := func(address string) string {
		req := httptest.NewRequest(http.MethodGet, address, nil)
		if err := o.Credential("the-token", "the-token-secret").Sign(req); err != nil {
			t.Fatal(err)
		}
		return req.Header.Get("Authorization")
	}
	got := sign("https://apis.garmin.com/wellness-api/rest/dailies?token=a&uploadStartTimeInSeconds=1")
	if !strings.HasPrefix(got, "OAuth ") || !strings.Contains(got, `oauth_token="the-token"`) ||
		!strings.Contains(got, `oauth_signature_method="HMAC-SHA1"`) || strings.Contains(got, "secret") {
		t.Errorf("signed with %s", got)
	}
	if err := o.Credential("", "").Sign(httptest.NewRequest(http.MethodGet, "https://a/", nil)); err == nil {
		t.Error("signed without a token")
	}
}

func TestAnExchangeOfTokensHidesThemInItsErrors(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"no JSON":  `<html>the-token-secret</html>`,
		"no token": `{"access_token":"","refresh_token":"x"}`,
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(answer)) // the client reads it
		}))
		t.Cleanup(srv.Close)
		_, err := at(t, srv.URL).Exchange(t.Context(), "the-token", "the-token-secret")
		if err == nil || strings.Contains(err.Error(), "the-token") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// at is OAuth 1 with all addresses at one origin.
func at(t *testing.T, origin string) *OAuth1 {
	t.Helper()
	cfg := OAuth1Config{ConsumerKey: "key", ConsumerSecret: "consumer-secret", ConfirmURL: origin + "/oauthConfirm",
		RequestURL: origin + "/request", AccessURL: origin + "/access", ExchangeURL: origin + "/exchange"}
	o, err := NewOAuth1(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOAuth1SignInReturnsToTheCallback(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Garmin does not confirm the callback here.
		_, _ = w.Write([]byte("oauth_token=request-token&oauth_token_secret=request-secret")) // the client reads it
	}))
	t.Cleanup(srv.Close)
	consent, secret, err := at(t, srv.URL).Begin(t.Context(), "https://garner.example.org/connect/garmin/callback?state=s")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(consent)
	if err != nil || u.Path != "/oauthConfirm" || u.Query().Get("oauth_token") != "request-token" ||
		u.Query().Get("oauth_callback") != "https://garner.example.org/connect/garmin/callback?state=s" ||
		secret == "" {
		t.Errorf("consent at %s, %v", consent, err)
	}
}

func TestWhatComesBackFromTheConsentMustBeOfTheSameSignIn(t *testing.T) {
	t.Parallel()
	called := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		called = true
		_, _ = w.Write([]byte("oauth_token=the-token&oauth_token_secret=the-secret")) // the client reads it
	}))
	t.Cleanup(srv.Close)
	const begun = "secret=request-secret&token=request-token"
	for query, want := range map[string]error{
		"oauth_token=request-token":                       ErrCanceled,
		"oauth_token=request-token&oauth_verifier=":       ErrCanceled,
		"oauth_token=request-token&oauth_verifier=null":   ErrCanceled,
		"oauth_token=another-token&oauth_verifier=a":      ErrInvalidGrant,
		"oauth_verifier=a":                                ErrInvalidGrant,
		"code=a-code&oauth_token=&oauth_verifier=a":       ErrInvalidGrant,
		"oauth_token=request-token&error=x&state=a-state": ErrCanceled,
	} {
		returned, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := at(t, srv.URL).Finish(t.Context(), begun, returned); !errors.Is(err, want) || called {
			t.Errorf("%s: %v, Garmin called: %v", query, err, called)
		}
	}
	token, secret, err := at(t, srv.URL).Finish(t.Context(), begun, url.Values{"oauth_token": {"request-token"},
		"oauth_verifier": {"a"}})
	if err != nil || token != "the-token" || secret != "the-secret" {
		t.Errorf("%q, %v", token, err)
	}
}
