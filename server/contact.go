package server

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"garner/server/peer"
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
// proxy that names one.
func (s *Server) noteContact(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if foreign(r) {
			s.contact.at.Store(time.Now().UnixMilli())
		}
		next.ServeHTTP(w, r)
	})
}

// foreign takes the word of any proxy for the address: it grants nothing, and
// deliveries come through proxies that are not trusted, too.
func foreign(r *http.Request) bool {
	addr := peer.Of(r.Context()).Addr
	if first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); first != "" {
		addr = peer.Addr(strings.TrimSpace(first))
	}
	return addr.IsValid() && !addr.IsLoopback() && !addr.IsPrivate() && !addr.IsLinkLocalUnicast()
}
