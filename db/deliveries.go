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
	// Token is the name of an old token (see TokenName); orphans only.
	Token  string
	Reason string
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

// slowBytes is the size from which a delivery is processed by itself, beside
// the others, so that none of them waits for it.
const slowBytes = 256 << 10

// slow says whether a delivery may take long: it is big, or may unpack to be.
func (d *Delivery) slow() bool { return d.Size > slowBytes || d.Encoding != "" }

// Claim takes the next deliveries to process: at most limit, not much over
// maxBytes. It leaves those to ClaimSlow that may take long, and those that
// have failed before, so that one that kills the process takes no other with
// it. It gives none where nothing is due.
func (s *Store) Claim(ctx context.Context, in *InboxReader, now time.Time, limit int, maxBytes int64) ([]Job, error) {
	jobs, err := s.claimKnown(ctx, in, now, `slow = 0 and attempts = 0`, limit)
	if err != nil || len(jobs) > 0 {
		return jobs, err
	}
	// A batch of nothing but slow ones is no end: others may come after it.
	for {
		after, err := s.highWater(ctx)
		if err != nil {
			return nil, err
		}
		fresh, err := in.After(ctx, after, limit, maxBytes)
		if errors.Is(err, ErrBroken) {
			fresh, err = in.afterOneByOne(ctx, after, limit)
		}
		if err != nil || len(fresh) == 0 {
			return nil, err
		}
		if jobs, err = s.claimFresh(ctx, fresh, now); err != nil || len(jobs) > 0 {
			return jobs, err
		}
	}
}

// claimFresh claims deliveries that were never claimed, and notes those that
// may take long.
func (s *Store) claimFresh(ctx context.Context, fresh []*Delivery, now time.Time) (jobs []Job, err error) {
	leased := now.Add(lease).UnixMilli()
	err = s.w.do(ctx, func(t *tx) error {
		for _, d := range fresh {
			if d.unreadable != nil {
				if err := t.unreadable(d.ID, now); err != nil {
					return err
				}
				continue
			}
			slow, attempts, due := d.slow(), 1, leased
			if slow {
				attempts, due = 0, 0
			}
			if err := t.exec(`insert into delivery (id, state, attempts, due_ms, received_ms, size, type, slow) values (?, 0, ?, ?, ?, ?, ?, ?)
				on conflict (id) do update set attempts = attempts + excluded.attempts, due_ms = excluded.due_ms, slow = excluded.slow`,
				d.ID, attempts, due, d.Received.UnixMilli(), d.Size, d.Path, slow); err != nil {
				return err
			}
			if !slow {
				jobs = append(jobs, Job{Delivery: d, Attempt: 1, First: true})
			}
		}
		return t.setMeta("high_water", fresh[len(fresh)-1].ID)
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	for _, d := range fresh {
		s.tell(d)
	}
	return jobs, nil
}

// ClaimSlow takes one delivery that may take long, or that has failed before;
// nil where none is due.
func (s *Store) ClaimSlow(ctx context.Context, in *InboxReader, now time.Time) (*Job, error) {
	jobs, err := s.claimKnown(ctx, in, now, `(slow = 1 or attempts > 0)`, 1)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return &jobs[0], nil
}

// claimKnown takes deliveries that the store knows already, of those that
// which, a condition in SQL, says.
func (s *Store) claimKnown(ctx context.Context, in *InboxReader, now time.Time, which string, limit int) ([]Job, error) {
	type due struct {
		id       int64
		attempts int
		accepted bool
		applied  int64
		quick    bool
	}
	rows, err := s.f.query(ctx, `select id, attempts, accepted, applied_ms, slow = 0 and attempts = 0 from delivery
		where state = 0 and state <> 2 and due_ms <= ? and `+which+`
		order by due_ms, id limit ?`, now.UnixMilli(), limit)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (d due, err error) {
		return d, rows.Scan(&d.id, &d.attempts, &d.accepted, &d.applied, &d.quick)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	// What is wrong with the inbox is no fault of the store: it is read before.
	bodies := make(map[int64]*Delivery, len(list))
	for _, d := range list {
		if bodies[d.id], err = in.delivery(ctx, d.id); err != nil {
			return nil, err
		}
		s.tell(bodies[d.id])
	}
	var jobs []Job
	err = s.w.do(ctx, func(t *tx) error {
		for _, d := range list {
			delivery := bodies[d.id]
			if delivery == nil {
				if err := t.bodyGone(d.id, d.applied > 0, now); err != nil {
					return err
				}
				continue
			}
			if delivery.unreadable != nil {
				if err := t.unreadable(d.id, now); err != nil {
					return err
				}
				continue
			}
			if d.quick && delivery.slow() { // noted by a version that knew no lanes, or without its body
				if err := t.exec(`update delivery set slow = 1 where id = ?`, d.id); err != nil {
					return err
				}
				continue
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

// tell notes the damage of a delivery that cannot be read.
func (s *Store) tell(d *Delivery) {
	if d != nil && d.unreadable != nil {
		s.damage.found(d.unreadable)
	}
}

// unreadable parks a delivery whose place in the inbox is damaged.
func (t *tx) unreadable(id int64, now time.Time) error {
	ms := now.UnixMilli()
	if err := t.exec(`insert into delivery (id, state, received_ms, size) values (?, 0, ?, 0) on conflict do nothing`, id, ms); err != nil {
		return err
	}
	if err := t.exec(`insert into issue (delivery, element, kind, type, reason, at_ms)
		values (?, -1, 1, '', 'its place in inbox.db is damaged', ?) on conflict do nothing`, id, ms); err != nil {
		return err
	}
	return t.exec(`update delivery set state = 2, issues = issues | 2, applied_ms = case applied_ms when 0 then ? else applied_ms end,
		applied_up_ms = `+uptimeMS+` where id = ?`, ms, id)
}

// bodyGone ends a delivery whose body is not in the inbox. What was applied
// before stands: its body was pruned. One that never was is lost, and is
// parked so that it is seen.
func (t *tx) bodyGone(id int64, applied bool, now time.Time) error {
	if applied {
		return t.exec(`update delivery set state = 2, reason = 'body no longer kept' where id = ?`, id)
	}
	if err := t.exec(`insert into issue (delivery, element, kind, type, reason, at_ms) values (?, -1, 1, '', 'its body is not in inbox.db any more', ?)
		on conflict do nothing`, id, now.UnixMilli()); err != nil {
		return err
	}
	return t.exec(`update delivery set state = 2, issues = issues | 2, applied_ms = ?, reason = 'body lost' where id = ?`, now.UnixMilli(), id)
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
// or held. It reads counters: its cost does not grow with what there is.
func (s *Store) Counts(ctx context.Context, in *InboxReader, now time.Time) (Counts, error) {
	var c Counts
	var processed, unfinished, after int64
	var oldestKnown sql.NullInt64
	err := s.f.queryRow(ctx, `select waiting, waiting_bytes, quarantined, processed, parked, orphaned, fetching, unfinished,
		(select min(received_ms) from delivery where state = 0 and state <> 2), coalesce((select value from meta where name = 'high_water'), 0)
		from counter`).Scan(&c.Waiting, &c.Size, &c.Quarantined, &processed, &c.Parked, &c.Orphaned, &c.Fetching, &unfinished, &oldestKnown, &after)
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

// Backlog counts what is stored and was never applied, with its bytes: what
// Inbox.SetBacklog wants to know at start.
func (s *Store) Backlog(ctx context.Context, in *InboxReader) (rows, size int64, err error) {
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
