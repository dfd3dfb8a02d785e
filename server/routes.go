package server

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"garner/static"

	"github.com/gorilla/mux"
)

// Handler handles all requests.
func (s *Server) Handler() http.Handler {
	// Paths are used as sent: a redirect to a cleaned path would lose the body of a
	// callback.
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = unread(s.site.NotFound)
	r.MethodNotAllowedHandler = unread(s.site.MethodNotAllowed)

	// Machines.
	r.HandleFunc("/healthz", s.healthz).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/readyz", s.readyz).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/metrics", s.serveMetrics).Methods(http.MethodGet)

	r.PathPrefix(static.Prefix).Handler(static.Handler())
	r.HandleFunc("/events", s.serveEvents).Methods(http.MethodGet)
	s.site.Register(r)

	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(unread(s.site.CrossOrigin))
	pages := s.headers(sameSite.Handler(r))

	// Garmin's callbacks do not come from a browser and must be fast: they bypass the
	// router.
	return s.noteContact(s.hosts(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if secret, typ, ok := callback(r.URL.Path); ok && s.secretRight(secret) {
			s.receive(w, r, typ)
			return
		}
		pages.ServeHTTP(w, r) // a wrong secret looks like any unknown path
	})))
}

// callback splits the path of a callback: /garmin/{secret} or
// /garmin/{secret}/{type}.
func callback(path string) (secret, typ string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/garmin/")
	secret, typ, typed := strings.Cut(rest, "/")
	return secret, typ, ok && secret != "" && typed == (typ != "") && !strings.Contains(typ, "/")
}

// hosts answers only for loopback and our own names, so that a foreign name that
// resolves to this machine gets nothing. Our public name admits only callbacks,
// and so does a proxy that passes our own address as the name.
func (s *Server) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		host = strings.Trim(strings.ToLower(host), "[]")
		ip, err := netip.ParseAddr(host)
		local := host == "localhost" || err == nil && ip.IsLoopback()
		switch {
		case !local && !slices.Contains(s.access.Load().hosts, host):
			w.Header().Set("Connection", "close")
			refuse(w, r, http.StatusMisdirectedRequest, "This box does not answer to that name.")
		case public(r.URL.Path):
			next.ServeHTTP(w, r)
		case !local:
			refuse(w, r, http.StatusForbidden, "Pages are shown on the machine itself only, until there are accounts.")
		case proxied(r.Header):
			refuse(w, r, http.StatusForbidden,
				"Pages are shown on the machine itself only, and this request came through a proxy.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// unread responds without reading the body.
func unread(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaveUnread(w, r)
		h(w, r)
	})
}

// refuse responds with a sentence, without reading the body.
func refuse(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	leaveUnread(w, r)
	http.Error(w, sentence, status)
}

// proxied reports whether a request came through a proxy or tunnel, by its headers.
// Through one on this machine it appears to come from loopback.
func proxied(h http.Header) bool {
	for name := range h {
		switch name {
		case "Forwarded", "Via", "X-Real-Ip", "Cf-Connecting-Ip":
			return true
		}
		if strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// public reports whether a path may be used from outside: without accounts, anyone
// who reaches a page could read all data.
func public(path string) bool {
	return strings.HasPrefix(path, "/garmin/") || path == "/healthz" || path == "/readyz"
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
		next.ServeHTTP(w, r)
	})
}
