package db

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"garner/db/seal"
)

// What Garmin called an erased person is kept as a hash by a key of this
// installation, so that what still arrives of the person can be dropped.

// hashOf is the hash of a user id, or of a token's hash, by the key of hash_key.
func hashOf(key []byte, kind string, value []byte) (out [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(kind + "\x00"))
	h.Write(value)
	copy(out[:], h.Sum(nil))
	return out
}

// hashPlace is where the key of hashes is.
var hashPlace = seal.Place{Table: "hash_key", Column: "value", Row: "1"}

// erased are the hashes of erased people, and their key.
type erased struct {
	key    []byte
	hashes map[[sha256.Size]byte]struct{}
}

// AnyErased reports whether people were erased.
func (i *Identities) AnyErased() bool { return len(i.erased.hashes) > 0 }

// Erased reports whether a user id or a token, given as TokenHash, belonged to a
// person who was erased. Either may be empty. Ask only about those that no person
// has.
func (i *Identities) Erased(userID string, tokenHash []byte) bool {
	if !i.AnyErased() {
		return false
	}
	_, gone := i.erased.hashes[hashOf(i.erased.key, "user_id", []byte(userID))]
	if !gone && len(tokenHash) > 0 {
		_, gone = i.erased.hashes[hashOf(i.erased.key, "token", tokenHash)]
	}
	return gone
}

// erasedPeople reads the hashes of erased people. Its error wraps ErrSealed if
// their key cannot be decrypted.
func (s *Store) erasedPeople(ctx context.Context) (e erased, err error) {
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var hash []byte
		if err := rows.Scan(&hash); err != nil {
			return err
		}
		if e.hashes == nil {
			e.hashes = map[[sha256.Size]byte]struct{}{}
		}
		e.hashes[[sha256.Size]byte(hash)] = struct{}{}
		return nil
	}, `select hash from erased where length(hash) = 32`)
	if err != nil || len(e.hashes) == 0 {
		return erased{}, err
	}
	var sealed seal.Sealed
	if err := s.f.queryRow(ctx, `select value, key_id from hash_key`).Scan(&sealed.Data, &sealed.KeyID); err != nil {
		return erased{}, fault(err)
	}
	if e.key, err = s.unseal(hashPlace, sealed); err != nil {
		return erased{}, err
	}
	return e, nil
}

// hashKey returns the key of hashes; nil if there is none.
func (s *Store) hashKey(t *tx) ([]byte, error) {
	var sealed seal.Sealed
	err := t.row(`select value, key_id from hash_key`, nil, &sealed.Data, &sealed.KeyID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.unseal(hashPlace, sealed)
}

// newHashKey returns the key of hashes, and makes it with the first use.
func (s *Store) newHashKey(t *tx) ([]byte, error) {
	key, err := s.hashKey(t)
	if err != nil || key != nil {
		return key, err
	}
	key = make([]byte, sha256.Size)
	rand.Read(key) // never fails
	sealed, err := s.seal(t, hashPlace, key)
	if err != nil {
		return nil, err
	}
	return key, t.exec(`insert into hash_key (id, value, key_id) values (1, ?, ?)`, sealed.Data, sealed.KeyID)
}

// remember keeps the hashes of what Garmin called a person.
func (s *Store) remember(t *tx, now time.Time, names Names) error {
	key, err := s.newHashKey(t)
	if err != nil {
		return err
	}
	keep := func(kind string, value []byte) error {
		hash := hashOf(key, kind, value)
		return t.exec(`insert into erased (hash, at_ms) values (?, ?) on conflict do update set at_ms = excluded.at_ms`,
			hash[:], now.UnixMilli())
	}
	for _, id := range names.UserIDs {
		if err := keep("user_id", []byte(id)); err != nil {
			return err
		}
	}
	for _, token := range names.Tokens {
		if err := keep("token", token); err != nil {
			return err
		}
	}
	return nil
}

// welcome drops the hash of a user id or token that a person is linked to: they
// consented again.
func (s *Store) welcome(t *tx, kind string, value []byte) error {
	var any bool
	if err := t.row(`select exists (select 1 from erased)`, nil, &any); err != nil || !any {
		return err
	}
	key, err := s.hashKey(t)
	if err != nil || key == nil {
		return err
	}
	if kind == "user_id" {
		if err := t.rejoin(key, value); err != nil {
			return err
		}
	}
	hash := hashOf(key, kind, value)
	return t.exec(`delete from erased where hash = ?`, hash[:])
}
