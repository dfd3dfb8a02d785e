package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"garner/db"
	"garner/server/peer"
)

// ConnectPath is where the links begin with which people connect to Garmin.
const ConnectPath = "/connect/"

// ReturnPath is where Garmin's sign-in returns, for the portal: the redirect URI has to
// be registered there.
const ReturnPath = ConnectPath + "garmin/callback"

// InvitationLasts is how long such a link works.
const InvitationLasts = 7 * 24 * time.Hour

const (
	// authorizationLasts is how long a run through Garmin's sign-in may take.
	authorizationLasts = 10 * time.Minute
	// connectCookieLasts is as long as db.PruneAuthorizations keeps what was confirmed:
	// the last page waits for the first data.
	connectCookieLasts = 24 * time.Hour
	// connectCookie binds a run to the browser in which it began.
	connectCookie = "garner-connect"
)

// ConnectURL is the address of the link of an invitation's token, on pages at base.
func ConnectURL(base, token string) string { return base + ConnectPath + url.PathEscape(token) }

// NewInvitation makes an invitation with which a person connects, and returns its
// token. Earlier ones of the person no longer work.
func NewInvitation(ctx context.Context, store *db.Store, now time.Time, person int64) (token string, expires time.Time,
	err error) {
	token, hash := newToken()
	expires = now.Add(InvitationLasts)
	return token, expires, store.AddInvitation(ctx, now, hash, person, expires)
}

// Invitation returns the invitation of a token, without using it. The errors are
// ErrLink and *TooMany.
func (a *Auth) Invitation(r *http.Request, token string) (*db.Invitation, error) {
	giveBack, err := a.limiter.take(time.Now(), ofBlock(peer.Of(r.Context()).Addr))
	if err != nil {
		return nil, err
	}
	i, err := a.store.Invitation(r.Context(), time.Now(), HashToken(token))
	if errors.Is(err, db.ErrNotFound) {
		return nil, ErrLink
	}
	giveBack()
	return i, err
}

// BeginConnect begins a run through Garmin's sign-in, bound to this browser by a
// cookie. invitation is the hash of its token, redirect where Garmin sends the
// person back. begin gets the state, and returns where the person consents and the
// secret that the run is finished with, such as a PKCE verifier. ErrLink means that
// the invitation does not work, *TooMany that it has begun many runs.
func (a *Auth) BeginConnect(w http.ResponseWriter, r *http.Request, invitation []byte, redirect string,
	begin func(state string) (consent, secret string, err error)) (consent string, err error) {
	now := time.Now()
	// Each run leads to calls of Garmin.
	if _, err := a.limiter.take(now, ofInvitation(invitation)); err != nil {
		return "", err
	}
	state, hash := newToken()
	consent, secret, err := begin(state)
	if err != nil {
		return "", err
	}
	browser := cookie(r, connectCookie)
	if browser == "" {
		browser, _ = newToken()
	}
	err = a.store.BeginAuthorization(r.Context(), now, hash, HashToken(browser), invitation, redirect, secret,
		now.Add(authorizationLasts))
	if errors.Is(err, db.ErrNotFound) {
		return "", ErrLink
	}
	if err == nil {
		setCookie(w, r, connectCookie, browser, now.Add(connectCookieLasts))
	}
	return consent, err
}

// ConnectBrowser is the hash of the cookie that BeginConnect set; nil if there is
// none.
func ConnectBrowser(r *http.Request) []byte {
	if browser := cookie(r, connectCookie); browser != "" {
		return HashToken(browser)
	}
	return nil
}

// Run returns the run of a state that began in this browser, or db.ErrNotFound.
func (a *Auth) Run(r *http.Request, state string) (*db.Authorization, error) {
	browser := ConnectBrowser(r)
	if browser == nil || state == "" {
		return nil, db.ErrNotFound
	}
	return a.store.Authorization(r.Context(), HashToken(state), browser)
}

// LatestRun returns the newest confirmed run of this browser, or db.ErrNotFound.
func (a *Auth) LatestRun(r *http.Request) (*db.Authorization, error) {
	browser := ConnectBrowser(r)
	if browser == nil {
		return nil, db.ErrNotFound
	}
	return a.store.LatestAuthorization(r.Context(), browser)
}
