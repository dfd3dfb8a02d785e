package backup

import (
	"context"
	"errors"
	"io"

	"filippo.io/age"

	"garner/db"
)

// ErrHasKey means that backups are encrypted to a recovery key already.
var ErrHasKey = errors.New("there is a recovery key already")

// NewRecoveryKey makes a recovery key, and has backups encrypted to it from now on. The key
// itself is kept nowhere: it is shown once. ErrHasKey refuses to replace another, unless
// replace is set. Earlier backups need the earlier key.
func NewRecoveryKey(ctx context.Context, store *db.Store, replace bool) (key string, err error) {
	has, err := recipient(ctx, store)
	if err != nil {
		return "", err
	}
	if has != "" && !replace {
		return "", ErrHasKey
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	return identity.String(), store.ChangeSettings(ctx, db.SettingChange{Name: db.SettingRecipient,
		Value: identity.Recipient().String()})
}

// recipient is the public part of the recovery key; empty if there is none.
func recipient(ctx context.Context, store *db.Store) (string, error) {
	list, err := store.Settings(ctx, db.SettingRecipient)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].Value, nil
}

// ReadKeys reads recovery keys, one on each line, as garner recovery-key prints them.
// Errors show nothing of them.
func ReadKeys(from io.Reader) ([]age.Identity, error) {
	keys, err := age.ParseIdentities(io.LimitReader(from, 1<<20))
	if err != nil { // it quotes the line, which may be a key
		return nil, errors.New("this is not a recovery key: it must have a line that begins with AGE-SECRET-KEY-1")
	}
	return keys, nil
}
