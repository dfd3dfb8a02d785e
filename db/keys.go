package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"garner/db/seal"
)

// The file of keys changes, and values are encrypted, only inside a write
// transaction. These run one at a time, in all processes together. So no value is
// encrypted by a key that is about to be dropped.

// settingPlace is where the value of a setting is.
func settingPlace(name string) seal.Place {
	return seal.Place{Table: "setting", Column: "value", Row: name}
}

// seal encrypts the value of a setting.
func (s *Store) seal(t *tx, name string, plain []byte) (seal.Sealed, error) {
	if s.keys == nil {
		return seal.Sealed{}, ErrNoKeys
	}
	keys, err := s.keys.Keys()
	if err != nil {
		return seal.Sealed{}, err
	}
	used, err := t.keysInUse()
	if err != nil {
		return seal.Sealed{}, err
	}
	if len(keys) == 0 && len(used) > 0 {
		return seal.Sealed{}, fmt.Errorf("%w, and key %s of other secrets is missing: restore the keys", ErrNoKeys, used[0])
	}
	return s.keys.Seal(settingPlace(name), plain)
}

// unseal decrypts the value of a setting. Its error wraps ErrSealed.
func (s *Store) unseal(name string, value seal.Sealed) ([]byte, error) {
	if s.keys == nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, ErrNoKeys)
	}
	plain, err := s.keys.Open(settingPlace(name), value)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return plain, nil
}

// keysInUse are the ids of the keys of all encrypted values, in order.
func (t *tx) keysInUse() ([]string, error) {
	rows, err := t.query(`select distinct key_id from setting where key_id <> '' order by key_id`)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(rows *sql.Rows) (id string, err error) { return id, rows.Scan(&id) })
}

// RotateKeys makes a new key, encrypts all secrets with it, and drops the keys
// that no value needs any more. It returns the new key's id and the number of
// values. If one cannot be decrypted nothing changes.
//
// A stop at any point leaves every value with its key: the new key is durable
// before a value uses it, and an old one leaves after the values are durable.
func (s *Store) RotateKeys(ctx context.Context, now time.Time) (id string, values int, err error) {
	if s.keys == nil {
		return "", 0, ErrNoKeys
	}
	err = s.w.do(ctx, func(t *tx) error {
		id, values, err = s.reseal(t, now)
		return err
	})
	if err != nil {
		return "", 0, err
	}
	return id, values, s.dropKeys(ctx)
}

// reseal encrypts all secrets with a new key.
func (s *Store) reseal(t *tx, now time.Time) (id string, values int, err error) {
	plain, err := s.secrets(t)
	if err != nil {
		return "", 0, err
	}
	keys, err := s.keys.Add(now)
	if err != nil {
		return "", 0, err
	}
	for name, value := range plain {
		sealed, err := s.keys.Seal(settingPlace(name), value)
		if err != nil {
			return "", 0, err
		}
		if err := t.exec(`update setting set value = ?, key_id = ? where name = ?`, sealed.Data, sealed.KeyID,
			name); err != nil {
			return "", 0, err
		}
	}
	return keys[0].ID, len(plain), nil
}

// secrets returns all secret settings, decrypted, by name.
func (s *Store) secrets(t *tx) (map[string][]byte, error) {
	rows, err := t.query(`select name, value, key_id from setting where key_id <> ''`)
	if err != nil {
		return nil, err
	}
	plain := map[string][]byte{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var name string
		var value seal.Sealed
		err := rows.Scan(&name, &value.Data, &value.KeyID)
		if err == nil {
			if plain[name], err = s.unseal(name, value); err != nil {
				err = fmt.Errorf("setting %s: %w", name, err)
			}
		}
		return struct{}{}, err
	})
	return plain, err
}

// dropKeys drops the keys that no value needs, but never the newest. Being a
// transaction it runs after others, which may have used an older key.
func (s *Store) dropKeys(ctx context.Context) error {
	return s.w.do(ctx, func(t *tx) error {
		used, err := t.keysInUse()
		if err != nil {
			return err
		}
		return s.keys.Keep(used)
	})
}

// KeyUse is a key and the number of values that it encrypts.
type KeyUse struct {
	ID string
	// Created is zero for a key that is missing.
	Created time.Time
	Values  int
}

// KeyUses returns the keys, newest first, then those that values need and that
// are missing.
func (s *Store) KeyUses(ctx context.Context) (list []KeyUse, err error) {
	if s.keys == nil {
		return nil, ErrNoKeys
	}
	values := map[string]int{}
	if err := s.scan(ctx, func(rows *sql.Rows) error {
		var id string
		var n int
		err := rows.Scan(&id, &n)
		values[id] = n
		return err
	}, `select key_id, count(*) from setting where key_id <> '' group by key_id`); err != nil {
		return nil, err
	}
	keys, err := s.keys.Keys()
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		list = append(list, KeyUse{k.ID, k.Created, values[k.ID]})
		delete(values, k.ID)
	}
	present := len(list)
	for id, n := range values {
		list = append(list, KeyUse{ID: id, Values: n})
	}
	slices.SortFunc(list[present:], func(a, b KeyUse) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}
