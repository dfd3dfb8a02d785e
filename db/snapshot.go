package db

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot returns a read-only store that shows everything as it is now, despite
// later writes. It has a connection of its own, so that a slow reader delays no
// page. The log cannot restart until it is closed, so close it soon.
// Writing is not possible.
func (s *Store) Snapshot(ctx context.Context) (*Store, error) {
	p, err := pool(s.f.path, 1, readingOnly)
	if err != nil {
		return nil, err
	}
	conn, err := p.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fault(err), p.Close())
	}
	out := *s
	out.f = &file{path: s.f.path, r: p, snapshot: conn}
	out.w, out.checkpoints = newWriter(out.f), nil
	if _, err = conn.ExecContext(ctx, `begin`); err == nil {
		var one sql.NullInt64 // the first read fixes the snapshot
		err = conn.QueryRowContext(ctx, `select max(id) from type`).Scan(&one)
	}
	if err != nil {
		return nil, errors.Join(fault(err), out.Close())
	}
	return &out, nil
}
