package service

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"time"
)

// consent is what a person agreed to, until the code is exchanged.
type consent struct {
	person      int
	permissions []string
	challenge   string
	redirectURI string
	expires     time.Time
}

// token exchanges a code or a refresh token for tokens. The client's secret is
// read from form fields only.
func (s *Service) token(a *answer, r *http.Request) {
	form := r.PostFormValue
	s.mu.Lock()
	defer s.mu.Unlock()
	if !same(form("client_id"), s.cfg.ClientID) || !same(form("client_secret"), s.cfg.ClientSecret) {
		a.deny(http.StatusUnauthorized, "invalid_client", "client_id or client_secret is wrong")
		return
	}
	var g Grant
	var ok bool
	switch form("grant_type") {
	case "authorization_code":
		g, ok = s.exchange(form("code"), form("code_verifier"), form("redirect_uri"))
	case "refresh_token":
		g, ok = s.rotate(form("refresh_token"))
	default:
		a.deny(http.StatusBadRequest, "unsupported_grant_type", "")
		return
	}
	if !ok {
		a.deny(http.StatusBadRequest, "invalid_grant", "the code or token is unknown, used or expired")
		return
	}
	a.person = s.access[g.AccessToken].grant.person
	a.header.Set("Cache-Control", "no-store")
	a.json(http.StatusOK, map[string]any{
		"access_token":             g.AccessToken,
		"token_type":               "bearer",
		"expires_in":               int64(s.cfg.AccessLife / time.Second),
		"refresh_token":            g.RefreshToken,
		"refresh_token_expires_in": int64(refreshLife / time.Second),
		"scope":                    "PARTNER_WRITE PARTNER_READ CONNECT_READ CONNECT_WRITE",
		"jti":                      rand.Text(),
	})
}

// exchange uses up a code. The connection begins here.
func (s *Service) exchange(code, verifier, redirectURI string) (Grant, bool) {
	c, ok := s.codes[code]
	delete(s.codes, code) // a code works once, even where the rest is wrong
	if !ok || !s.cfg.Now().Before(c.expires) || c.redirectURI != redirectURI || !proves(verifier, c.challenge) {
		return Grant{}, false
	}
	return s.issue(s.connect(c.person, c.permissions)), true
}

// proves reports whether a PKCE verifier belongs to an S256 challenge (RFC 7636).
func proves(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return same(base64.RawURLEncoding.EncodeToString(sum[:]), challenge)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
