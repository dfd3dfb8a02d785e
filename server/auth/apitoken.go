package auth

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/server/peer"
)

// Scope is what a token of the API may be used for.
type Scope string

// The scopes.
const (
	// ScopeRead reads values and facts of people.
	ScopeRead Scope = "read"
	// ScopeStatus reads facts only: people, coverage and incidents.
	ScopeStatus Scope = "status"
	// ScopeMetrics reads what Prometheus collects.
	ScopeMetrics Scope = "metrics"
)

// Scopes lists all scopes.
var Scopes = []Scope{ScopeRead, ScopeStatus, ScopeMetrics}

// Grants reports whether a token may be used for what a scope allows. The scope read
// includes status.
func (s Scope) Grants(t db.APIToken) bool {
	return slices.Contains(t.Scopes, string(s)) || s == ScopeStatus && slices.Contains(t.Scopes, string(ScopeRead))
}

// tokenPrefix lets people, and tools that look for leaked secrets, recognise a token.
const tokenPrefix = "garner_"

// NewAPIToken adds a token of the API, and returns its text and its id. Only a hash of
// the text is stored. Errors are those of db.Store.AddAPIToken.
func NewAPIToken(ctx context.Context, store *db.Store, t db.APIToken) (token string, id int64, err error) {
	random, _ := newToken()
	token = tokenPrefix + random
	id, err = store.AddAPIToken(ctx, HashToken(token), t)
	return token, id, err
}

// APIToken returns the token of the API that a request carries and that works now, and
// notes its use. db.ErrNotFound means that it carries none, *TooMany that too many
// requests came with it, or too many with tokens that do not work from its network. Those
// never keep out a token that works.
func (a *Auth) APIToken(r *http.Request) (db.APIToken, error) {
	header, now := r.Header.Get("Authorization"), time.Now()
	if header == "" {
		return db.APIToken{}, db.ErrNotFound
	}
	token, err := a.bearer(r.Context(), header, now)
	from := ofRequests(token.ID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		from = ofUnknownTokens(peer.Of(r.Context()).Addr)
	case err != nil:
		return db.APIToken{}, err
	}
	if _, many := a.limiter.take(now, from); many != nil {
		return db.APIToken{}, many
	}
	if err == nil {
		a.noteUse(now, token.ID)
	}
	return token, err
}

// bearer is the token in an Authorization header.
func (a *Auth) bearer(ctx context.Context, header string, now time.Time) (db.APIToken, error) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(token, tokenPrefix) {
		return db.APIToken{}, db.ErrNotFound
	}
	return a.store.APITokenByHash(ctx, now, HashToken(token))
}

// noteUse records that a token was used, once a minute. The request does not wait for
// that: garner.db may be busy or full, and reading works all the same. See Wait.
func (a *Auth) noteUse(now time.Time, token int64) {
	if _, err := a.limiter.take(now, ofUses(token)); err != nil {
		return // noted a short time ago
	}
	a.notes.Go(func() {
		if err := a.store.APITokenUsed(context.Background(), now, token); err != nil {
			a.log.Warn("note the use of an API token", "token", token, "err", err)
		}
	})
}
