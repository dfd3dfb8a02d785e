package db

import (
	"context"
	"database/sql"
	"time"
)

// WindowTally counts the windows of one connection in one state.
type WindowTally struct {
	Person, Connection int64
	State              BackfillState
	N                  int
	// Arrived are those of which records came.
	Arrived int
	// Due is the earliest at which one may be asked.
	Due time.Time
}

const tallyQuery = `select person_id, connection_id, state, count(*), sum(records > 0), min(due_ms) from backfill
	where person_id in (select value from json_each(?)) group by person_id, connection_id, state`

// WindowTallies counts the windows of some people in one query.
func (s *Store) WindowTallies(ctx context.Context, people []int64) (out []WindowTally, err error) {
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var t WindowTally
		var due int64
		err := rows.Scan(&t.Person, &t.Connection, &t.State, &t.N, &t.Arrived, &due)
		t.Due = instant(due)
		out = append(out, t)
		return err
	}, tallyQuery, list(people))
	return out, err
}
