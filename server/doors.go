package server

import (
	"net/http"
	"slices"
	"strings"

	"garner/server/peer"
	"garner/server/selftest"
)

// plainForm refuses requests that are for a proxy and not for us, and ends the
// connection after those whose end another machine may see elsewhere: what
// follows could be the rest of a body that passed it as one.
func plainForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodConnect || r.Method == http.MethodTrace:
			w.Header().Set("Connection", "close")
			w.Header().Set("Allow", "GET, HEAD, POST")
			refuse(w, r, http.StatusMethodNotAllowed, "This server does not support the method.")
			return
		case r.URL.Host != "" || r.URL.Path == "*":
			w.Header().Set("Connection", "close")
			refuse(w, r, http.StatusBadRequest, "The target of a request must be a path.")
			return
		case len(r.TransferEncoding) > 0 || !r.ProtoAtLeast(1, 1):
			// A Content-Length beside a Transfer-Encoding does not show here.
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// hosts answers only for our own names and those that only this machine or a
// private network knows, so that a foreign name that resolves to this machine
// gets nothing.
func (s *Server) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := peer.Of(r.Context()); p.PublicHost() && !s.configured(p.Host) {
			w.Header().Set("Connection", "close")
			refuse(w, r, http.StatusMisdirectedRequest,
				"Garner does not answer to this name. To change that, add it to hosts in the configuration.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// configured reports whether a host is one of our names.
func (s *Server) configured(host string) bool {
	return s.isPublicURL(host) || slices.Contains(s.access.Load().hosts, host)
}

// isPublicURL reports whether a host is that of the public address.
func (s *Server) isPublicURL(host string) bool {
	public := s.access.Load().publicURL
	return public != nil && strings.EqualFold(public.Hostname(), host)
}

// doors lets through what may come the way that it came.
func (s *Server) doors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !public(r.URL.Path) {
			if why := pagesRefused(peer.Of(r.Context())); why != "" {
				refuse(w, r, http.StatusForbidden, why)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// public reports whether a path is answered everywhere: what it shows is no
// secret, or the path is one itself.
func public(path string) bool {
	return strings.HasPrefix(path, "/garmin/") || strings.HasPrefix(path, selftest.ProbePath) || path == "/healthz" ||
		path == "/readyz"
}

// pagesRefused says why someone gets no pages and what to do; empty if they do.
// What is sent over plain HTTP can be read on the way.
func pagesRefused(p peer.Peer) string {
	switch {
	case p.HTTPS:
	case p.PublicHost():
		return "Garner shows no pages over plain HTTP under a public name. Open the https address. If a proxy has the " +
			"certificate, add its address to trusted_proxies, and let it send X-Forwarded-For and X-Forwarded-Proto."
	case p.Proxied && !p.Trusted:
		return "This request came through a proxy that Garner does not know. Add its address to trusted_proxies, and " +
			"let it send X-Forwarded-For and X-Forwarded-Proto."
	case !p.Private():
		return "Garner shows pages over plain HTTP in private networks only. Open the https address, or set up HTTPS."
	}
	return ""
}
