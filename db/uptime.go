package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// UptimeKind is the kind of an interval.
type UptimeKind string

// Up is time in which Garner ran; Unreachable is time in which it ran and its
// public address did not respond.
const (
	Up          UptimeKind = "up"
	Unreachable UptimeKind = "unreachable"
)

// UptimeInterval is time from From to To.
type UptimeInterval struct{ From, To time.Time }

// Grow extends the newest interval of a kind to now, or begins another if its end
// is further away than within, or in the future because the clock was set
// back. A new interval has no length.
func (s *Store) Grow(ctx context.Context, kind UptimeKind, now time.Time, within time.Duration) error {
	return s.w.do(ctx, func(t *tx) error {
		var id, end int64
		err := t.row(`select id, to_ms from uptime where kind = ? order by id desc limit 1`, []any{string(kind)}, &id, &end)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		ms := now.UnixMilli()
		if err == nil && ms >= end && ms-end <= within.Milliseconds() {
			return t.exec(`update uptime set to_ms = ? where id = ?`, ms, id)
		}
		return t.exec(`insert into uptime (kind, from_ms, to_ms) values (?, ?, ?)`, string(kind), ms, ms)
	})
}

// UptimeIntervals returns those that reach beyond an instant, in the order in which
// they were added.
func (s *Store) UptimeIntervals(ctx context.Context, kind UptimeKind, since time.Time) ([]UptimeInterval, error) {
	rows, err := s.f.query(ctx, `select from_ms, to_ms from uptime where kind = ? and to_ms >= ? order by id`,
		string(kind), since.UnixMilli())
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (st UptimeInterval, err error) {
		var from, to int64
		err = rows.Scan(&from, &to)
		st.From, st.To = time.UnixMilli(from), time.UnixMilli(to)
		return st, err
	})
}

// Signal is the latest of its kind.
type Signal struct {
	At     time.Time
	Value  int64
	Detail string
}

// SetSignal replaces the latest signal of a name.
func (s *Store) SetSignal(ctx context.Context, name string, signal Signal) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into signal (name, at_ms, value, detail) values (?, ?, ?, ?)
			on conflict do update set at_ms = excluded.at_ms, value = excluded.value, detail = excluded.detail`,
			name, signal.At.UnixMilli(), signal.Value, signal.Detail)
	})
}

// Signals returns the latest signal of each name.
func (s *Store) Signals(ctx context.Context) (map[string]Signal, error) {
	out := map[string]Signal{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var name string
		var sign Signal
		var at int64
		err := rows.Scan(&name, &at, &sign.Value, &sign.Detail)
		sign.At = time.UnixMilli(at)
		out[name] = sign
		return err
	}, `select name, at_ms, value, detail from signal`)
	return out, err
}
