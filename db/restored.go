package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"garner/db/seal"
	"garner/health"
)

// Garmin, mirrors, mails with links and browsers have seen newer data than a restored
// backup has. So new ids are far above those that were used since the backup, and what
// was valid for a short time ends.

// idJump is by how much ids rise with a restore: more than an installation uses up
// between two backups.
const idJump = 1_000_000_000

// jumping are the tables of garner.db whose ids others may know. Those of incidents and
// notifications follow from idBase.
var jumping = []string{"connection", "fetch", "backfill", "change", "api_token", "backup"}

// idBase is the number in meta that ids without a sequence stay above.
const idBase = "id_base"

// nextID is an expression for the next id of a table that has no sequence.
func nextID(table string) string {
	return `(select 1 + max(coalesce((select max(id) from ` + table + `), 0),
		coalesce((select value from meta where name = '` + idBase + `'), 0)))`
}

// Restored is what a restore changed.
type Restored struct {
	// Requeued is how many deliveries are processed, some of them once more.
	Requeued int64
	// Reconnect are the names of people whose tokens cannot be decrypted.
	Reconnect []string
	// NewKey are the names of people whose key for the Personal API cannot be decrypted.
	NewKey []string
	// Settings are the names of settings that could not be decrypted, and were deleted.
	Settings []string
	// Forgotten is how many hashes of erased people can no longer be compared.
	Forgotten int64
	// Erasures is how many erasures ended before all bodies were searched: what is left
	// goes with the retention of bodies.
	Erasures int64
}

// AfterRestore makes restored databases ready to be used, as their owner: new ids never
// recur, cursors of mirrors, sessions and one-time links end, and secrets that the keys
// of the store cannot decrypt are removed.
func AfterRestore(ctx context.Context, in *Inbox, s *Store, now time.Time) (out Restored, err error) {
	if s.keys == nil {
		return out, ErrNoKeys
	}
	box, _, err := in.side(ctx)
	if err != nil {
		return out, err
	}
	store, err := s.side(ctx)
	if err != nil {
		return out, err
	}
	// What the store has not seen is no longer above its mark: it is put on the list.
	if out.Requeued, err = s.askForUnknown(ctx, in.InboxReader, box.last); err != nil {
		return out, err
	}
	var upload int64
	if err := in.f.queryRow(ctx, `select coalesce((select seq from sqlite_sequence where name = 'upload'), 0)`).
		Scan(&upload); err != nil {
		return out, fault(err)
	}
	last := max(box.last, store.last) + idJump
	for _, o := range []*sequenceOp{{"delivery", last}, {"upload", upload + idJump}} {
		if err := in.submit(ctx, &op{do: o}); err != nil {
			return out, err
		}
	}
	err = s.w.do(ctx, func(t *tx) error {
		return cmp.Or(t.setMeta("high_water", last), t.jump(), t.endShortLived(), s.dropUnreadable(t, now, &out),
			t.bumpPeople(), t.bumpSettings())
	})
	return out, err
}

// jump raises ids and replaces the epoch.
func (t *tx) jump() error {
	for _, table := range jumping {
		var have int64
		if err := t.row(`select coalesce((select seq from sqlite_sequence where name = ?), 0)`, []any{table},
			&have); err != nil {
			return err
		}
		for _, text := range raiseSequence {
			if err := t.exec(text, table, have+idJump); err != nil {
				return err
			}
		}
	}
	var base int64
	if err := t.row(`select max(coalesce((select max(id) from incident), 0),
		coalesce((select max(id) from notification), 0),
		coalesce((select value from meta where name = ?), 0))`, []any{idBase}, &base); err != nil {
		return err
	}
	return cmp.Or(t.setMeta(idBase, base+idJump), t.setMeta("epoch", newEpoch()))
}

// endShortLived deletes what was valid for a short time, and the backup that this one
// was made by: it still runs in the copy.
func (t *tx) endShortLived() error {
	for _, text := range []string{`delete from session`, `delete from link`, `delete from authorization`,
		`delete from invitation`, `delete from backup where ended_ms = 0`} {
		if err := t.exec(text); err != nil {
			return err
		}
	}
	return nil
}

// readable reports whether a value can be decrypted; an empty one can.
func (s *Store) readable(at seal.Place, value seal.Sealed) (bool, error) {
	if len(value.Data) == 0 {
		return true, nil
	}
	_, err := s.keys.Open(at, value)
	if errors.Is(err, seal.ErrNoKey) || errors.Is(err, seal.ErrForged) {
		return false, nil
	}
	return err == nil, err
}

// dropUnreadable removes what cannot be decrypted.
func (s *Store) dropUnreadable(t *tx, now time.Time, out *Restored) error {
	for _, table := range sealedTables {
		ids, err := s.unreadable(t, table)
		if err != nil {
			return fmt.Errorf("%s: %w", table.name, err)
		}
		for _, id := range ids {
			if err := t.dropSecret(now, table.name, id, out); err != nil {
				return fmt.Errorf("%s: %w", table.name, err)
			}
		}
	}
	return nil
}

// unreadable are the rows of a table with a value that cannot be decrypted.
func (s *Store) unreadable(t *tx, table sealedTable) (ids []string, err error) {
	rows, err := t.sealedRows(table)
	for _, row := range rows {
		for i, column := range table.columns {
			ok, err := s.readable(seal.Place{Table: table.name, Column: column, Row: row.id},
				seal.Sealed{KeyID: row.key, Data: row.values[i]})
			if err != nil {
				return nil, err
			}
			if !ok {
				ids = append(ids, row.id)
				break
			}
		}
	}
	return ids, err
}

func (t *tx) dropSecret(now time.Time, table, id string, out *Restored) error {
	switch table {
	case "setting":
		out.Settings = append(out.Settings, id)
		return t.exec(`delete from setting where name = ?`, id)
	case "connection":
		return t.loseTokens(now, id, out)
	case "personal_key":
		return t.losePersonalKey(now, id, out)
	case "hash_key":
		if err := t.row(`select count(*) from erased`, nil, &out.Forgotten); err != nil {
			return err
		}
		return cmp.Or(t.exec(`delete from erased`), t.exec(`delete from hash_key`))
	case "erasure":
		var person int64
		if err := t.row(`delete from erasure where cast(id as text) = ? returning id`, []any{id}, &person); err != nil {
			return err
		}
		out.Erasures++
		return t.deleteErased(person)
	}
	return fmt.Errorf("a value of %s cannot be decrypted", table) // sealedTables has no other with rows
}

// loseTokens empties the tokens of a connection: the person must connect again. One that
// Garmin was to be asked to end is ended here only.
func (t *tx) loseTokens(now time.Time, id string, out *Restored) error {
	var connection int64
	var name string
	var erasing, stopping bool
	if err := t.row(`select c.id, p.name, p.erasing_ms > 0, c.stopping_ms > 0 from connection c
		join person p on p.id = c.person_id where cast(c.id as text) = ?`, []any{id}, &connection, &name, &erasing,
		&stopping); err != nil {
		return err
	}
	if erasing {
		return t.endConnection(now, connection, health.CauseErased)
	}
	if stopping {
		return t.endConnection(now, connection, health.CauseEndedOnlyHere)
	}
	out.Reconnect = append(out.Reconnect, name)
	return t.exec(`update connection set access = x'', refresh = x'', key_id = '', refreshing_ms = 0,
		cause = iif(state = 0, ?, cause), state = 1 where id = ?`, int(health.CauseTokensRefused), connection)
}
