// Package auth decides who a request is from: passwords, sessions, one-time
// links, and one limiter for everything that checks a secret.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"garner/db"
)

// How long a session lasts without use, and in all. A use is written down when
// the last one on record is older than seenAfter.
const (
	idleTimeout = 14 * 24 * time.Hour
	lifetime    = 30 * 24 * time.Hour
	seenAfter   = 10 * time.Minute
)

// freshFor is how long a password that was given counts for what asks for it again.
const freshFor = 10 * time.Minute

// The errors that callers distinguish, beside *TooMany, PasswordError,
// db.ErrTaken and db.ErrHasAdmin.
var (
	// ErrWrong means that name and password do not belong together, or that the
	// account is disabled.
	ErrWrong = errors.New("wrong name or password")
	// ErrBusy means that too many passwords are being checked.
	ErrBusy = errors.New("too many passwords are being checked")
	// ErrLink means that a one-time link was used, has expired, or never was.
	ErrLink = errors.New("the link has expired or was used before")
)

// TooMany means that too many secrets were tried.
type TooMany struct {
	After time.Duration // until another one may be tried
}

func (e *TooMany) Error() string { return fmt.Sprintf("too many attempts; next in %v", e.After) }

// RetryAfter is the header of that name for a wait: whole seconds, rounded up.
func RetryAfter(wait time.Duration) string {
	return strconv.Itoa(int((wait + time.Second - 1) / time.Second))
}

// Auth knows who is signed in. It is made by New.
type Auth struct {
	store    *db.Store
	log      *slog.Logger
	sessions *scs.SessionManager
	hasher   *Hasher
	limiter  *Limiter
	failures *failures
	notes    sync.WaitGroup // writes that no request waits for
}

// Wait returns once the uses of API tokens and the failed sign-ins that requests noted are
// written. The store is not closed before.
func (a *Auth) Wait() { a.notes.Wait() }

// New makes an Auth. It needs requests that have passed peer.With.
func New(store *db.Store, log *slog.Logger) *Auth {
	// Not scs.New: it starts a goroutine for a store in memory.
	m := &scs.SessionManager{IdleTimeout: idleTimeout, Lifetime: lifetime, HashTokenInStore: true,
		Store: sessionStore{store}, Codec: scs.GobCodec{}}
	return &Auth{store: store, log: log, sessions: m, hasher: NewHasher(), limiter: NewLimiter(), failures: newFailures()}
}

// Who is the account that a request is from.
type Who struct {
	Account   db.Account
	SessionID string    // db.Session.ID
	Since     time.Time // when the password was given last
}

type whoKey struct{}

// Of returns who a request is from, by its context. It is false if no one is
// signed in.
func Of(ctx context.Context) (Who, bool) {
	who, ok := ctx.Value(whoKey{}).(Who)
	return who, ok
}

// Fresh reports whether the password was given so recently that it need not be
// given again for what is protected twice.
func Fresh(who Who, now time.Time) bool {
	age := now.Sub(who.Since)
	return age >= 0 && age < freshFor
}

// newToken makes a token, and the hash by which it is stored.
func newToken() (token string, hash []byte) {
	token = rand.Text() + rand.Text()
	return token, HashToken(token)
}

// HashToken is what is stored of a token.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
