package db

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"garner/health"
)

// A person who is erased may still be connected at Garmin. Their connection stays, with a
// hash in place of the user id, until Garmin was asked to end it, and so does their row
// without a name. The erasure does not wait for that.

// leave makes a connection of a person who is erased one that they left. If Garmin
// refuses its tokens, there is nothing to ask.
func (s *Store) leave(t *tx, now time.Time, person int64) error {
	var id int64
	var state ConnectionState
	var userID string
	err := t.row(`select id, state, user_id from connection where person_id = ? and state < 2`, []any{person}, &id, &state,
		&userID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil || state != Connected {
		return cmp.Or(err, t.endConnection(now, id, health.CauseErased))
	}
	key, err := s.newHashKey(t)
	if err != nil {
		return err
	}
	return cmp.Or(t.exec(`update connection set user_id = ?, due_ms = 0, stopping_ms = iif(stopping_ms = 0, ?, stopping_ms)
		where id = ?`, leftID(key, []byte(userID)), now.UnixMilli(), id),
		t.exec(`delete from permission where connection_id = ?`, id),
		t.exec(`delete from earliest where connection_id = ?`, id), t.cancelWindows(now, id))
}

// leftID stands for the user id of a connection whose person is erased.
func leftID(key, userID []byte) string {
	hash := hashOf(key, "user_id", userID)
	return hex.EncodeToString(hash[:])
}

// Left returns the connections of erased people that Garmin is to be asked to end.
func (s *Store) Left(ctx context.Context) ([]Connection, error) {
	return s.connections(ctx, `where c.state < 2 and not (`+notErasing+`) order by c.id`)
}

// rejoin forgets the connection that the account of a user id left: its consent was
// replaced by a new one, which must not be ended.
func (t *tx) rejoin(key, userID []byte) error {
	var person int64
	err := t.row(`delete from connection where user_id = ? and state < 2 returning person_id`,
		[]any{leftID(key, userID)}, &person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return cmp.Or(err, t.deleteErased(person))
}

// deleteErased deletes a person of whom nothing is left to be erased, and no connection
// to be ended.
func (t *tx) deleteErased(person int64) error {
	return t.exec(`delete from person where id = ?1 and erasing_ms > 0 and not exists (select 1 from erasure where id = ?1)
		and not exists (select 1 from connection where person_id = ?1 and state < 2)`, person)
}
