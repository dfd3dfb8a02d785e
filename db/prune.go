package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Age is measured in Garner's own uptime, the total time that it has run, and
// not by the clock: a clock that is set a year ahead, or was in 1970, or a
// server that was off, makes nothing old.

// uptimeMS is the uptime in SQL.
const uptimeMS = `coalesce((select value from meta where name = 'up_ms'), 0)`

// AddUptime adds to the time that Garner has run.
func (s *Store) AddUptime(ctx context.Context, d time.Duration) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into meta (name, value) values ('up_ms', ?) on conflict (name) do update set value = value +
			excluded.value`, d.Milliseconds())
	})
}

// pruneStep is how many rows one transaction drops.
const pruneStep = 500

// Prunable returns deliveries that were processed at least keep of uptime ago
// and have nothing left to do, the earliest first: bodies of parked ones stay, and so do
// answers of the Personal API (see PrunableAnswers).
func (s *Store) Prunable(ctx context.Context, keep time.Duration, limit int) ([]int64, error) {
	return s.prunable(ctx, `type_key not glob 'personal/*'`, keep, limit)
}

// PrunableAnswers is Prunable for answers of the Personal API.
func (s *Store) PrunableAnswers(ctx context.Context, keep time.Duration, limit int) ([]int64, error) {
	return s.prunable(ctx, `type_key glob 'personal/*'`, keep, limit)
}

func (s *Store) prunable(ctx context.Context, which string, keep time.Duration, limit int) ([]int64, error) {
	rows, err := s.f.query(ctx, `select id from delivery where state = 2 and `+which+` and applied_up_ms <= `+uptimeMS+` - ?
		and issues = 0 order by applied_up_ms limit ?`, keep.Milliseconds(), limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// Processed is the number of deliveries that were processed and not pruned.
func (s *Store) Processed(ctx context.Context) (n int64, err error) {
	err = s.f.queryRow(ctx, `select processed from counter`).Scan(&n)
	return n, fault(err)
}

// Orphans is the number of elements that wait for a person.
func (s *Store) Orphans(ctx context.Context) (n int64, err error) {
	err = s.f.queryRow(ctx, `select coalesce(sum(count), 0) from issue where kind = 2`).Scan(&n)
	return n, fault(err)
}

// DropOldOrphans drops orphans that have waited for more than keep of uptime, at
// most limit elements, and counts them as dropped. It returns the number of
// elements dropped.
func (s *Store) DropOldOrphans(ctx context.Context, now time.Time, keep time.Duration, limit int64) (int64, error) {
	return s.dropOrphans(ctx, now, `and since_up_ms < `+uptimeMS+` - ?`, []any{keep.Milliseconds()}, limit)
}

// DropOrphans drops the n oldest orphans.
func (s *Store) DropOrphans(ctx context.Context, now time.Time, n int64) (int64, error) {
	return s.dropOrphans(ctx, now, ``, nil, n)
}

func (s *Store) dropOrphans(ctx context.Context, now time.Time, where string, args []any,
	n int64) (dropped int64, err error) {
	for dropped < n {
		var some int64
		err := s.w.do(ctx, func(t *tx) (err error) {
			some, err = t.dropOrphans(now, where, args, n-dropped)
			return err
		})
		if err != nil || some == 0 {
			return dropped, err
		}
		dropped += some
	}
	return dropped, nil
}

type orphanRow struct {
	delivery, element, count int64
	typ                      string
}

func (t *tx) dropOrphans(now time.Time, where string, args []any, n int64) (dropped int64, err error) {
	rows, err := t.query(`select delivery_id, element, count, type_key from issue where kind = 2 `+where+` order by
		delivery_id,
		element limit ?`,
		append(args, pruneStep)...)
	if err != nil {
		return 0, err
	}
	list, err := collect(rows, func(rows *sql.Rows) (o orphanRow, err error) {
		return o, rows.Scan(&o.delivery, &o.element, &o.count, &o.typ)
	})
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		if dropped == n {
			break
		}
		gone := min(o.count, n-dropped)
		if err := errors.Join(t.dropOrphan(o, gone),
			t.exec(`insert into tally (what, type_key, name, n, at_ms) values ('orphan dropped', ?, '', ?, ?)
				on conflict do update set n = n + excluded.n, at_ms =
				excluded.at_ms`, o.typ, gone, now.UnixMilli())); err != nil {
			return 0, err
		}
		dropped += gone
	}
	return dropped, nil
}

// dropOrphan drops some of the elements that a row stands for.
func (t *tx) dropOrphan(o orphanRow, gone int64) error {
	if gone < o.count {
		return t.exec(`update issue set count = count - ? where delivery_id = ? and element = ?`, gone, o.delivery, o.element)
	}
	if err := t.exec(`delete from issue where delivery_id = ? and element = ?`, o.delivery, o.element); err != nil {
		return err
	}
	return t.countIssues(o.delivery)
}
