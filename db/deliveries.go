package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// State is where a delivery stands.
type State uint8

// The states. What could not be processed inside a delivery is told by its
// Issues; a delivery without a state row is waiting.
const (
	Waiting State = iota
	Quarantined
	Done
)

// IssueKind says why an element is not a record.
type IssueKind uint8

// The kinds of issues.
const (
	Parked   IssueKind = 1 + iota // could not be processed
	Orphaned                      // of nobody we know
	Fetching                      // a ping whose data are still to be fetched
	Held                          // in a quarantined delivery
)

// Issue is an element that could not become a record (yet). Element -1 is the
// delivery as a whole.
type Issue struct {
	Delivery int64
	Element  int32
	Kind     IssueKind
	Type     string
	UserID   string
	Reason   string
	// Count is the number of elements that this issue stands for.
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
	// what it leaves out is not counted yet.
	First bool
	// Accepted means that a keeper has accepted it out of quarantine.
	Accepted bool
}

// lease is how long a claimed delivery is left alone: far longer than
// processing takes. Leases end at a restart.
const lease = 10 * time.Minute

// Claim takes the next deliveries to process: at most limit, not much over
// maxBytes. A delivery that has failed before comes alone, so that one that
// kills the process takes no other with it. It gives none where nothing is
// due.
func (s *Store) Claim(ctx context.Context, in *Inbox, now time.Time, limit int, maxBytes int64) ([]Job, error) {
	jobs, err := s.claimAgain(ctx, in, now, limit)
	if err != nil || len(jobs) > 0 {
		return jobs, err
	}
	after, err := s.highWater(ctx)
	if err != nil {
		return nil, err
	}
	fresh, err := in.After(ctx, after, limit, maxBytes)
	if err != nil || len(fresh) == 0 {
		return nil, err
	}
	due := now.Add(lease).UnixMilli()
	err = s.w.do(ctx, func(t *tx) error {
		for _, d := range fresh {
			if err := t.exec(`insert into delivery (id, state, attempts, due_ms, received_ms, size, type) values (?, 0, 1, ?, ?, ?, ?)
				on conflict (id) do update set attempts = attempts + 1, due_ms = excluded.due_ms`,
				d.ID, due, d.Received.UnixMilli(), d.Size, d.Path); err != nil {
				return err
			}
			jobs = append(jobs, Job{Delivery: d, Attempt: 1, First: true})
		}
		return t.setMeta("high_water", fresh[len(fresh)-1].ID)
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	return jobs, nil
}

// claimAgain takes deliveries that were processed before: one that failed, or
// several that were only asked for again.
func (s *Store) claimAgain(ctx context.Context, in *Inbox, now time.Time, limit int) ([]Job, error) {
	type due struct {
		id       int64
		attempts int
		accepted bool
		applied  int64
	}
	rows, err := s.f.query(ctx, `select id, attempts, accepted, applied_ms from delivery where state = 0 and state <> 2 and due_ms <= ? order by due_ms, id limit ?`, now.UnixMilli(), limit)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (d due, err error) {
		return d, rows.Scan(&d.id, &d.attempts, &d.accepted, &d.applied)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for i, d := range list {
		if d.attempts > 0 {
			list = list[:max(i, 1)] // alone, after those before it
			break
		}
	}
	var jobs []Job
	err = s.w.do(ctx, func(t *tx) error {
		for _, d := range list {
			delivery, err := in.Delivery(ctx, d.id)
			if errors.Is(err, ErrNotFound) {
				// Its body was pruned: what it made stands.
				if err := t.exec(`update delivery set state = 2, reason = 'body no longer kept' where id = ?`, d.id); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			if err := t.exec(`update delivery set attempts = attempts + 1, due_ms = ? where id = ?`, now.Add(lease).UnixMilli(), d.id); err != nil {
				return err
			}
			jobs = append(jobs, Job{Delivery: delivery, Attempt: d.attempts + 1, First: d.applied == 0, Accepted: d.accepted})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries again: %w", err)
	}
	return jobs, nil
}

// EndLeases frees what a former process had claimed when it ended without
// notice. What it held for the first time is due at once. What it had tried
// before may be what kills the process, so it waits, longer each time, as
// again says by the number of attempts; others go on meanwhile. Only who holds
// the lock of the data directory may call it.
func (s *Store) EndLeases(ctx context.Context, now time.Time, again func(attempts int) time.Duration) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`update delivery set due_ms = 0 where state = 0 and state <> 2 and attempts <= 1`); err != nil {
			return err
		}
		rows, err := t.query(`select id, attempts from delivery where state = 0 and state <> 2 and due_ms > ?`, now.UnixMilli())
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
	return t.exec(`insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value`, name, value)
}

// NextDue is when the next waiting delivery that was tried before is due; zero
// where there is none.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var ms sql.NullInt64
	err := s.f.queryRow(ctx, `select min(due_ms) from delivery where state = 0 and state <> 2`).Scan(&ms)
	if err != nil || !ms.Valid {
		return time.Time{}, fault(err)
	}
	return time.UnixMilli(ms.Int64), nil
}

// Again sets deliveries to waiting: all their elements are processed anew.
// Accept takes quarantined ones out of quarantine. It gives the number of
// deliveries that it found.
func (s *Store) Again(ctx context.Context, accept bool, ids ...int64) (n int64, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		for _, id := range ids {
			res, err := t.result(`update delivery set state = 0, due_ms = 0, attempts = 0, set_aside = 0, accepted = max(accepted, ?) where id = ?`, accept, id)
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

// Between gives the claimed deliveries received in [from, to), in rising order.
// It is asked here and not of the inbox, where an index for it would slow every
// callback down.
func (s *Store) Between(ctx context.Context, from, to time.Time) ([]int64, error) {
	rows, err := s.f.query(ctx, `select id from delivery where received_ms >= ? and received_ms < ? order by id`, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// ParkedIDs gives the deliveries with parked elements, except those set aside;
// reason and typ narrow it where not empty.
func (s *Store) ParkedIDs(ctx context.Context, typ, reason string) ([]int64, error) {
	rows, err := s.f.query(ctx, `select distinct i.delivery from issue i join delivery d on d.id = i.delivery
		where i.kind = 1 and d.set_aside = 0 and (? = '' or i.type = ?) and (? = '' or i.reason = ?) order by 1`, typ, typ, reason, reason)
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

// Counts is the inbox at a glance, as `garner inbox --json` prints it.
type Counts struct {
	Waiting     int64 `json:"waiting"`
	Fetching    int64 `json:"fetching"`
	Done        int64 `json:"done"`
	Parked      int64 `json:"parked"`
	Quarantined int64 `json:"quarantined"`
	Orphaned    int64 `json:"orphaned"`
	// OldestWaiting is in seconds.
	OldestWaiting int64 `json:"oldest_waiting_s"`
	// Size is the bytes of what waits.
	Size int64 `json:"-"`
}

// Counts counts deliveries by state. A delivery counts as parked, orphaned …
// while any element of it is, and as done only where none is parked, orphaned
// or held.
func (s *Store) Counts(ctx context.Context, in *Inbox, now time.Time) (Counts, error) {
	var c Counts
	var done, open int64
	var oldestKnown sql.NullInt64
	var after int64
	err := s.f.queryRow(ctx, `select
		(select count(*) from delivery where state = 0 and state <> 2), (select min(received_ms) from delivery where state = 0 and state <> 2),
		(select coalesce(sum(size), 0) from delivery where state = 0 and state <> 2),
		(select count(*) from delivery) - (select count(*) from delivery where state <> 2),
		(select count(*) from delivery where state = 1 and state <> 2),
		coalesce(sum(parked), 0), coalesce(sum(orphaned), 0), coalesce(sum(fetching), 0), coalesce(sum(parked_any or orphaned), 0),
		coalesce((select value from meta where name = 'high_water'), 0)
		from (select max(i.kind = 1 and d.set_aside = 0) as parked, max(i.kind = 1) as parked_any, max(i.kind = 2) as orphaned, max(i.kind = 3) as fetching
			from issue i join delivery d on d.id = i.delivery where d.state = 2 group by i.delivery)`).
		Scan(&c.Waiting, &oldestKnown, &c.Size, &done, &c.Quarantined, &c.Parked, &c.Orphaned, &c.Fetching, &open, &after)
	if err != nil {
		return c, fault(err)
	}
	c.Done = done - open
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

// Backlog counts what is stored and was never applied, with its bytes: what
// Inbox.SetBacklog wants to know at start.
func (s *Store) Backlog(ctx context.Context, in *Inbox) (rows, size int64, err error) {
	after, err := s.highWater(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := s.f.queryRow(ctx, `select count(*), coalesce(sum(size), 0) from delivery where state = 0 and state <> 2 and applied_ms = 0`).Scan(&rows, &size); err != nil {
		return 0, 0, fault(err)
	}
	moreRows, moreSize, _, _, err := in.Tail(ctx, after)
	return rows + moreRows, size + moreSize, err
}
