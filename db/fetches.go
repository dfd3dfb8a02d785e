package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// FetchState is what became of an address that a ping announced.
type FetchState uint8

// The states. A fetch is Lost if Garmin no longer has the data, or if it may have
// sent them and they did not arrive, and Failed if Garmin refuses it.
const (
	FetchWaiting FetchState = iota
	FetchDone
	FetchLost
	FetchFailed
)

// Fetch is an address that a ping announced.
type Fetch struct {
	ID       int64
	Delivery int64 // of the ping
	Element  int32
	Person   int64
	Type     string
	// Path and Query are of Garmin's origin. The query holds a token of the
	// address's own; it is empty once the fetch is over.
	Path, Query string
	// Announced is the element as JSON, without the address.
	Announced string
	// From and To are the upload window; zero where none.
	From, To time.Time
	State    FetchState
	Created  time.Time
	Ends     time.Time // Garmin keeps the data until then
	Due      time.Time
	Attempts int
	// Asked is when a call began that may have used up the address; zero for none.
	Asked  time.Time
	Ended  time.Time // zero while it waits
	Result int64     // the delivery that it brought; 0 for none
	Bytes  int64
	Reason string
}

// String hides the address, which holds a token.
func (f Fetch) String() string { return "fetch of " + f.Type }

// addFetches adds what a delivery announced; a replay adds nothing.
func (a *applier) addFetches(o *Result) error {
	for _, f := range o.Fetches {
		if err := a.t.exec(`insert into fetch (delivery_id, element, person_id, type_key, path, query, announced, from_s,
			to_s, state, created_ms, ends_ms, due_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?) on conflict do nothing`,
			o.Job.ID, f.Element, f.Person, f.Type, f.Path, f.Query, f.Announced, unixOf(f.From), unixOf(f.To),
			a.nowMS, f.Ends.UnixMilli(), a.nowMS); err != nil {
			return err
		}
	}
	return nil
}

// unixOf is an instant in seconds, 0 for none.
func unixOf(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Unix()
}

func secondsOf(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0)
}

// fetching is the issue of a ping as its fetch stands: none if it is done.
func (a *applier) fetching(o *Result, is Issue) (Issue, bool, error) {
	if is.Kind != Fetching || is.Count > 1 {
		return is, true, nil
	}
	var state FetchState
	var reason string
	err := a.t.row(`select state, reason from fetch where delivery_id = ? and element = ?`, []any{o.Job.ID, is.Element},
		&state, &reason)
	if errors.Is(err, sql.ErrNoRows) {
		return is, true, nil
	}
	if err != nil {
		return is, false, err
	}
	if state == FetchLost || state == FetchFailed {
		is.Kind, is.Reason = Parked, reason
	}
	return is, state != FetchDone, nil
}

const fetchColumns = `select id, delivery_id, element, person_id, type_key, path, query, announced, from_s, to_s, state,
	created_ms, ends_ms, due_ms, attempts, asked_ms, ended_ms, result_id, bytes, reason from fetch `

func scanFetch(rows *sql.Rows) (f Fetch, err error) {
	var from, to, created, ends, due, asked, ended int64
	err = rows.Scan(&f.ID, &f.Delivery, &f.Element, &f.Person, &f.Type, &f.Path, &f.Query, &f.Announced, &from, &to,
		&f.State, &created, &ends, &due, &f.Attempts, &asked, &ended, &f.Result, &f.Bytes, &f.Reason)
	f.From, f.To = secondsOf(from), secondsOf(to)
	f.Created, f.Ends, f.Due = instant(created), instant(ends), instant(due)
	f.Asked, f.Ended = instant(asked), instant(ended)
	return f, err
}

// DueFetches returns what may be fetched now, at most few of each person and type: the
// first of each before the second of any, and what Garmin drops first before the rest. Of
// one person and type come first what was tried least and then the newest, so that many
// addresses that do not work delay no other.
func (s *Store) DueFetches(ctx context.Context, now time.Time, few, limit int) ([]Fetch, error) {
	rows, err := s.f.query(ctx, `with due as (select *, row_number() over (partition by person_id, type_key
		order by attempts, id desc) as n from fetch where state = 0 and due_ms <= ?
		and `+notErasing+`) `+strings.Replace(fetchColumns, "from fetch", "from due", 1)+
		`where n <= ? order by n, ends_ms, id limit ?`, now.UnixMilli(), few, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanFetch)
}

// NextFetch returns when the next fetch is due; zero for none.
func (s *Store) NextFetch(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.f.queryRow(ctx, `select min(due_ms) from fetch where state = 0 and `+notErasing).Scan(&at)
	return instant(at.Int64), fault(err)
}

// FetchesOf returns those of a person, the newest first.
func (s *Store) FetchesOf(ctx context.Context, person int64, limit int) ([]Fetch, error) {
	rows, err := s.f.query(ctx, fetchColumns+`where person_id = ? order by id desc limit ?`, person, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanFetch)
}

// The reasons of fetches that wait for no answer of Garmin.
const (
	FetchBegun        = "asked, and the answer did not arrive" // or a call is under way
	FetchNotConnected = "the person is not connected"
)

// BeginFetch counts an attempt before Garmin is called. once says that the call may
// use up the address.
func (s *Store) BeginFetch(ctx context.Context, now time.Time, id int64, once bool) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.changeOne(`update fetch set attempts = attempts + 1, due_ms = ?1 + 600000, asked_ms = iif(?2, ?1, asked_ms),
			reason = ?3 where id = ?4 and state = 0`, now.UnixMilli(), once, FetchBegun, id)
	})
}

// EndFetchLeases makes due what an earlier process had begun to fetch: at once after
// one attempt, else after the time that again returns for the number of attempts.
// Only the process that holds the lock of the data directory may call it.
func (s *Store) EndFetchLeases(ctx context.Context, now time.Time, again func(attempts int) time.Duration) error {
	return s.w.do(ctx, func(t *tx) error {
		rows, err := t.query(`select id, attempts from fetch where state = 0 and reason = ? and due_ms > ?`, FetchBegun,
			now.UnixMilli())
		if err != nil {
			return err
		}
		begun, err := collect(rows, func(rows *sql.Rows) (f Fetch, err error) { return f, rows.Scan(&f.ID, &f.Attempts) })
		if err != nil {
			return err
		}
		for _, f := range begun {
			due := now
			if f.Attempts > 1 {
				due = now.Add(again(f.Attempts - 1))
			}
			if err := t.exec(`update fetch set due_ms = min(due_ms, ?) where id = ?`, due.UnixMilli(), f.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// reconnected makes due what waited for a person to be connected.
func (t *tx) reconnected(now time.Time, person int64) error {
	return t.exec(`update fetch set due_ms = min(due_ms, ?) where state = 0 and person_id = ? and reason = ?`,
		now.UnixMilli(), person, FetchNotConnected)
}

// RetryFetch records that a fetch is tried again: its Due, Reason, Attempts and Asked.
func (s *Store) RetryFetch(ctx context.Context, f Fetch) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update fetch set due_ms = ?, reason = ?, attempts = ?, asked_ms = ? where id = ? and state = 0`,
			f.Due.UnixMilli(), f.Reason, f.Attempts, millis(f.Asked), f.ID)
	})
}

// DelayFetches makes all fetches of a person wait until due, or until Garmin drops the
// data, as far as they are due now. Those with the reason FetchNotConnected are due
// when the person connects.
func (s *Store) DelayFetches(ctx context.Context, now time.Time, person int64, due time.Time, reason string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update fetch set due_ms = max(min(?1, ends_ms), ?2 + 1), reason = ?3
			where state = 0 and due_ms <= ?2 and person_id = ?4`, due.UnixMilli(), now.UnixMilli(),
			reason, person)
	})
}

// FetchedAlready returns the delivery that an equal announcement of the same person
// brought, or ErrNotFound. Garmin repeats a ping if the answer to it came late.
func (s *Store) FetchedAlready(ctx context.Context, f Fetch) (delivery int64, err error) {
	err = s.f.queryRow(ctx, `select result_id from fetch
		where person_id = ? and type_key = ? and announced = ? and state = 1 order by id desc limit 1`,
		f.Person, f.Type, f.Announced).Scan(&delivery)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNotFound
	}
	return delivery, fault(err)
}

// Ping is the place of an address: the element of a delivery that announced it.
type Ping struct {
	Delivery int64
	Element  int32
}

// answered ends the fetch that brought a delivery, if that is not recorded yet: the
// process may have ended between the two. A fetch that counts as lost is found.
func (a *applier) answered(o *Result) error {
	if o.Answers == (Ping{}) {
		return nil
	}
	err := a.t.changeOne(`update fetch set state = 1, query = '', reason = '', ended_ms = ?, result_id = ?, bytes = ?
		where delivery_id = ? and element = ? and state <> 1`, a.nowMS, o.Job.ID, o.Job.Size, o.Answers.Delivery,
		o.Answers.Element)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return cmp.Or(err, a.t.settleFetch(o.Answers.Delivery, o.Answers.Element, FetchDone, ""))
}

// EndFetch records the end of a fetch: the delivery that it brought, or the reason
// why it brought none. The ping no longer counts as fetching; a fetch that is lost
// or failed is parked with its reason.
func (s *Store) EndFetch(ctx context.Context, now time.Time, id int64, state FetchState, result, bytes int64,
	reason string) error {
	return s.w.do(ctx, func(t *tx) error {
		var delivery int64
		var element int32
		err := t.row(`select delivery_id, element from fetch where id = ? and state = 0`, []any{id}, &delivery, &element)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.exec(`update fetch set state = ?, query = '', ended_ms = ?, result_id = ?, bytes = ?, reason = ?
			where id = ?`, int(state), now.UnixMilli(), result, bytes, reason, id); err != nil {
			return err
		}
		return t.settleFetch(delivery, element, state, reason)
	})
}

// settleFetch updates the issues of a ping whose fetch is over. Pings beyond the
// first of one body share an issue, which ends with the last of them.
func (t *tx) settleFetch(delivery int64, element int32, state FetchState, reason string) error {
	var waiting int
	if err := t.row(`select count(*) from fetch where delivery_id = ? and state = 0`, []any{delivery},
		&waiting); err != nil {
		return err
	}
	var err error
	if state == FetchDone {
		err = t.exec(`delete from issue where delivery_id = ?1 and (kind in (1, 3) and element = ?2 and count = 1
			or kind = 3 and ?3 = 0)`, delivery, element, waiting)
	} else {
		err = cmp.Or(t.exec(`update issue set kind = 1, reason = ? where delivery_id = ? and kind = 3 and element = ?
			and count = 1`, reason, delivery, element),
			t.exec(`delete from issue where delivery_id = ? and kind = 3 and ? = 0`, delivery, waiting))
	}
	return cmp.Or(err, t.countIssues(delivery))
}

// countIssues sets the kinds of issues of a delivery by its rows.
func (t *tx) countIssues(delivery int64) error {
	return t.exec(`update delivery
		set issues = coalesce((select sum(distinct 1 << kind) from issue where delivery_id = ?1), 0) where id = ?1`, delivery)
}

// PruneFetches deletes fetches that are over and whose ping is pruned, pruneStep at
// most.
func (s *Store) PruneFetches(ctx context.Context) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`delete from fetch where id in (select id from fetch f where state <> 0
			and not exists (select 1 from delivery d where d.id = f.delivery_id) limit ?)`, pruneStep)
	})
}

// FetchCounts counts the fetches by state.
func (s *Store) FetchCounts(ctx context.Context) (out [4]int64, err error) {
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var state, n int64
		err := rows.Scan(&state, &n)
		if err == nil && state < int64(len(out)) {
			out[state] = n
		}
		return err
	}, `select state, count(*) from fetch group by state`)
	return out, err
}
