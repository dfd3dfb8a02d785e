package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/dghubble/oauth1"

	"garner/garmin/element"
)

// OAuth 1.0a is only in files named oauth1. Garmin retires it on 2026-12-31 (Garmin
// API, 9.1); then these files can be deleted, and nothing else changes.

// OAuth1Config says as whom to sign, and where Garmin's addresses are.
type OAuth1Config struct {
	ConsumerKey, ConsumerSecret string
	// RequestURL and AccessURL issue tokens, ConfirmURL is where a person consents, and
	// ExchangeURL gives tokens of OAuth 2 for those of OAuth 1.
	RequestURL, AccessURL, ConfirmURL, ExchangeURL string
}

// GarminOAuth1 are Garmin's addresses (Garmin API, 9.1 and 9.3).
var GarminOAuth1 = OAuth1Config{
	RequestURL:  "https://connectapi.garmin.com/oauth-service/oauth/request_token",
	AccessURL:   "https://connectapi.garmin.com/oauth-service/oauth/access_token",
	ConfirmURL:  "https://connect.garmin.com/oauthConfirm",
	ExchangeURL: "https://apis.garmin.com/partner-gateway/rest/user/token-exchange",
}

// String hides the consumer secret; so do GoString and LogValue.
func (c OAuth1Config) String() string { return fmt.Sprintf("{%s %s}", c.ConsumerKey, hidden) }

// GoString is String.
func (c OAuth1Config) GoString() string { return c.String() }

// LogValue is String.
func (c OAuth1Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// OAuth1 signs in by OAuth 1.0a, signs with its tokens, and exchanges them.
type OAuth1 struct {
	cfg     OAuth1Config
	confirm *url.URL
	gate    *Gate
}

// NewOAuth1 refuses addresses as New does.
func NewOAuth1(cfg OAuth1Config, log *slog.Logger) (*OAuth1, error) {
	if cfg.ConsumerKey == "" || cfg.ConsumerSecret == "" {
		return nil, errors.New("client id and client secret are required")
	}
	var all []*url.URL
	for _, raw := range []string{cfg.RequestURL, cfg.AccessURL, cfg.ExchangeURL, cfg.ConfirmURL} {
		u, err := parseAddress(raw)
		if err != nil {
			return nil, fmt.Errorf("address of OAuth 1: %w", err)
		}
		all = append(all, u)
	}
	called, confirm := all[:3], all[3]
	return &OAuth1{cfg: cfg, confirm: confirm, gate: newGate(log, called...)}, nil
}

// config is the library's, for one sign-in that returns to callback.
func (o *OAuth1) config(callback string, to http.RoundTripper) *oauth1.Config {
	return &oauth1.Config{ConsumerKey: o.cfg.ConsumerKey, ConsumerSecret: o.cfg.ConsumerSecret, CallbackURL: callback,
		Endpoint:   oauth1.Endpoint{RequestTokenURL: o.cfg.RequestURL, AccessTokenURL: o.cfg.AccessURL},
		HTTPClient: &http.Client{Transport: to}}
}

// Begin asks for a request token, and returns where the person consents, and what
// stays here until Finish: the token and its secret.
func (o *OAuth1) Begin(ctx context.Context, callback string) (consent, secret string, err error) {
	to := &within{ctx: ctx, gate: o.gate}
	token, tokenSecret, err := o.config(callback, to).RequestToken()
	if err != nil {
		return "", "", to.fault(err)
	}
	u := *o.confirm
	u.RawQuery = url.Values{"oauth_token": {token}, "oauth_callback": {callback}}.Encode()
	return u.String(), url.Values{"token": {token}, "secret": {tokenSecret}}.Encode(), nil
}

// Finish redeems what Garmin sent back to the callback, with what Begin returned. The
// error is ErrCanceled if the person did not consent, and ErrInvalidGrant if Garmin
// sent back another token than that of Begin. The tokens of OAuth 1 do not expire.
func (o *OAuth1) Finish(ctx context.Context, begun string, returned url.Values) (token, secret string, err error) {
	request, err := url.ParseQuery(begun)
	if err != nil {
		return "", "", notSent("the request token cannot be read")
	}
	verifier := returned.Get("oauth_verifier")
	switch {
	case verifier == "" || strings.EqualFold(verifier, "null"): // which some servers send for a refusal
		return "", "", ErrCanceled
	case returned.Get("oauth_token") != request.Get("token"):
		return "", "", fmt.Errorf("%w: another request token came back", ErrInvalidGrant)
	}
	to := &within{ctx: ctx, gate: o.gate}
	token, secret, err = o.config("", to).AccessToken(request.Get("token"), request.Get("secret"), verifier)
	return token, secret, to.fault(err)
}

// within sends the library's requests through the gate, in one context. It keeps the
// gate's error: that of the library may repeat the answer.
type within struct {
	ctx  context.Context
	gate *Gate
	err  error
}

// RoundTrip sends a request.
func (w *within) RoundTrip(req *http.Request) (*http.Response, error) {
	a, err := w.gate.Send(req.WithContext(w.ctx), jsonWithin, mostJSON)
	if err != nil {
		w.err = err
		return nil, err
	}
	// Garmin takes the callback where the person consents, and does not confirm it
	// here; the library insists.
	if v, err := url.ParseQuery(string(a.Body)); err == nil && v.Get("oauth_callback_confirmed") == "" {
		v.Set("oauth_callback_confirmed", "true")
		a.Body = []byte(v.Encode())
	}
	return &http.Response{StatusCode: a.Status, Header: a.Header, Request: req,
		Body: io.NopCloser(bytes.NewReader(a.Body))}, nil
}

func (w *within) fault(err error) error {
	if err == nil || w.err != nil {
		return w.err
	}
	return &callError{text: "Garmin's answer has no token of OAuth 1", sent: true}
}

// Credential signs by HMAC-SHA1 with a token (RFC 5849).
func (o *OAuth1) Credential(token, secret string) Credential {
	return signer(func(req *http.Request) error {
		if token == "" || secret == "" {
			return errors.New("there is no token of OAuth 1")
		}
		seen := &header{}
		signing := oauth1.NewClient(context.WithValue(req.Context(), oauth1.HTTPClient, &http.Client{Transport: seen}),
			o.config("", nil), oauth1.NewToken(token, secret))
		_, err := signing.Transport.RoundTrip(req) //nolint:bodyclose // header returns no response
		if !errors.Is(err, errSigned) {
			return errors.New("cannot be signed")
		}
		req.Header.Set("Authorization", seen.authorization)
		return nil
	})
}

// header takes the signature from the library, which signs only what it sends.
type header struct{ authorization string }

var errSigned = errors.New("signed")

// RoundTrip sends nothing.
func (h *header) RoundTrip(req *http.Request) (*http.Response, error) {
	h.authorization = req.Header.Get("Authorization")
	return nil, errSigned
}

// Exchange gets tokens of OAuth 2 for one of OAuth 1, which lives 30 more days
// (Garmin API, 9.3).
func (o *OAuth1) Exchange(ctx context.Context, token, secret string) (Token, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.cfg.ExchangeURL, nil)
	if err != nil {
		return Token{}, notSent("the address of the exchange is not valid")
	}
	if err := o.Credential(token, secret).Sign(req); err != nil {
		return Token{}, notSent(err.Error())
	}
	a, err := o.gate.Send(req, jsonWithin, mostJSON)
	if err != nil {
		return Token{}, err
	}
	v, err := readJSON(a.Body)
	t := Token{Access: v.Get("access_token").Text(), Refresh: v.Get("refresh_token").Text(),
		AccessEnds:  after(number(v.Get("expires_in")), accessLife),
		RefreshEnds: after(number(v.Get("refresh_token_expires_in")), refreshLife)}
	if err != nil || t.Access == "" || t.Refresh == "" {
		return Token{}, &callError{text: "Garmin's answer has no token", sent: true}
	}
	return t, nil
}

func number(v element.Value) float64 {
	n, _ := v.Float() // 0 if it is none
	return n
}
