package service

import (
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// PersonalTokenPath is where a key for the Personal API is exchanged for a bearer.
const PersonalTokenPath = "/personalapitoken-service/personal-api/personal-api-key/token"

// bearerLife is how long a bearer of the Personal API works.
const bearerLife = 24 * time.Hour

// keyLife is how long a key made on the page works: the longest that Garmin offers.
const keyLife = 365 * day

// personalKey is a person's key for the Personal API. A person has one at most.
type personalKey struct {
	person     int
	secret     string
	made, ends time.Time
}

// bearer is what a key was exchanged for. It ends with its key.
type bearer struct {
	key  *personalKey
	ends time.Time
}

// MakeKey makes a person's key for the Personal API, which works until ends. An earlier
// key of the person ends at once.
func (s *Service) MakeKey(person int, ends time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := &personalKey{person: person, secret: "GCDC_" + rand.Text(), made: s.cfg.Now(), ends: ends}
	s.keys[person] = k
	return k.secret
}

// DeleteKey deletes a person's key, if there is one.
func (s *Service) DeleteKey(person int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.keys, person)
}

// Key is a person's key with its end; false if there is none. It may have expired.
func (s *Service) Key(person int) (key string, ends time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.keys[person]
	if k == nil {
		return "", time.Time{}, false
	}
	return k.secret, k.ends, true
}

// works reports whether a key has neither been replaced nor deleted nor expired.
func (s *Service) works(k *personalKey) bool {
	return s.keys[k.person] == k && s.cfg.Now().Before(k.ends)
}

// exchangeKey answers a key with a bearer.
func (s *Service) exchangeKey(a *answer, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, _ := strings.CutPrefix(r.Header.Get("Authorization"), "ApiKey ")
	now := s.cfg.Now()
	maps.DeleteFunc(s.bearers, func(_ string, b bearer) bool { return !now.Before(b.ends) })
	for _, k := range s.keys {
		if !same(secret, k.secret) || !s.works(k) {
			continue
		}
		token := rand.Text()
		s.bearers[token] = bearer{k, now.Add(bearerLife)}
		a.person = k.person
		a.header.Set("Cache-Control", "no-store")
		a.json(http.StatusOK, map[string]any{
			"access_token": token, "token_type": "Bearer", "expires_in": int64(bearerLife / time.Second),
			"scope": "PERSONAL_API_READ",
		})
		return
	}
	a.fail(http.StatusUnauthorized, "the API key is unknown, deleted or expired")
}

// bearing is the person of a request's bearer.
func (s *Service) bearing(r *http.Request) (person int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	b, ok := s.bearers[token]
	if !ok || !s.cfg.Now().Before(b.ends) || !s.works(b.key) {
		return 0, false
	}
	return b.key.person, true
}

// PersonalCall is one call of the Personal API. It holds no secrets.
type PersonalCall struct {
	At time.Time
	// Person is the index of the person with whose key it came, -1 without.
	Person int
	// Target is the path with its query.
	Target string
	Status int
}

// keptCalls is how many calls the log of the Personal API holds at least.
const keptCalls = 1_000_000

// PersonalCalls lists the calls of the Personal API so far, exchanges of keys included,
// oldest first; of very many the latest.
func (s *Service) PersonalCalls() []PersonalCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// personal lets a handler of the Personal API run within the limits, and logs the call.
func (s *Service) personal(h func(*answer, *http.Request)) func(*answer, *http.Request) {
	return func(a *answer, r *http.Request) {
		now := s.cfg.Now()
		s.mu.Lock()
		failing := s.failing
		admitted := s.burst.enter(now) || s.cfg.AllowBursts
		s.mu.Unlock()
		switch {
		case failing == http.StatusTooManyRequests || failing == 0 && !admitted:
			a.header.Set("Retry-After", retryAfter)
			a.fail(http.StatusTooManyRequests, "too many requests")
		case failing != 0:
			a.fail(failing, "out of order")
		default:
			h(a, r)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.burst.leave()
		if len(s.calls) >= 2*keptCalls {
			s.calls = slices.Delete(s.calls, 0, keptCalls)
		}
		s.calls = append(s.calls, PersonalCall{now, a.person, r.URL.RequestURI(), a.status})
	}
}

// FailPersonal makes the Personal API answer all calls with a status from now on, such as
// 503; 0 ends it.
func (s *Service) FailPersonal(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = status
}

// Limits of the Personal API. Garmin publishes none: 12 calls at once were too many.
const (
	mostAtOnce    = 6
	mostPerSecond = 8
	retryAfter    = "14" // seconds
)

// burst counts calls that run and those of the last second.
type burst struct {
	running int
	latest  []time.Time
}

// enter counts a call, and reports whether it is within the limits.
func (b *burst) enter(now time.Time) bool {
	b.running++
	b.latest = slices.DeleteFunc(b.latest, func(t time.Time) bool { return now.Sub(t) >= time.Second })
	if b.running > mostAtOnce || len(b.latest) >= mostPerSecond {
		return false
	}
	b.latest = append(b.latest, now)
	return true
}

func (b *burst) leave() { b.running-- }
