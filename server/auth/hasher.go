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

// How many passwords are hashed at once, and how many wait.
const (
	hashesAtOnce  = 2
	hashesWaiting = 16
)

// noHash stands for the hash of an account that does not exist or has no
// password: no password matches it, and to find that out costs the same.
var noHash = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, params.Memory, params.Iterations,
	params.Parallelism, base64.RawStdEncoding.EncodeToString(make([]byte, params.SaltLength)),
	base64.RawStdEncoding.EncodeToString(make([]byte, params.KeyLength)))

// Hasher hashes passwords, few at once.
type Hasher struct {
	room chan struct{} // of those that run or wait
	run  chan struct{}
}

// NewHasher makes a Hasher.
func NewHasher() *Hasher {
	return &Hasher{room: make(chan struct{}, hashesAtOnce+hashesWaiting), run: make(chan struct{}, hashesAtOnce)}
}

// Hash returns the argon2id hash of a password in PHC form, or ErrBusy.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return argon2id.CreateHash(password, &params)
}

// check reports whether a password has a hash, and whether that hash has other
// parameters than a new one would. An empty hash matches no password.
func (h *Hasher) check(ctx context.Context, password, hash string) (ok, old bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
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

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.room <- struct{}{}:
	default:
		return ErrBusy
	}
	select {
	case h.run <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-h.room
		return errors.Join(ErrBusy, ctx.Err())
	}
}

func (h *Hasher) leave() {
	<-h.run
	<-h.room
}
