package service

import (
	"crypto/rand"
	"slices"
	"time"

	"garner/garmin/simulator"
)

// Permissions that a person can give, as in simulator.
const (
	ActivityExport   = simulator.ActivityExport
	HealthExport     = simulator.HealthExport
	MCTExport        = simulator.MCTExport
	HistoricalExport = simulator.HistoricalExport
)

// Lifetimes of what OAuth hands out.
const (
	codeLife    = 10 * time.Minute
	accessLife  = 86_400 * time.Second
	refreshLife = 7_775_998 * time.Second // about 90 days
)

// Grant is what a connection gives the application.
type Grant struct {
	UserID                    string
	AccessToken, RefreshToken string
	// AccessExpires and RefreshExpires are when the tokens end.
	AccessExpires, RefreshExpires time.Time
}

// grant is one connection of a person, from consent to its end.
type grant struct {
	person    int
	connected time.Time
	agreed    []string  // permissions that the person chose
	granted   []string  // those in force: the world's stories withdraw some for a time
	requests  []request // accepted ones of backfill
	ended     bool
}

func (g *grant) has(permission string) bool { return slices.Contains(g.granted, permission) }

type accessToken struct {
	grant   *grant
	expires time.Time
}

type refreshToken struct {
	grant   *grant
	expires time.Time
	rotated bool
}

// Connect connects a person with some permissions, as the sign-in page would.
func (s *Service) Connect(person int, permissions ...string) Grant {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(s.connect(person, slices.Clone(permissions)))
}

// connect begins a grant and ends the person's former one.
func (s *Service) connect(person int, permissions []string) *grant {
	if former := s.grants[person]; former != nil {
		former.ended = true
	}
	g := &grant{person: person, connected: s.cfg.Now(), agreed: permissions, granted: permissions}
	s.grants[person] = g
	return g
}

// issue makes a pair of tokens.
func (s *Service) issue(g *grant) Grant {
	now := s.cfg.Now()
	out := Grant{s.people[g.person].UserID, rand.Text(), rand.Text(), now.Add(s.cfg.AccessLife), now.Add(refreshLife)}
	s.access[out.AccessToken] = accessToken{g, out.AccessExpires}
	s.refresh[out.RefreshToken] = refreshToken{grant: g, expires: out.RefreshExpires}
	return out
}

// rotate exchanges a refresh token for a new pair. The old one ends, at once
// or after the grace.
func (s *Service) rotate(token string) (Grant, bool) {
	now := s.cfg.Now()
	old, ok := s.refresh[token]
	if !ok || old.grant.ended || !now.Before(old.expires) {
		return Grant{}, false
	}
	if !old.rotated {
		old.rotated = true
		old.expires = now.Add(min(s.cfg.RefreshGrace, old.expires.Sub(now)))
		s.refresh[token] = old
	}
	return s.issue(old.grant), true
}

// holder returns the grant that an access token stands for.
func (s *Service) holder(token string) (*grant, bool) {
	t, ok := s.access[token]
	if !ok || t.grant.ended || !s.cfg.Now().Before(t.expires) {
		return nil, false
	}
	return t.grant, true
}

// Permissions lists what a person grants now; false without a connection.
func (s *Service) Permissions(person int) ([]string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.grants[person]
	if g == nil {
		return nil, false
	}
	return slices.Clone(g.granted), true
}

// SetPermissions is the person changing at Garmin what they share: the full
// set that is granted from now on. Without a connection it does nothing.
func (s *Service) SetPermissions(person int, permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.grants[person]
	if g == nil {
		return
	}
	g.agreed = slices.Clone(permissions)
	g.granted = g.agreed
	s.enqueue(s.permissionsNotice(person, s.cfg.Now(), g.granted))
}

// Disconnect is the person cutting the connection at Garmin. Without a
// connection it does nothing.
func (s *Service) Disconnect(person int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.grants[person]; g != nil {
		s.end(g)
	}
}

// end ends a grant; Garmin then says so once.
func (s *Service) end(g *grant) {
	g.ended = true
	delete(s.grants, g.person)
	s.enqueue(s.world.Deregistration(g.person, s.cfg.Now()))
}
