package auth

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"garner/db"
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

// Grants reports whether a token may be used for what a scope allows: who reads values
// also reads facts.
func (s Scope) Grants(t db.APIToken) bool {
	return slices.Contains(t.Scopes, string(s)) || s == ScopeStatus && slices.Contains(t.Scopes, string(ScopeRead))
}

// tokenPrefix lets people, and tools that look for leaked secrets, recognise a token.
const tokenPrefix = "garner_"

// NewAPIToken adds a token of the API, and returns it: only its hash is stored. For what
// it returns as errors see db.Store.AddAPIToken.
func NewAPIToken(ctx context.Context, store *db.Store, t db.APIToken) (token string, err error) {
	random, _ := newToken()
	token = tokenPrefix + random
	_, err = store.AddAPIToken(ctx, HashToken(token), t)
	return token, err
}

// BearerToken returns the token of the API that a request carries and that works now.
// db.ErrNotFound means that it carries none.
func BearerToken(r *http.Request, store *db.Store, now time.Time) (db.APIToken, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(token, tokenPrefix) {
		return db.APIToken{}, db.ErrNotFound
	}
	return store.APITokenByHash(r.Context(), now, HashToken(token))
}
