package db

import (
	"context"
	"database/sql"
	"time"
)

// Status is the processing status of a delivery.
type Status struct {
	ID                int64
	State             State
	Attempts          int
	Due               time.Time
	Received, Applied time.Time // Applied is zero until processed
	Size              int64
	Type              string
	Elements          int
	Reason            string
	SetAside          bool
	Accepted          bool
	// Worst is the most serious of its issues, 0 if it has none.
	Worst IssueKind
	// Issues counts elements with an issue.
	Issues int
}

const statusColumns = `d.id, d.state, d.attempts, d.due_ms, d.received_ms, d.applied_ms, d.size, d.type_key,
	d.elements, d.reason, d.set_aside, d.accepted,
	coalesce((select min(kind) from issue i where i.delivery_id = d.id), 0),
	coalesce((select sum(count) from issue i where i.delivery_id = d.id), 0)`

func scanStatus(rows *sql.Rows) (st Status, err error) {
	var due, received, applied int64
	err = rows.Scan(&st.ID, &st.State, &st.Attempts, &due, &received, &applied, &st.Size, &st.Type, &st.Elements,
		&st.Reason, &st.SetAside, &st.Accepted, &st.Worst, &st.Issues)
	st.Due, st.Received = time.UnixMilli(due), time.UnixMilli(received)
	if applied > 0 {
		st.Applied = time.UnixMilli(applied)
	}
	return st, err
}

// Status returns the status of one delivery; ErrNotFound if it was never
// claimed.
func (s *Store) Status(ctx context.Context, id int64) (Status, error) {
	rows, err := s.f.query(ctx, `select `+statusColumns+` from delivery d where d.id = ?`, id)
	if err != nil {
		return Status{}, fault(err)
	}
	list, err := collect(rows, scanStatus)
	if err != nil {
		return Status{}, err
	}
	if len(list) == 0 {
		return Status{}, ErrNotFound
	}
	return list[0], nil
}

// DeliveryFilter narrows a list of deliveries.
type DeliveryFilter struct {
	// Filter is one of waiting, done, parked, orphaned, fetching, quarantined,
	// aside; empty for all.
	Filter string
	Type   string // empty for all
	Before int64  // ids below it; 0 for the newest
	Limit  int
}

// filters are SQL conditions by DeliveryFilter.Filter.
var filters = map[string]string{
	"":            `1`,
	"waiting":     `d.state = 0`,
	"quarantined": `d.state = 1`,
	"done":        `d.state = 2 and not exists (select 1 from issue i where i.delivery_id = d.id and i.kind in (1, 2))`,
	"parked":      `d.set_aside = 0 and d.id in (select delivery_id from issue where kind = 1)`,
	"aside":       `d.set_aside = 1`,
	"orphaned":    `d.id in (select delivery_id from issue where kind = 2)`,
	"fetching":    `d.id in (select delivery_id from issue where kind = 3)`,
}

// Deliveries lists deliveries that were claimed at least once, newest first.
func (s *Store) Deliveries(ctx context.Context, which DeliveryFilter) ([]Status, error) {
	where, ok := filters[which.Filter]
	if !ok {
		return nil, ErrNotFound
	}
	before := which.Before
	if before == 0 {
		before = 1 << 62
	}
	rows, err := s.f.query(ctx, `select `+statusColumns+` from delivery d
		where d.id < ? and (? = '' or d.type_key = ?) and `+where+` order by d.id desc limit ?`,
		before, which.Type, which.Type, which.Limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanStatus)
}

// Issues returns the issues of one delivery, at most limit.
func (s *Store) Issues(ctx context.Context, delivery int64, limit int) ([]Issue, error) {
	rows, err := s.f.query(ctx, `select delivery_id, element, kind, type_key, `+whose+`, reason, count, at_ms
		from issue i where delivery_id = ? order by element limit ?`, delivery, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (is Issue, err error) {
		var at int64
		err = rows.Scan(&is.Delivery, &is.Element, &is.Kind, &is.Type, &is.UserID, &is.Reason, &is.Count, &at)
		is.At = time.UnixMilli(at)
		return is, err
	})
}

// Group is a set of similar failures.
type Group struct {
	Type, Reason        string
	Deliveries, Count   int
	FirstID, LastID     int64
	FirstSeen, LastSeen time.Time
}

// ParkedGroups groups what is parked and not set aside by type and reason,
// largest first.
func (s *Store) ParkedGroups(ctx context.Context) ([]Group, error) {
	rows, err := s.f.query(ctx, `select i.type_key, i.reason, count(distinct i.delivery_id), sum(i.count),
		min(i.delivery_id), max(i.delivery_id), min(i.at_ms), max(i.at_ms) from issue i
		join delivery d on d.id = i.delivery_id where i.kind = 1 and d.set_aside = 0 group by 1, 2 order by 4 desc limit 100`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (g Group, err error) {
		var first, last int64
		err = rows.Scan(&g.Type, &g.Reason, &g.Deliveries, &g.Count, &g.FirstID, &g.LastID, &first, &last)
		g.FirstSeen, g.LastSeen = time.UnixMilli(first), time.UnixMilli(last)
		return g, err
	})
}

// whose is the person named by an issue, in a readable form.
const whose = `iif(i.user_id = '' and i.token <> '', 'token:' || i.token, i.user_id)`

// AnyUser stands for the people of orphans beyond those that a delivery may
// list individually.
const AnyUser = "*"

// Unknown is a person whose data arrive but who was not added.
type Unknown struct {
	// UserID is Garmin's, or "token:" and the token's name if there is only that.
	UserID              string
	Deliveries, Count   int
	FirstSeen, LastSeen time.Time // received
}

// Unknowns returns the unknown people, those with most data first.
func (s *Store) Unknowns(ctx context.Context) ([]Unknown, error) {
	rows, err := s.f.query(ctx, `select `+whose+`, count(distinct i.delivery_id), sum(i.count), min(d.received_ms),
		max(d.received_ms) from issue i join delivery d on d.id = i.delivery_id where i.kind = 2 group by 1 order by 3 desc
		limit 200`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (u Unknown, err error) {
		var first, last int64
		err = rows.Scan(&u.UserID, &u.Deliveries, &u.Count, &first, &last)
		u.FirstSeen, u.LastSeen = time.UnixMilli(first), time.UnixMilli(last)
		return u, err
	})
}

// Forget deletes the state rows of deliveries whose bodies were pruned.
func (s *Store) Forget(ctx context.Context, ids []int64) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, id := range ids {
			if err := t.exec(`delete from delivery where id = ?`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tallied counts what was left out for one reason.
type Tallied struct {
	Tally
	N  int64
	At time.Time
}

// Tallies returns what was left out, by reason.
func (s *Store) Tallies(ctx context.Context) ([]Tallied, error) {
	rows, err := s.f.query(ctx, `select what, type_key, name, n, at_ms from tally order by what, type_key, n desc`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (t Tallied, err error) {
		var at int64
		err = rows.Scan(&t.What, &t.Type, &t.Name, &t.N, &at)
		t.At = time.UnixMilli(at)
		return t, err
	})
}

// CountAside counts the deliveries that were set aside.
func (s *Store) CountAside(ctx context.Context) (n int64, err error) {
	err = s.f.queryRow(ctx, `select aside from counter`).Scan(&n)
	return n, fault(err)
}
