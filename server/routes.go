package server

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// Handler is everything that the server answers.
func (s *Server) Handler() http.Handler {
	// Paths are taken as they come: an address that is cleaned by a redirect
	// would lose what a callback carries.
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = http.HandlerFunc(s.notFound)
	r.MethodNotAllowedHandler = http.HandlerFunc(s.methodNotAllowed)

	// Machines.
	r.HandleFunc("/healthz", s.healthz).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/readyz", s.readyz).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/metrics", s.serveMetrics).Methods(http.MethodGet)

	s.pageRoutes(r)
	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(s.otherSite))
	pages := s.headers(sameSite.Handler(r))

	// Garmin's callbacks come by a router of their own: they are not of a
	// browser, and nothing on their way may take time that it need not. The
	// handler itself refuses other methods, after the secret.
	receive := func(w http.ResponseWriter, r *http.Request) {
		if !s.secretRight(mux.Vars(r)["secret"]) {
			pages.ServeHTTP(w, r) // as any unknown path
			return
		}
		s.receive(w, r)
	}
	callbacks := mux.NewRouter().SkipClean(true)
	callbacks.HandleFunc("/garmin/{secret}", receive)
	callbacks.HandleFunc("/garmin/{secret}/{type}", receive)
	callbacks.NotFoundHandler = pages
	return s.noteContact(s.hosts(callbacks))
}

// hosts answers no name but loopback and our own, so that a name that somebody
// points at this machine finds nothing here. Our own public name brings in
// callbacks and nothing else.
func (s *Server) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		host = strings.Trim(strings.ToLower(host), "[]")
		ip, err := netip.ParseAddr(host)
		switch {
		case host == "localhost" || err == nil && ip.IsLoopback():
			next.ServeHTTP(w, r)
			return
		case slices.Contains(s.Hosts, host):
			if public(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			leaveUnread(w, r)
			http.Error(w, "Pages are shown on the machine itself only, until there are accounts.", http.StatusForbidden)
			return
		}
		leaveUnread(w, r)
		w.Header().Set("Connection", "close")
		http.Error(w, "This box does not answer to that name.", http.StatusMisdirectedRequest)
	})
}

// public says which paths the outside may use: without accounts, whoever
// reaches a page would read everybody's data.
func public(path string) bool {
	return strings.HasPrefix(path, "/garmin/") || path == "/healthz" || path == "/readyz"
}

// policy is the content security policy: nothing inline, nothing from
// elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

// headers guards every answer.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
