package auth

import (
	"context"
	"net/url"
	"time"

	"garner/db"
)

// LinkPath is the page of one-time links.
const LinkPath = "/setup"

// LinkURL is the address of the one-time link of a token, on pages at base, such as
// https://garner.example.org.
func LinkURL(base, token string) string {
	return base + LinkPath + "?" + url.Values{"token": {token}}.Encode()
}

// NewSetUpLink makes a link that creates the first admin, and returns its token. The
// errors are those of db.Store.AddLink.
func NewSetUpLink(ctx context.Context, store *db.Store, now, expires time.Time) (token string, err error) {
	return newLink(ctx, store, now, db.LinkSetup, 0, expires)
}

// NewPasswordLink makes a link by which an account chooses a password, and returns its
// token and what it is for: it is an invitation if the account has no password yet.
// The errors are those of db.Store.AddLink.
func NewPasswordLink(ctx context.Context, store *db.Store, now time.Time, account int64, hasPassword bool,
	expires time.Time) (token string, kind db.LinkKind, err error) {
	kind = db.LinkInvitation
	if hasPassword {
		kind = db.LinkReset
	}
	token, err = newLink(ctx, store, now, kind, account, expires)
	return token, kind, err
}

func newLink(ctx context.Context, store *db.Store, now time.Time, kind db.LinkKind, account int64,
	expires time.Time) (token string, err error) {
	token, hash := newToken()
	return token, store.AddLink(ctx, now, hash, kind, account, expires)
}
