package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// lease is how long a claimed delivery is not claimed again: far longer than
// processing takes. Leases end at a restart.
const lease = 10 * time.Minute

// slowBytes is the size from which a delivery is processed separately, so that
// no other waits for it.
const slowBytes = 256 << 10

// slow reports whether a delivery may take long: it is big, packed or unpacked.
func (d *Delivery) slow() bool { return d.Size > slowBytes || d.Encoding != "" }

// Claim takes the next deliveries to process: at most limit, not much over
// maxBytes. Those that may take long, and those that have failed before, are
// left to ClaimSlow, so that one that kills the process affects no others.
// It returns none if none is due.
func (s *Store) Claim(ctx context.Context, in *InboxReader, now time.Time, limit int, maxBytes int64) ([]Job, error) {
	jobs, err := s.claimKnown(ctx, in, now, quickLane, limit, maxBytes)
	if err != nil || len(jobs) > 0 {
		return jobs, err
	}
	// After a batch of only slow ones there may be others.
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
			if err := t.exec(`insert into delivery (id, state, attempts, due_ms, received_ms, size, type_key, slow)
				values (?, 0, ?, ?, ?, ?, ?, ?) on conflict (id) do update
				set attempts = attempts + excluded.attempts, due_ms = excluded.due_ms, slow = excluded.slow`,
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
// nil if none is due.
func (s *Store) ClaimSlow(ctx context.Context, in *InboxReader, now time.Time) (*Job, error) {
	jobs, err := s.claimKnown(ctx, in, now, slowLane, 1, 1)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return &jobs[0], nil
}

// The lanes in which deliveries are processed, as conditions.
const (
	quickLane = `slow = 0 and attempts = 0`
	slowLane  = `(slow = 1 or attempts > 0)`
)

// dueQuery goes along an index.
func dueQuery(lane string) string {
	return `select id, attempts, accepted, applied_ms, slow = 0 and attempts = 0 from delivery
		where state = 0 and due_ms <= ? and ` + lane + ` order by due_ms, id limit ?`
}

// claimKnown takes deliveries of a lane that the store already knows: at most
// limit, and not much over maxBytes.
// Their bodies are read before the write transaction, which keeps it
// short.
func (s *Store) claimKnown(ctx context.Context, in *InboxReader, now time.Time, lane string, limit int,
	maxBytes int64) ([]Job, error) {
	type due struct {
		id       int64
		attempts int
		accepted bool
		applied  int64
		quick    bool
	}
	rows, err := s.f.query(ctx, dueQuery(lane), now.UnixMilli(), limit)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (d due, err error) {
		return d, rows.Scan(&d.id, &d.attempts, &d.accepted, &d.applied, &d.quick)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	// The inbox is read first, since its faults are not the store's.
	bodies := make(map[int64]*Delivery, len(list))
	for i, d := range list {
		if maxBytes <= 0 {
			list = list[:i]
			break
		}
		body, err := in.delivery(ctx, d.id)
		if err != nil {
			return nil, err
		}
		if bodies[d.id] = body; body != nil {
			maxBytes -= body.Size
		}
		s.tell(body)
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
			if d.quick && delivery.slow() { // stored by a version without lanes, or without its body
				if err := t.exec(`update delivery set slow = 1 where id = ?`, d.id); err != nil {
					return err
				}
				continue
			}
			if err := t.exec(`update delivery set attempts = attempts + 1, due_ms = ? where id = ?`,
				now.Add(lease).UnixMilli(), d.id); err != nil {
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

// tell records the damage of a delivery that cannot be read.
func (s *Store) tell(d *Delivery) {
	if d != nil && d.unreadable != nil {
		s.damage.found(d.unreadable)
	}
}

// unreadable parks a delivery whose place in the inbox is damaged.
func (t *tx) unreadable(id int64, now time.Time) error {
	ms := now.UnixMilli()
	if err := t.exec(`insert into delivery (id, state, received_ms, size) values (?, 0, ?, 0) on conflict do nothing`, id,
		ms); err != nil {
		return err
	}
	if err := t.exec(`insert into issue (delivery_id, element, kind, type_key, reason, at_ms)
		values (?, -1, 1, '', ?, ?) on conflict do nothing`, id, ReasonPlaceDamaged, ms); err != nil {
		return err
	}
	return t.exec(`update delivery set state = 2, issues = issues | 2,
		applied_ms = case applied_ms when 0 then ? else applied_ms end, applied_up_ms = `+uptimeMS+` where id = ?`, ms, id)
}

// bodyGone ends a delivery whose body is not in the inbox. If it was applied
// before, its body was pruned and nothing is lost. Otherwise it is lost, and
// is parked so that it shows.
func (t *tx) bodyGone(id int64, applied bool, now time.Time) error {
	if applied {
		return t.exec(`update delivery set state = 2, reason = 'body no longer kept' where id = ?`, id)
	}
	if err := t.exec(`insert into issue (delivery_id, element, kind, type_key, reason, at_ms)
		values (?, -1, 1, '', 'its body is not in inbox.db any more', ?) on conflict do nothing`,
		id, now.UnixMilli()); err != nil {
		return err
	}
	return t.exec(`update delivery set state = 2, issues = issues | 2, applied_ms = ?, reason = 'body lost' where id = ?`,
		now.UnixMilli(), id)
}
