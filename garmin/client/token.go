package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// Token is what Garmin issues. Its String, GoString, LogValue and MarshalJSON hide it;
// fmt does not call them for unexported fields of a struct.
type Token struct {
	Access, Refresh string
	// AccessEnds and RefreshEnds are by Garmin's documents where its answer does
	// not say.
	AccessEnds, RefreshEnds time.Time
}

// SignInURL is where a person consents. Garmin sends them back to redirect, with
// state. The verifier (RFC 7636, 43 to 128 characters) stays here until Exchange.
func (c *Client) SignInURL(redirect, state, verifier string) string {
	return c.oauthFor(redirect).AuthCodeURL(state, oauth2.S256ChallengeOption(verifier))
}

// Exchange redeems the code that Garmin sent back. A code works once.
func (c *Client) Exchange(ctx context.Context, redirect, code, verifier string) (Token, error) {
	t, err := c.oauthFor(redirect).Exchange(c.through(ctx), code, oauth2.VerifierOption(verifier))
	return issued(t, err)
}

// Refresh gets new tokens. Each refresh gives a new refresh token and ends the older
// one. The error is ErrInvalidGrant if Garmin no longer accepts the token.
func (c *Client) Refresh(ctx context.Context, refresh string) (Token, error) {
	if refresh == "" {
		return Token{}, notSent("there is no refresh token")
	}
	t, err := c.oauth.TokenSource(c.through(ctx), &oauth2.Token{RefreshToken: refresh}).Token()
	return issued(t, err)
}

func (c *Client) oauthFor(redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: c.oauth.ClientID, ClientSecret: c.oauth.ClientSecret, Endpoint: c.oauth.Endpoint,
		RedirectURL: redirect}
}

// through makes oauth2 call through the gate.
func (c *Client) through(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: tokenTransport{c.gate}})
}

// tokenTransport is the gate as a transport. Answers other than 2xx are errors, so an
// http.Client sees no redirect.
type tokenTransport struct{ gate *Gate }

func (t tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	a, err := t.gate.Send(req, jsonWithin, mostJSON)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: a.Status, Header: a.Header, Request: req,
		Body: io.NopCloser(bytes.NewReader(a.Body))}, nil
}

// issued turns what oauth2 returns into ours. Only errors of the gate pass: oauth2's own
// may contain the address or the answer.
func issued(t *oauth2.Token, err error) (Token, error) {
	var (
		status *StatusError
		call   *callError
		open   *OpenError
	)
	switch {
	case err == nil:
		return Token{Access: t.AccessToken, Refresh: t.RefreshToken,
			AccessEnds:  cmp.Or(t.Expiry, time.Now().Add(accessLife)),
			RefreshEnds: after(t.Extra("refresh_token_expires_in"), refreshLife)}, nil
	case errors.As(err, &status):
		if status.invalidGrant {
			return Token{}, fmt.Errorf("%w: %w", ErrInvalidGrant, status)
		}
		return Token{}, status
	case errors.As(err, &call):
		return Token{}, call
	case errors.As(err, &open):
		return Token{}, open
	case errors.Is(err, ErrTooLarge):
		return Token{}, ErrTooLarge
	}
	return Token{}, &callError{text: "Garmin's answer has no token", sent: true}
}

const (
	// accessLife and refreshLife are what Garmin documents (OAuth2 PKCE, Token).
	accessLife  = 86_400 * time.Second
	refreshLife = 7_775_998 * time.Second
	// mostLife bounds the life of a token, so that no number overflows.
	mostLife = 10 * 365 * 24 * time.Hour
)

// after is the time so many seconds from now, or after the life that Garmin documents
// if that is no positive number.
func after(seconds any, documented time.Duration) time.Time {
	n, err := strconv.ParseFloat(fmt.Sprint(seconds), 64)
	if err != nil || !(n > 0) {
		return time.Now().Add(documented)
	}
	return time.Now().Add(time.Duration(min(n, mostLife.Seconds())) * time.Second)
}
