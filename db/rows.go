package db

import (
	"context"
	"database/sql"
	"encoding/json"
)

// scan runs a reading statement and hands on its rows.
func (s *Store) scan(ctx context.Context, row func(*sql.Rows) error, text string, args ...any) error {
	rows, err := s.f.query(ctx, text, args...)
	if err != nil {
		return fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return fault(err)
		}
	}
	return fault(rows.Err())
}

// collect scans all rows and closes them.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fault(err)
		}
		out = append(out, v)
	}
	return out, fault(rows.Err())
}

// list writes numbers, tuples of them, or texts for json_each.
func list[T string | int64 | [2]int64 | [3]int64](of []T) string {
	if len(of) == 0 {
		return "[]" // of nil it would be null, which has one row
	}
	text, err := json.Marshal(of)
	if err != nil {
		panic(err) // these are always written
	}
	return string(text)
}
