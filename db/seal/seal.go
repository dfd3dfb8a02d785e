// Package seal encrypts single values of a database by XChaCha20-Poly1305. It
// protects a database or a backup that is read without its keys, not a stolen
// folder: the keys are in a file beside the database, or in a credential of the
// system.
package seal

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

var (
	// ErrNoKey means that the key of a value is not in the ring.
	ErrNoKey = errors.New("its key is missing")
	// ErrForged means that a value is not what its key encrypted at its place.
	ErrForged = errors.New("it is damaged, or belongs to another place")
)

// Sealed is an encrypted value.
type Sealed struct {
	KeyID string // of the key that encrypts it
	Data  []byte // nonce and ciphertext
}

// Place is where a value is stored. A value that was moved to another place
// does not decrypt.
type Place struct{ Table, Column, Row string }

// bytes is an encoding of which no two places have the same.
func (p Place) bytes() (out []byte) {
	for _, part := range []string{p.Table, p.Column, p.Row} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

func (k Key) seal(at Place, plain []byte) (Sealed, error) {
	aead, err := chacha20poly1305.NewX(k.key[:])
	if err != nil {
		return Sealed{}, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return Sealed{}, err
	}
	return Sealed{k.ID, aead.Seal(nonce, nonce, plain, at.bytes())}, nil
}

func (k Key) open(at Place, s Sealed) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(k.key[:])
	if err != nil {
		return nil, err
	}
	if len(s.Data) < aead.NonceSize() {
		return nil, ErrForged
	}
	nonce, data := s.Data[:aead.NonceSize()], s.Data[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, data, at.bytes())
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", k.ID, ErrForged)
	}
	return plain, nil
}
