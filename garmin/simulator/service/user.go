package service

import (
	"net/http"
	"strings"
)

// signedIn lets a handler run with the grant of the bearer token. It holds the
// lock meanwhile.
func (s *Service) signedIn(h func(*answer, *http.Request, *grant)) func(*answer, *http.Request) {
	return func(a *answer, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		g, ok := s.holder(token)
		if !ok {
			a.header.Set("WWW-Authenticate", "Bearer")
			a.fail(http.StatusUnauthorized, "Token is not active")
			return
		}
		a.person = g.person
		h(a, r, g)
	}
}

func (s *Service) userID(a *answer, _ *http.Request, g *grant) {
	a.json(http.StatusOK, map[string]string{"userId": s.people[g.person].UserID})
}

func (s *Service) userPermissions(a *answer, _ *http.Request, g *grant) {
	a.json(http.StatusOK, map[string][]string{"permissions": append([]string{}, g.granted...)})
}

func (s *Service) deleteRegistration(a *answer, _ *http.Request, g *grant) {
	s.end(g)
	a.status = http.StatusNoContent
}
