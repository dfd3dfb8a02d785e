package server

import (
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// contact is when the outside last reached us, in unix milliseconds.
type contact struct{ at atomic.Int64 }

// Contact is when any request from outside last reached this server; zero for
// never.
func (s *Server) Contact() time.Time {
	if ms := s.contact.at.Load(); ms > 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

// noteContact records requests from outside: from another address, or through a
// proxy on this machine that identifies itself.
func (s *Server) noteContact(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if foreign(r) {
			s.contact.at.Store(time.Now().UnixMilli())
		}
		next.ServeHTTP(w, r)
	})
}

func foreign(r *http.Request) bool {
	from := r.RemoteAddr
	if host, _, err := net.SplitHostPort(from); err == nil {
		from = host
	}
	if passed, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); passed != "" {
		from = strings.TrimSpace(passed)
	}
	ip := net.ParseIP(from)
	return ip != nil && !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast()
}
