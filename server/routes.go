package server

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"garner/server/api"
	"garner/server/pages"
	"garner/server/peer"
	"garner/server/selftest"
	"garner/static"
)

// Handler handles all requests.
func (s *Server) Handler() http.Handler {
	// Paths are used as sent: a redirect to a cleaned path would lose the body of a
	// callback.
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = unread(s.site.NotFound)
	r.MethodNotAllowedHandler = unread(s.site.MethodNotAllowed)

	s.site.Register(r, s.Routes())

	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(unread(s.site.CrossOrigin))
	site, files := s.headers(sameSite.Handler(s.site.SignedIn(r))), s.headers(static.Handler())
	// Programs have no session; readers of the pages may read the document.
	programs := s.headers(s.api.Handler())
	document := s.headers(s.site.SignedIn(s.api.Handler()))

	// Garmin's callbacks do not come from a browser and must be fast: they bypass the
	// router.
	all := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, typ, ok := callback(r.URL.Path)
		switch {
		case ok && s.secretRight(secret):
			s.receive(w, r, typ)
		case strings.HasPrefix(r.URL.Path, static.Prefix):
			files.ServeHTTP(w, r)
		case r.URL.Path == api.Prefix+api.DocumentPath:
			document.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, api.Prefix):
			programs.ServeHTTP(w, r)
		default: // a wrong secret looks like any unknown path
			site.ServeHTTP(w, r)
		}
	})
	return peer.With(s.Trusted, s.noteContact(plainForm(s.hosts(s.doors(all)))))
}

// Routes are those of all requests but callbacks and static files, each with who may
// use it.
func (s *Server) Routes() []pages.Route {
	return append([]pages.Route{
		{Method: http.MethodGet, Path: selftest.ProbePath + "{token}", Access: pages.Anyone,
			Handler: http.HandlerFunc(s.serveProbe)},
		{Method: http.MethodGet, Path: "/healthz", Access: pages.Anyone, Handler: http.HandlerFunc(s.healthz)},
		{Method: http.MethodGet, Path: "/readyz", Access: pages.Anyone, Handler: http.HandlerFunc(s.readyz)},
		{Method: http.MethodGet, Path: "/metrics", Access: pages.Anyone, Handler: http.HandlerFunc(s.serveMetrics)},
		{Method: http.MethodGet, Path: "/events", Access: pages.SignedIn, Handler: http.HandlerFunc(s.serveEvents)},
		{Method: http.MethodGet, Path: "/connect/garmin/events", Access: pages.Anyone,
			Handler: http.HandlerFunc(s.serveConnectEvents)},
	}, s.site.Routes()...)
}

// serveProbe answers a token of the self-test.
func (s *Server) serveProbe(w http.ResponseWriter, r *http.Request) {
	text, ok := s.Prober.Answer(mux.Vars(r)["token"])
	if !ok {
		s.site.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(text + "\n")) //nolint:errcheck // the client went away
}

// serveConnectEvents is the event stream of the page that waits for a person's first
// data, for who has no account.
func (s *Server) serveConnectEvents(w http.ResponseWriter, r *http.Request) {
	if !s.site.Connecting(r) {
		s.site.NotFound(w, r)
		return
	}
	s.serveEvents(w, r)
}

// callback splits the path of a callback: /garmin/{secret} or
// /garmin/{secret}/{type}.
func callback(path string) (secret, typ string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/garmin/")
	secret, typ, typed := strings.Cut(rest, "/")
	return secret, typ, ok && secret != "" && typed == (typ != "") && !strings.Contains(typ, "/")
}

// unread responds without reading the body.
func unread(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages.LeaveUnread(w, r)
		h(w, r)
	})
}

// refuse responds with a sentence, without reading the body.
func refuse(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	pages.LeaveUnread(w, r)
	http.Error(w, sentence, status)
}

// policy is the content security policy: nothing inline, nothing from
// other hosts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

// headers sets security headers on every response.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if p := peer.Of(r.Context()); p.HTTPS && s.isPublicURL(p.Host) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
