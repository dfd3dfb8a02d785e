package service

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// saved is what a snapshot holds: connections, their tokens, what was promised, and keys.
// Announced uploads and the log are not part of it.
type saved struct {
	Grants   []savedGrant   `json:"grants"`
	Access   []savedToken   `json:"access"`
	Refresh  []savedToken   `json:"refresh"`
	Promises []savedPromise `json:"promises"`
	Live     time.Time      `json:"live"`
	Keys     []savedKey     `json:"keys,omitempty"`
	Bearers  []savedToken   `json:"bearers,omitempty"`
}

type savedKey struct {
	Person int       `json:"person"`
	Key    string    `json:"key"`
	Made   time.Time `json:"made"`
	Ends   time.Time `json:"ends"`
}

type savedGrant struct {
	Person    int            `json:"person"`
	Connected time.Time      `json:"connected"`
	Agreed    []string       `json:"agreed"`
	Granted   []string       `json:"granted"`
	Requests  []savedRequest `json:"requests"`
}

type savedRequest struct {
	Type         string `json:"type"`
	From, To, At time.Time
}

type savedToken struct {
	Token   string    `json:"token"`
	Person  int       `json:"person"`
	Expires time.Time `json:"expires"`
	Rotated bool      `json:"rotated"`
}

type savedPromise struct {
	Person   int    `json:"person"`
	Type     string `json:"type"`
	Due      time.Time
	From, To time.Time
}

// Snapshot writes down who is connected, for Restore. It holds tokens.
func (s *Service) Snapshot() ([]byte, error) {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	out := saved{Live: s.live}
	for _, person := range slices.Sorted(maps.Keys(s.grants)) {
		g := s.grants[person]
		one := savedGrant{Person: person, Connected: g.connected, Agreed: g.agreed, Granted: g.granted}
		for _, r := range g.requests {
			one.Requests = append(one.Requests, savedRequest{r.key, r.span.from, r.span.to, r.at})
		}
		out.Grants = append(out.Grants, one)
	}
	for token, t := range s.access {
		if !t.grant.ended {
			out.Access = append(out.Access, savedToken{Token: token, Person: t.grant.person, Expires: t.expires})
		}
	}
	for token, t := range s.refresh {
		if !t.grant.ended {
			out.Refresh = append(out.Refresh, savedToken{token, t.grant.person, t.expires, t.rotated})
		}
	}
	for _, p := range s.waiting {
		if p.history != nil {
			out.Promises = append(out.Promises, savedPromise{p.Person, p.Type, p.At, p.history.from, p.history.to})
		}
	}
	for _, person := range slices.Sorted(maps.Keys(s.keys)) {
		k := s.keys[person]
		out.Keys = append(out.Keys, savedKey{person, k.secret, k.made, k.ends})
	}
	for token, b := range s.bearers {
		if s.works(b.key) {
			out.Bearers = append(out.Bearers, savedToken{Token: token, Person: b.key.person, Expires: b.ends})
		}
	}
	return json.MarshalIndent(out, "", "  ")
}

// Through is until when live syncs were pushed or wait to be.
func (s *Service) Through() time.Time {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	return s.live
}

// Restore continues where a service of the same world was when it wrote a snapshot.
func (s *Service) Restore(snapshot []byte) error {
	var in saved
	if err := json.Unmarshal(snapshot, &in); err != nil {
		return fmt.Errorf("snapshot of the simulated Garmin: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range in.Grants {
		if one.Person < 0 || one.Person >= len(s.people) {
			return fmt.Errorf("snapshot of another world: it has a person %d", one.Person)
		}
		g := &grant{person: one.Person, connected: one.Connected, agreed: one.Agreed, granted: one.Granted}
		for _, r := range one.Requests {
			g.requests = append(g.requests, request{r.Type, span{r.From, r.To}, r.At})
		}
		s.grants[one.Person] = g
	}
	for _, t := range in.Access {
		if g := s.grants[t.Person]; g != nil {
			s.access[t.Token] = accessToken{g, t.Expires}
		}
	}
	for _, t := range in.Refresh {
		if g := s.grants[t.Person]; g != nil {
			s.refresh[t.Token] = refreshToken{g, t.Expires, t.Rotated}
		}
	}
	for _, p := range in.Promises {
		s.wait(&pending{Delivery: s.delivery(p.Person, p.Type, p.Due), history: &span{p.From, p.To}})
	}
	for _, k := range in.Keys {
		if k.Person < 0 || k.Person >= len(s.people) {
			return fmt.Errorf("snapshot of another world: it has a person %d", k.Person)
		}
		s.keys[k.Person] = &personalKey{person: k.Person, secret: k.Key, made: k.Made, ends: k.Ends}
	}
	for _, t := range in.Bearers {
		if k := s.keys[t.Person]; k != nil {
			s.bearers[t.Token] = bearer{k, t.Expires}
		}
	}
	if !in.Live.IsZero() {
		s.live = in.Live
	}
	return nil
}
