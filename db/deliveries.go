package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// State is the processing state of a delivery.
type State uint8

// The states. Elements that could not be processed are reported as the
// delivery's Issues; a delivery without a state row is waiting.
const (
	Waiting State = iota
	Quarantined
	Done
)

// IssueKind is the reason why an element is not a record.
type IssueKind uint8

// The kinds of issues.
const (
	Parked   IssueKind = 1 + iota // could not be processed
	Orphaned                      // of an unknown person
	Fetching                      // a ping whose data must still be fetched
	Held                          // in a quarantined delivery
)

// Issue is an element that could not become a record (yet). Element -1 is the
// delivery as a whole.
type Issue struct {
	Delivery int64
	Element  int32
	Kind     IssueKind
	Type     string
	// UserID is Garmin's, as in the element. For an orphan that has only a
	// token it is "token:" and the token's name.
	UserID string
	// Token is the name of an old token (see TokenName); orphans only.
	Token  string
	Reason string
	// Count is the number of elements that this issue covers.
	Count int
	At    time.Time
}

// Job is a delivery that was claimed for processing. Its attempt is counted
// and committed already.
type Job struct {
	*Delivery
	// Attempt counts from 1.
	Attempt int
	// First means that it was never applied: it belongs to the backlog, and
	// what it leaves out is not yet counted.
	First bool
	// Accepted means that an admin has accepted it out of quarantine.
	Accepted bool
}

// EndLeases releases what an earlier process had claimed when it ended
// unexpectedly. Deliveries claimed for the first time are due at once. Those
// tried before may be what kills the process, so they wait for the time that
// again returns for the number of attempts; others continue. Only the process
// that holds the lock of the data directory may call it.
func (s *Store) EndLeases(ctx context.Context, now time.Time, again func(attempts int) time.Duration) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`update delivery set due_ms = 0 where state = 0 and attempts <= 1`); err != nil {
			return err
		}
		rows, err := t.query(`select id, attempts from delivery where state = 0 and due_ms > ?`,
			now.UnixMilli())
		if err != nil {
			return err
		}
		held, err := collect(rows, func(rows *sql.Rows) (h [2]int64, err error) { return h, rows.Scan(&h[0], &h[1]) })
		if err != nil {
			return err
		}
		for _, h := range held {
			due := now.Add(again(int(h[1] - 1))).UnixMilli()
			if err := t.exec(`update delivery set due_ms = min(due_ms, ?) where id = ?`, due, h[0]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) highWater(ctx context.Context) (id int64, err error) {
	err = s.f.queryRow(ctx, `select value from meta where name = 'high_water'`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, fault(err)
}

func (t *tx) setMeta(name string, value int64) error {
	return t.exec(`insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value`,
		name, value)
}

// Requeue sets deliveries to waiting: all their elements are processed again.
// Accept takes quarantined ones out of quarantine. It returns the number of
// deliveries that it found.
func (s *Store) Requeue(ctx context.Context, accept bool, ids ...int64) (n int64, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		for _, id := range ids {
			res, err := t.result(`update delivery set state = 0, due_ms = 0, attempts = 0, set_aside = 0, accepted =
				max(accepted, ?) where id = ?`, accept, id)
			if err != nil {
				return err
			}
			found, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += found
		}
		return nil
	})
	return n, err
}

// CountWaiting counts those of some deliveries that wait to be processed.
func (s *Store) CountWaiting(ctx context.Context, ids []int64) (n int, err error) {
	for _, id := range ids {
		var one int
		if err := s.f.queryRow(ctx, `select count(*) from delivery where id = ? and state = 0`, id).Scan(&one); err != nil {
			return 0, fault(err)
		}
		n += one
	}
	return n, nil
}

// Between returns the claimed deliveries received in [from, to), in rising order.
// It uses this database, since an index for it in the inbox would slow down every
// callback.
func (s *Store) Between(ctx context.Context, from, to time.Time) ([]int64, error) {
	rows, err := s.f.query(ctx, `select id from delivery where received_ms >= ? and received_ms < ? order by id`,
		from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// ParkedIDs returns the deliveries with parked elements, except those set aside;
// reason and typ narrow it if not empty.
func (s *Store) ParkedIDs(ctx context.Context, typ, reason string) ([]int64, error) {
	rows, err := s.f.query(ctx, `select distinct i.delivery_id from issue i join delivery d on d.id = i.delivery_id
		where i.kind = 1 and d.set_aside = 0 and (? = '' or i.type_key = ?) and (? = '' or i.reason = ?) order by 1`,
		typ, typ, reason, reason)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// SetAside takes a delivery's parked elements out of the lists, or puts them
// back.
func (s *Store) SetAside(ctx context.Context, id int64, aside bool) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update delivery set set_aside = ? where id = ?`, aside, id)
	})
}

// Counts summarizes the inbox, as printed by `garner inbox --json`.
type Counts struct {
	Waiting     int64 `json:"waiting"`
	Fetching    int64 `json:"fetching"`
	Done        int64 `json:"done"`
	Parked      int64 `json:"parked"`
	Quarantined int64 `json:"quarantined"`
	Orphaned    int64 `json:"orphaned"`
	// OldestWaiting is in seconds.
	OldestWaiting int64 `json:"oldest_waiting_s"`
	// Size is the total bytes of waiting deliveries.
	Size int64 `json:"-"`
}

// Counts counts deliveries by state. A delivery counts as parked, orphaned …
// while any element of it is, and as done only where none is parked, orphaned
// or held. It reads counters, so its cost does not depend on the number of deliveries.
func (s *Store) Counts(ctx context.Context, in *InboxReader, now time.Time) (Counts, error) {
	var c Counts
	var processed, unfinished, after int64
	var oldestKnown sql.NullInt64
	err := s.f.queryRow(ctx, `select waiting, waiting_bytes, quarantined, processed, parked, orphaned, fetching,
		unfinished, (select min(received_ms) from delivery where state = 0),
		coalesce((select value from meta where name = 'high_water'), 0) from counter`).Scan(&c.Waiting, &c.Size,
		&c.Quarantined, &processed, &c.Parked, &c.Orphaned, &c.Fetching, &unfinished, &oldestKnown, &after)
	if err != nil {
		return c, fault(err)
	}
	c.Done = processed - unfinished
	rows, size, _, oldest, err := in.Tail(ctx, after)
	if err != nil {
		return c, err
	}
	c.Waiting += rows
	c.Size += size
	if oldestKnown.Valid && (oldest.IsZero() || time.UnixMilli(oldestKnown.Int64).Before(oldest)) {
		oldest = time.UnixMilli(oldestKnown.Int64)
	}
	if !oldest.IsZero() {
		c.OldestWaiting = max(0, int64(now.Sub(oldest)/time.Second))
	}
	return c, nil
}

// ParkedCount is the number of deliveries with parked elements that are not
// set aside.
func (s *Store) ParkedCount(ctx context.Context) (n int64, err error) {
	err = s.f.queryRow(ctx, `select parked from counter`).Scan(&n)
	return n, fault(err)
}

// Backlog counts the deliveries that were never applied, and their bytes, for
// Inbox.SetBacklog at start.
func (s *Store) Backlog(ctx context.Context, in *InboxReader) (rows, size int64, err error) {
	after, err := s.highWater(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := s.f.queryRow(ctx, `select count(*), coalesce(sum(size), 0) from delivery
		where state = 0 and applied_ms = 0`).Scan(&rows, &size); err != nil {
		return 0, 0, fault(err)
	}
	moreRows, moreSize, _, _, err := in.Tail(ctx, after)
	return rows + moreRows, size + moreSize, err
}
