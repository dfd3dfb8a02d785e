package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// FoundBody is a delivery whose body names a person who is being erased.
type FoundBody struct {
	Delivery int64
	// Alone means that it names no one else.
	Alone bool
}

// MarkBodies records bodies that are to be deleted once their deliveries are settled,
// and that the deliveries up to through were searched. A delivery that is parked or
// quarantined and names no one else is settled with it.
func (s *Store) MarkBodies(ctx context.Context, person, through int64, found []FoundBody) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, f := range found {
			if err := t.markBody(f); err != nil {
				return err
			}
		}
		return t.exec(`update erasure set through = max(through, ?) where id = ?`, through, person)
	})
}

func (t *tx) markBody(f FoundBody) error {
	if err := t.exec(`update delivery set erase = 1 where id = ?`, f.Delivery); err != nil {
		return err
	}
	if f.Alone {
		if err := t.exec(`delete from issue where delivery_id = ?`, f.Delivery); err != nil {
			return err
		}
		if err := t.exec(`update delivery set state = 2 where id = ? and state = 1`, f.Delivery); err != nil {
			return err
		}
		return t.countIssues(f.Delivery)
	}
	// A row that names no one may stand for elements of several people: it is made
	// again without the person's.
	return t.exec(`update delivery set state = 0, due_ms = 0, attempts = 0 where id = ? and state = 2
		and exists (select 1 from issue
		where delivery_id = delivery.id and element >= 0 and user_id in ('', ?))`,
		f.Delivery, AnyUser)
}

// Erasable returns deliveries whose bodies name an erased person and in which
// nothing is left to do for others.
func (s *Store) Erasable(ctx context.Context, limit int) ([]int64, error) {
	rows, err := s.f.query(ctx, `select id from delivery where erase = 1 and state = 2 and issues = 0 order by id limit ?`,
		limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// InHand reports whether a delivery up to last may just be being processed, by what
// was known before an erasure.
func (s *Store) InHand(ctx context.Context, now time.Time, last int64) (yes bool, err error) {
	err = s.f.queryRow(ctx, `select exists (select 1 from delivery where state = 0 and due_ms > ? and attempts > 0
		and id <= ?)`, now.UnixMilli(), last).Scan(&yes)
	return yes, fault(err)
}

// Stored returns what After returns. Places that are damaged are left out one by one,
// as deliveries whose Body fails.
func (in *InboxReader) Stored(ctx context.Context, after int64, limit int, maxBytes int64) ([]*Delivery, error) {
	list, err := in.After(ctx, after, limit, maxBytes)
	if errors.Is(err, ErrBroken) {
		list, err = in.afterOneByOne(ctx, after, limit)
	}
	return list, err
}
