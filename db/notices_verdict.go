package db

import (
	"context"
	"database/sql"
	"math"
	"time"
)

// Verdict is what Garmin's answer says of a notice.
type Verdict uint8

// The verdicts.
const (
	Claimed   Verdict = iota // not known
	Confirmed                // Garmin says the same
	Refuted                  // Garmin says otherwise
)

// never is when Garmin is asked about the notices of people without a connection.
const never = math.MaxInt64

// mostDueNotices is how many notices are listed at a time.
const mostDueNotices = 1000

// DueNotices returns claimed notices that Garmin may be asked about, by the
// connection that each is about: it has not ended, and began before the notice came.
func (s *Store) DueNotices(ctx context.Context, now time.Time) (map[int64][]Notice, error) {
	out := map[int64][]Notice{}
	rows, err := s.f.query(ctx, dueNotices, now.UnixMilli(), now.UnixMilli()+mostWait, mostDueNotices)
	if err != nil {
		return nil, fault(err)
	}
	type due struct {
		Notice
		connection int64
	}
	list, err := collect(rows, func(rows *sql.Rows) (d due, err error) {
		d.Notice, err = scanNotice(rows, &d.connection)
		return d, err
	})
	for _, d := range list {
		out[d.connection] = append(out[d.connection], d.Notice)
	}
	return out, err
}

// SettleNotices records the verdicts of some notices, and when Garmin may be asked again
// about those that stay claims.
func (s *Store) SettleNotices(ctx context.Context, list []Notice) error {
	return s.eachNotice(ctx, list, func(t *tx, n *Notice) error {
		return t.exec(`update notice set verdict = ?, due_ms = iif(?1 = 0, ?, due_ms) where delivery_id = ? and element = ?`,
			n.Verdict, n.Due.UnixMilli(), n.Delivery, n.Element)
	})
}

// PostponeNotices records when Garmin may be asked about some notices again.
func (s *Store) PostponeNotices(ctx context.Context, list []Notice, due time.Time) error {
	return s.eachNotice(ctx, list, func(t *tx, n *Notice) error {
		return t.exec(`update notice set due_ms = ? where delivery_id = ? and element = ?`, due.UnixMilli(), n.Delivery,
			n.Element)
	})
}

func (s *Store) eachNotice(ctx context.Context, list []Notice, do func(*tx, *Notice) error) error {
	return s.w.do(ctx, func(t *tx) error {
		for i := range list {
			if err := do(t, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
