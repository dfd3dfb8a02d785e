package pages

import (
	"net/http"
	"slices"
	"time"

	"garner/db"
	"garner/query"
	"garner/server/auth"
	"garner/server/peer"
	"garner/ui"
)

// open reports whether a request needs no account: it is to a demo, from this
// machine.
func (s *Site) open(r *http.Request) bool { return s.Demo && peer.Of(r.Context()).Loopback() }

// Admits reports whether a request is from a reader of the pages.
func (s *Site) Admits(r *http.Request) bool {
	_, ok := auth.Of(r.Context())
	return ok || s.open(r)
}

// SignedIn finds out who each request is from before next.
func (s *Site) SignedIn(next http.Handler) http.Handler {
	if s.Auth == nil {
		return next // without garner.db no one is
	}
	return s.Auth.Load(next)
}

// viewerOf finds out for whom a request reads.
func (s *Site) viewerOf(r *http.Request) (query.Viewer, error) {
	if s.open(r) {
		return query.Operator(), nil
	}
	who, ok := auth.Of(r.Context())
	if !ok {
		return query.Viewer{}, errSignIn
	}
	return query.ViewerOf(r.Context(), s.store, &who.Account)
}

// StillAdmitted reports whether the session of a request that takes long has not
// ended in the meantime.
func (s *Site) StillAdmitted(r *http.Request) bool {
	if who, ok := auth.Of(r.Context()); ok {
		return s.Auth.StillSignedIn(r.Context(), who)
	}
	return s.open(r) || s.Connecting(r)
}

// accountOf is the account of a request, as pages show it; nil for none.
func accountOf(r *http.Request) *ui.AccountLink {
	who, ok := auth.Of(r.Context())
	if !ok {
		return nil
	}
	return &ui.AccountLink{Name: who.Account.Name, Admin: who.Account.Role == db.RoleAdmin}
}

// signedOut is a page without navigation, for those who are not signed in.
func (s *Site) signedOut(r *http.Request, title string) ui.Page {
	return ui.Page{Title: title, SignedOut: true, Demo: s.Demo, Theme: theme(r), Path: r.URL.Path, PlainHTTP: plainHTTP(r),
		Now: time.Now(), Version: s.Version}
}

// plainHTTP reports whether others in the network can read along.
func plainHTTP(r *http.Request) bool {
	p := peer.Of(r.Context())
	return !p.HTTPS && !p.Loopback()
}

// audit records what the account of a request did; person is the id of whom it
// concerns, 0 for no one. The operator of a demo has no account.
func (s *Site) audit(r *http.Request, action db.Action, person int64, detail string) {
	if who, ok := auth.Of(r.Context()); ok {
		s.Auth.Audit(r, &who.Account, action, detail, person)
	}
}

// auditAnyone records the same where no account is needed.
func (s *Site) auditAnyone(r *http.Request, action db.Action, person int64, detail string) {
	who, _ := auth.Of(r.Context())
	s.Auth.Audit(r, &who.Account, action, detail, person)
}

// auditOthers records the same for each of some people but the account's own.
func (s *Site) auditOthers(r *http.Request, action db.Action, people []int64, detail string) {
	who, ok := auth.Of(r.Context())
	others := slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return id == viewer(r).Own() })
	if ok && len(others) > 0 {
		s.Auth.Audit(r, &who.Account, action, detail, others...)
	}
}
