package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"sync/atomic"
	"time"

	"garner/server/pages"
)

// Access is by what a request is let in. Apply replaces it.
type Access struct {
	// Secrets are the valid path secrets of callbacks; several while one is being
	// replaced.
	Secrets []string
	// ClientID is the required value of garmin-client-id headers; empty for no check.
	ClientID string
	// Hosts are the names that we answer to, in lower case, in addition to that of
	// PublicURL and to those that only this machine and private networks know.
	Hosts []string
	// PublicURL is our address on the internet; nil for none.
	PublicURL *url.URL
}

// access is an Access as requests use it.
type access struct {
	clientID  string
	hosts     []string
	publicURL *url.URL
	secrets   []*secret
}

// secret is a path secret as its hash, and when it was last used.
type secret struct {
	sum  [sha256.Size]byte
	used atomic.Int64 // unix milliseconds; 0 for never
}

// Apply replaces what requests are let in by, and what pages show of the
// configuration. Requests that are running keep what they began with. Only one
// goroutine may call it at a time.
func (s *Server) Apply(a Access, live pages.Live) {
	next := &access{clientID: a.ClientID, hosts: a.Hosts, publicURL: a.PublicURL}
	before := s.access.Load()
	for _, text := range a.Secrets {
		next.secrets = append(next.secrets, before.secret(sha256.Sum256([]byte(text))))
	}
	s.access.Store(next)
	s.site.Apply(live)
}

// secret returns the secret of a hash, with its last use if it was valid before.
func (a *access) secret(sum [sha256.Size]byte) *secret {
	if a != nil {
		for _, s := range a.secrets {
			if s.sum == sum {
				return s
			}
		}
	}
	return &secret{sum: sum}
}

// secretRight compares hashes, so that neither content nor length shows in the
// time it takes.
func (s *Server) secretRight(got string) bool {
	sum := sha256.Sum256([]byte(got))
	right := false
	for _, secret := range s.access.Load().secrets {
		if subtle.ConstantTimeCompare(sum[:], secret.sum[:]) == 1 {
			secret.used.Store(time.Now().UnixMilli())
			right = true
		}
	}
	return right
}

// SecretID names a secret without giving it away: the first 8 hexadecimal
// digits of its hash.
func SecretID(text string) string {
	return idOf(sha256.Sum256([]byte(text)))
}

func idOf(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:4]) }

// SecretsUsed returns when each valid secret was last used since the start, by
// SecretID. Secrets that were not used are missing.
func (s *Server) SecretsUsed() map[string]time.Time {
	used := map[string]time.Time{}
	for _, secret := range s.access.Load().secrets {
		if ms := secret.used.Load(); ms > 0 {
			used[idOf(secret.sum)] = time.UnixMilli(ms)
		}
	}
	return used
}
