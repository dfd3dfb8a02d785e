package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"garner/db/seal"
)

var (
	// ErrNoKeys means that a secret setting needs keys, and the store has none.
	ErrNoKeys = errors.New("there are no keys to encrypt secrets with")
	// ErrSealed means that a secret setting cannot be decrypted.
	ErrSealed = errors.New("cannot be decrypted")
)

// SettingClock is the setting with the clock of the household, by 12 or 24 hours.
const SettingClock = "preferences.clock"

// Setting is a value that was set on a page.
type Setting struct {
	Name string
	// Value is decrypted. It is empty if Err is not nil.
	Value string
	// Secret means that the value is encrypted in the file.
	Secret bool
	// Err is why a secret cannot be decrypted; it wraps ErrSealed.
	Err error
}

// SettingChange sets a setting, or deletes it.
type SettingChange struct {
	Name, Value    string
	Secret, Delete bool
}

// UseKeys gives the store the keys of its secrets. Call it before the store is
// used by several goroutines.
func (s *Store) UseKeys(ring *seal.Ring) { s.keys = ring }

// Settings returns what is set, by name: all, or what is among some names. One that
// cannot be decrypted is there, with its error.
func (s *Store) Settings(ctx context.Context, among ...string) ([]Setting, error) {
	text, args := `select name, value, key_id from setting order by name`, []any(nil)
	if len(among) > 0 {
		text, args = `select name, value, key_id from setting where name in (select value from json_each(?))
			order by name`, []any{list(among)}
	}
	rows, err := s.f.query(ctx, text, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (set Setting, err error) {
		var value []byte
		var key string
		if err := rows.Scan(&set.Name, &value, &key); err != nil {
			return set, err
		}
		set.Secret = key != ""
		if set.Secret {
			value, set.Err = s.unseal(settingPlace(set.Name), seal.Sealed{KeyID: key, Data: value})
		}
		set.Value = string(value)
		return set, nil
	})
}

// ChangeSettings makes all changes or none. ErrNoKeys means that there are no keys
// for a secret, ErrSealed that the present value cannot be decrypted: it stays,
// until it is deleted or its key is back.
func (s *Store) ChangeSettings(ctx context.Context, changes ...SettingChange) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, c := range changes {
			if err := s.changeSetting(t, c); err != nil {
				return fmt.Errorf("setting %s: %w", c.Name, err)
			}
		}
		return t.bumpSettings()
	})
}

func (s *Store) changeSetting(t *tx, c SettingChange) error {
	if c.Delete {
		return t.exec(`delete from setting where name = ?`, c.Name)
	}
	if err := s.mayReplace(t, c.Name); err != nil {
		return err
	}
	value := seal.Sealed{Data: []byte(c.Value)}
	if c.Secret {
		var err error
		if value, err = s.seal(t, settingPlace(c.Name), value.Data); err != nil {
			return err
		}
	}
	return t.exec(`insert into setting (name, value, key_id) values (?, ?, ?)
		on conflict do update set value = excluded.value, key_id = excluded.key_id`, c.Name, value.Data, value.KeyID)
}

// mayReplace refuses to replace a value that cannot be decrypted: its key may
// come back.
func (s *Store) mayReplace(t *tx, name string) error {
	var old seal.Sealed
	err := t.row(`select value, key_id from setting where name = ?`, []any{name}, &old.Data, &old.KeyID)
	if errors.Is(err, sql.ErrNoRows) || err == nil && old.KeyID == "" {
		return nil
	}
	if err == nil {
		_, err = s.unseal(settingPlace(name), old)
	}
	return err
}

// bumpSettings increments the mark that shows others that settings changed.
func (t *tx) bumpSettings() error {
	return t.exec(`insert into meta (name, value) values ('settings', 1) on conflict (name) do update set value =
		value + 1`)
}

// SettingsMark changes whenever a setting was changed, by any process.
func (s *Store) SettingsMark(ctx context.Context) (mark int64, err error) {
	err = s.f.queryRow(ctx, `select coalesce((select value from meta where name = 'settings'), 0)`).Scan(&mark)
	return mark, fault(err)
}
