package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
)

// params are those of OWASP's Password Storage Cheat Sheet. A hash takes 19 MiB
// and some 20 to 50 ms.
var params = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// How many passwords are hashed at once, and how many wait. Some places are kept for
// those who are known: who is signed in, has a one-time link or signed in before with
// the same browser. A flood of guesses does not keep them out.
const (
	hashesAtOnce  = 2
	hashesWaiting = 16
	placesKept    = 4
)

// noHash stands for the hash of an account that does not exist or has no
// password: no password matches it, and to find that out costs the same.
var noHash = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, params.Memory, params.Iterations,
	params.Parallelism, base64.RawStdEncoding.EncodeToString(make([]byte, params.SaltLength)),
	base64.RawStdEncoding.EncodeToString(make([]byte, params.KeyLength)))

// Hasher hashes passwords, few at once.
type Hasher struct {
	room chan struct{} // of those that run or wait
	kept chan struct{} // the same, for those who are known
	run  chan struct{}
}

// NewHasher makes a Hasher.
func NewHasher() *Hasher {
	return &Hasher{room: make(chan struct{}, hashesAtOnce+hashesWaiting), kept: make(chan struct{}, placesKept),
		run: make(chan struct{}, hashesAtOnce)}
}

// Hash returns the argon2id hash of a password in PHC form, or ErrBusy. Only those who
// are known choose passwords.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	leave, err := h.enter(ctx, true)
	if err != nil {
		return "", err
	}
	defer leave()
	return argon2id.CreateHash(password, &params)
}

// check reports whether a password has a hash, and whether that hash has other
// parameters than a new one would. An empty hash matches no password. known is for
// those for whom places are kept.
func (h *Hasher) check(ctx context.Context, known bool, password, hash string) (ok, old bool, err error) {
	leave, err := h.enter(ctx, known)
	if err != nil {
		return false, false, err
	}
	defer leave()
	if hash == "" || len(password) > maxBytes {
		_, err := argon2id.ComparePasswordAndHash("", noHash)
		return false, false, err
	}
	ok, used, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, err
	}
	return ok, *used != params, nil
}

// enter waits for a turn, which ends with leave.
func (h *Hasher) enter(ctx context.Context, known bool) (leave func(), err error) {
	var kept chan struct{} // never ready
	if known {
		kept = h.kept
	}
	var place chan struct{}
	select {
	case h.room <- struct{}{}:
		place = h.room
	case kept <- struct{}{}:
		place = kept
	default:
		return nil, ErrBusy
	}
	select {
	case h.run <- struct{}{}:
		return func() {
			<-h.run
			<-place
		}, nil
	case <-ctx.Done():
		<-place
		return nil, errors.Join(ErrBusy, ctx.Err())
	}
}
