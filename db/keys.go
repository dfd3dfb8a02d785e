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

// sealedTable is a table with encrypted values. key_id names the key of all of a
// row's; a value that is empty is none.
type sealedTable struct {
	name    string
	row     string // an expression that identifies a row as text
	columns []string
}

var sealedTables = []sealedTable{
	{"setting", "name", []string{"value"}},
	{"connection", "cast(id as text)", []string{"access", "refresh"}},
	{"authorization", "hex(state)", []string{"verifier", "access", "refresh"}},
	{"personal_key", "cast(person_id as text)", []string{"value", "bearer"}},
	{"hash_key", "cast(id as text)", []string{"value"}},
	{"erasure", "cast(id as text)", []string{"names"}},
}

// settingPlace is where the value of a setting is.
func settingPlace(name string) seal.Place {
	return seal.Place{Table: "setting", Column: "value", Row: name}
}

// seal encrypts a value for a place.
func (s *Store) seal(t *tx, at seal.Place, plain []byte) (seal.Sealed, error) {
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
	return s.keys.Seal(at, plain)
}

// unseal decrypts the value of a place. Its error wraps ErrSealed.
func (s *Store) unseal(at seal.Place, value seal.Sealed) ([]byte, error) {
	if s.keys == nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, ErrNoKeys)
	}
	plain, err := s.keys.Open(at, value)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	return plain, nil
}

// keyCounts counts the rows that each key encrypts something of.
var keyCounts = func() string {
	var parts []string
	for _, t := range sealedTables {
		parts = append(parts, `select key_id from `+t.name+` where key_id <> ''`)
	}
	return `select key_id, count(*) from (` + strings.Join(parts, ` union all `) + `) group by key_id order by key_id`
}()

// keysInUse are the ids of the keys of all encrypted values, in order.
func (t *tx) keysInUse() ([]string, error) {
	rows, err := t.query(keyCounts)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(rows *sql.Rows) (id string, err error) {
		var n int
		return id, rows.Scan(&id, &n)
	})
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
	var plain []secretRow
	for _, table := range sealedTables {
		rows, err := s.secrets(t, table)
		if err != nil {
			return "", 0, err
		}
		plain = append(plain, rows...)
	}
	keys, err := s.keys.Add(now)
	if err != nil {
		return "", 0, err
	}
	for _, row := range plain {
		if err := s.resealRow(t, row); err != nil {
			return "", 0, err
		}
	}
	return keys[0].ID, len(plain), nil
}

// secretRow is a row of a sealedTable with its values decrypted; nil for none.
type secretRow struct {
	sealedTable
	id    string
	plain [][]byte
}

// query reads the rows that have encrypted values.
func (table sealedTable) query() string {
	return `select ` + table.row + `, key_id, ` + strings.Join(table.columns, `, `) + ` from ` + table.name +
		` where key_id <> ''`
}

// sealedRow is a row of a sealedTable as it is stored.
type sealedRow struct {
	id, key string
	values  [][]byte
}

// sealedRows returns the rows of a table that have encrypted values.
func (t *tx) sealedRows(table sealedTable) ([]sealedRow, error) {
	rows, err := t.query(table.query())
	if err != nil {
		return nil, err
	}
	return collect(rows, func(rows *sql.Rows) (sealedRow, error) {
		row := sealedRow{values: make([][]byte, len(table.columns))}
		dest := []any{&row.id, &row.key}
		for i := range row.values {
			dest = append(dest, &row.values[i])
		}
		return row, rows.Scan(dest...)
	})
}

// secrets returns the rows of a table that have encrypted values, decrypted.
func (s *Store) secrets(t *tx, table sealedTable) (out []secretRow, err error) {
	rows, err := t.sealedRows(table)
	for _, sealed := range rows {
		row := secretRow{sealedTable: table, id: sealed.id, plain: make([][]byte, len(table.columns))}
		for i, column := range table.columns {
			if len(sealed.values[i]) == 0 {
				continue
			}
			if row.plain[i], err = s.unseal(seal.Place{Table: table.name, Column: column, Row: row.id},
				seal.Sealed{KeyID: sealed.key, Data: sealed.values[i]}); err != nil {
				return nil, fmt.Errorf("%s %s: %w", table.name, row.id, err)
			}
		}
		out = append(out, row)
	}
	return out, err
}

func (s *Store) resealRow(t *tx, row secretRow) error {
	set, args := []string{`key_id = ?`}, []any{""}
	for i, column := range row.columns {
		if row.plain[i] == nil {
			continue
		}
		sealed, err := s.keys.Seal(seal.Place{Table: row.name, Column: column, Row: row.id}, row.plain[i])
		if err != nil {
			return err
		}
		set, args = append(set, column+` = ?`), append(args, sealed.Data)
		args[0] = sealed.KeyID
	}
	return t.exec(`update `+row.name+` set `+strings.Join(set, `, `)+` where `+row.row+` = ?`, append(args, row.id)...)
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
	}, keyCounts); err != nil {
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
