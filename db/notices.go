package db

import (
	"context"
	"database/sql"
	"time"
)

const (
	noticeColumns = `select delivery_id, element, person_id, type_key, detail, at_ms, verdict from notice `
	dueNotices    = `select n.delivery_id, n.element, n.person_id, n.type_key, n.detail, n.at_ms, n.verdict, c.id
		from notice n join connection c on c.person_id = n.person_id and c.state < 2 and c.began_ms <= n.at_ms
		where n.verdict = 0 and (n.due_ms <= ?1 or n.due_ms > ?2) order by n.due_ms limit ?3`
	noticeOrder = `order by person_id desc, at_ms desc, delivery_id desc, element desc`
)

// Notices returns Garmin's notices about connections, newest first for each person.
func (s *Store) Notices(ctx context.Context) (map[int64][]Notice, error) {
	return s.notices(ctx, noticeColumns+noticeOrder)
}

// NoticesOf returns those of some people.
func (s *Store) NoticesOf(ctx context.Context, people []int64) (map[int64][]Notice, error) {
	return s.notices(ctx, noticeColumns+`where person_id in (select value from json_each(?)) `+noticeOrder, list(people))
}

func (s *Store) notices(ctx context.Context, text string, args ...any) (map[int64][]Notice, error) {
	rows, err := s.f.query(ctx, text, args...)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (Notice, error) { return scanNotice(rows) })
	out := map[int64][]Notice{}
	for _, n := range list {
		out[n.Person] = append(out[n.Person], n)
	}
	return out, err
}

// scanNotice reads a notice, and what follows its columns.
func scanNotice(rows *sql.Rows, more ...any) (n Notice, err error) {
	var at int64
	err = rows.Scan(append([]any{&n.Delivery, &n.Element, &n.Person, &n.Type, &n.Detail, &at, &n.Verdict}, more...)...)
	n.At = time.UnixMilli(at)
	return n, err
}

// RecentNotices is how many of a person's newest notices are listed on pages.
const RecentNotices = 5

// DropNotices deletes notices that no longer matter.
func (s *Store) DropNotices(ctx context.Context, list []Notice) error {
	return s.eachNotice(ctx, list, func(t *tx, n *Notice) error {
		return t.exec(`delete from notice where delivery_id = ? and element = ?`, n.Delivery, n.Element)
	})
}

// Unprocessed counts the deliveries that wait to be applied for the first
// time, and returns when the oldest of them arrived (zero for none). Deliveries
// that are processed again do not count.
func (s *Store) Unprocessed(ctx context.Context, in *InboxReader) (n int64, oldest time.Time, err error) {
	after, err := s.highWater(ctx)
	if err != nil {
		return 0, oldest, err
	}
	var known sql.NullInt64
	if err := s.f.queryRow(ctx, `select count(*), min(received_ms) from delivery
		where state = 0 and applied_ms = 0`).Scan(&n, &known); err != nil {
		return 0, oldest, fault(err)
	}
	more, _, _, oldest, err := in.Tail(ctx, after)
	if known.Valid && (oldest.IsZero() || time.UnixMilli(known.Int64).Before(oldest)) {
		oldest = time.UnixMilli(known.Int64)
	}
	return n + more, oldest, err
}

// ParkedSince counts the deliveries that are parked and not set aside, and
// gives when the oldest of them came (zero for none).
func (s *Store) ParkedSince(ctx context.Context) (n int64, since time.Time, err error) {
	var at sql.NullInt64
	err = s.f.queryRow(ctx, `select parked, (select min(received_ms) from delivery where issues & 2 and set_aside = 0)
		from counter`).Scan(&n, &at)
	if at.Valid {
		since = time.UnixMilli(at.Int64)
	}
	return n, since, fault(err)
}

// Quarantined counts the deliveries with a wrong client id and returns when the
// newest of them came (zero for none).
func (s *Store) Quarantined(ctx context.Context) (n int64, newest time.Time, err error) {
	var at sql.NullInt64
	err = s.f.queryRow(ctx, `select quarantined, (select max(received_ms) from delivery where state = 1)
		from counter`).Scan(&n, &at)
	return n, instant(at.Int64), fault(err)
}

// Released returns when the oldest delivery came that waits to be processed
// again, because a person was added or a parked delivery was requeued;
// zero for none.
func (s *Store) Released(ctx context.Context) (oldest time.Time, err error) {
	var at sql.NullInt64
	err = s.f.queryRow(ctx, `select min(received_ms) from delivery d where state = 0 and applied_ms > 0
		and exists (select 1 from issue i where i.delivery_id = d.id and i.kind in (1, 2))`).Scan(&at)
	return instant(at.Int64), fault(err)
}

// ParkedNews is when an element of a person and type that could not be
// processed came last.
type ParkedNews struct {
	Person int64
	Type   string
	At     time.Time
}

// ParkedNews returns them for all people, as far as the elements name them.
func (s *Store) ParkedNews(ctx context.Context) ([]ParkedNews, error) {
	rows, err := s.f.query(ctx, `select n.person_id, i.type_key, max(d.received_ms) from issue i
		join identity n on n.kind = 'user_id' and n.value = cast(i.user_id as blob) join delivery d on d.id = i.delivery_id
		where i.kind = 1 and i.user_id <> '' group by 1, 2`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (p ParkedNews, err error) {
		var at int64
		err = rows.Scan(&p.Person, &p.Type, &at)
		p.At = time.UnixMilli(at)
		return p, err
	})
}
