package api

import (
	"errors"
	"net/http"

	"garner/db"
	"garner/query"
	"garner/server/auth"
)

// DocumentPath is the route of the OpenAPI document, which readers of the pages may read
// without a token: the page about the API links to it. It is about no person.
const DocumentPath = "openapi.json"

// admit returns the token of a request and for whom it reads, or why it may not use a
// route.
func (a *API) admit(route Route, r *http.Request) (db.APIToken, query.Viewer, error) {
	if a.Store == nil || a.Auth == nil {
		return db.APIToken{}, query.Viewer{}, db.ErrBroken
	}
	token, err := a.Auth.APIToken(r)
	if errors.Is(err, db.ErrNotFound) {
		if route.Path == DocumentPath && a.Admits(r) {
			return token, query.Viewer{}, nil
		}
		err = errToken
	}
	if err == nil && route.Scope != anyScope && !route.Scope.Grants(token) {
		err = errScope
	}
	if err != nil {
		return token, query.Viewer{}, err
	}
	viewer, err := query.ViewerOfToken(r.Context(), a.Store, &token, auth.ScopeRead.Grants(token))
	if errors.Is(err, db.ErrNotFound) { // its account was removed in the meantime
		err = errToken
	}
	return token, viewer, err
}

// Collects returns nil if the token of a request may read the metrics of the whole
// installation: it has that scope, and its account runs the installation.
func (a *API) Collects(r *http.Request) error {
	_, viewer, err := a.admit(Route{Path: "metrics", Scope: auth.ScopeMetrics}, r)
	if err == nil && !viewer.Operates() {
		err = errScope
	}
	return err
}
