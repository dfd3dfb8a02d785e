package db

import (
	"context"
	"database/sql"

	"garner/health"
)

// RecordOf returns the current record of a person and type with a natural key, or
// ErrNotFound if there is none, it is hidden or the type is small. A damaged one is
// its *DamagedError.
func (s *Store) RecordOf(ctx context.Context, person int64, typ, key string) (*health.Record, error) {
	k, ok := s.kinds[typ]
	if !ok || k.Packed {
		return nil, ErrNotFound
	}
	rows, err := s.f.query(ctx, `select `+recordColumns+` from record
		where person_id = ? and type_id = ? and key = ? and hidden = 0`, person, k.id, key)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (read, error) { return s.scanRecord(rows, person, typ) })
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return list[0].rec, list[0].err
}
