package selftest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"time"
)

// ProbePath, followed by a token, is the path of the test of identity.
const ProbePath = "/.well-known/garner-probe/"

// probeFor is how long a token is valid.
const probeFor = time.Minute

// Prober proves that a request has reached this process: it answers only the
// tokens that it made itself in the last minute.
type Prober struct {
	mu   sync.Mutex
	made map[string]time.Time
}

// New makes a token for Options.Probe.
func (p *Prober) New() string {
	token, now := rand.Text(), time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.made, func(_ string, at time.Time) bool { return now.Sub(at) > probeFor })
	if p.made == nil {
		p.made = map[string]time.Time{}
	}
	p.made[token] = now
	return token
}

// Answer is the answer to a token, and whether there is one.
func (p *Prober) Answer(token string) (text string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.made[token]
	if !ok || time.Since(at) > probeFor {
		return "", false
	}
	return answer(token), true
}

// answer differs from the token, so that a server that repeats the path is not
// taken for Garner.
func answer(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
