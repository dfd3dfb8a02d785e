package db

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"garner/health/history"
)

// BackfillState is how far a window of history is.
type BackfillState uint8

// The states.
const (
	WindowPlanned      BackfillState = iota // not asked yet, or to be asked again at Due
	WindowAsked                             // a call began whose answer is not known
	WindowAccepted                          // 202, or 409 after an unknown answer: its data come as pushes
	WindowDuplicate                         // 409: asked before; only reconnecting allows it again
	WindowTooEarly                          // 400: before the earliest date that Garmin gives
	WindowNotPermitted                      // 403 or 412: the person does not share it
	WindowFailed                            // given up
	WindowCanceled                          // its connection ended before it was asked
)

// BackfillCause is why a window is asked for.
type BackfillCause uint8

// The causes.
const (
	ByHand BackfillCause = iota
	OnConnect
	ForGap
)

// Window is a half-open range of time of one type that Garmin is asked to send
// again, by the time of the records.
type Window struct {
	ID, Connection, Person int64
	Type                   string
	From, To               time.Time
	Cause                  BackfillCause
	State                  BackfillState
	Planned                time.Time
	Asked                  time.Time // the first call; zero before
	Answered               time.Time // zero before
	Due                    time.Time
	Attempts               int
	// Unknown is how many calls, at most three, may have reached Garmin and their answer
	// was never learnt: 409 then means that it was accepted.
	Unknown int
	Status  int    // of the last answer, HTTP; 0 for none
	Answer  string // Garmin's own words
	// Records is how many elements of the window came since it was accepted, First and
	// Last when.
	Records     int64
	First, Last time.Time
}

// Range is the range of a window.
func (w *Window) Range() history.Range { return history.Range{From: w.From.Unix(), To: w.To.Unix()} }

// NewWindows are the windows of a plan, as PlanWindows takes them.
func NewWindows(connection int64, typ string, plan history.Plan, cause BackfillCause) (out []Window) {
	for _, r := range plan.Windows {
		out = append(out, Window{Connection: connection, Type: typ, From: time.Unix(r.From, 0), To: time.Unix(r.To, 0),
			Cause: cause})
	}
	return out
}

// Burnt reports whether Garmin will refuse to send the window again on the same
// connection, or may.
func (w *Window) Burnt() bool {
	return w.State == WindowAsked || w.State == WindowAccepted || w.State == WindowDuplicate || w.Unknown > 0
}

const windowColumns = `select id, connection_id, person_id, type_key, from_s, to_s, cause, state, planned_ms, asked_ms,
	answered_ms, due_ms, attempts, unknown, status, answer, records, first_ms, last_ms from backfill `

func scanWindow(rows *sql.Rows) (w Window, err error) {
	var from, to, planned, asked, answered, due, first, last int64
	err = rows.Scan(&w.ID, &w.Connection, &w.Person, &w.Type, &from, &to, &w.Cause, &w.State, &planned, &asked, &answered,
		&due, &w.Attempts, &w.Unknown, &w.Status, &w.Answer, &w.Records, &first, &last)
	w.From, w.To = time.Unix(from, 0), time.Unix(to, 0)
	w.Planned, w.Asked, w.Answered, w.Due = instant(planned), instant(asked), instant(answered), instant(due)
	w.First, w.Last = instant(first), instant(last)
	return w, err
}

// PlanWindows adds windows to be asked for, those before the rest that come first.
// One that overlaps another of its connection and type that is planned or burnt
// is left out, and so is one whose connection is not Usable. It returns
// the number of windows added.
func (s *Store) PlanWindows(ctx context.Context, now time.Time, windows []Window) (added int, err error) {
	err = s.w.do(ctx, func(t *tx) (err error) {
		added, err = t.planWindows(now, windows)
		return err
	})
	return added, err
}

func (t *tx) planWindows(now time.Time, windows []Window) (added int, err error) {
	for _, w := range windows {
		res, err := t.result(`insert into backfill (connection_id, person_id, type_key, from_s, to_s, cause, state,
				planned_ms, due_ms) select ?1, c.person_id, ?2, ?3, ?4, ?5, 0, ?6, ?7 from connection c
				where c.id = ?1 and `+usable+` and ?3 < ?4 and not exists (select 1 from backfill b
				where b.connection_id = ?1 and b.type_key = ?2 and b.from_s < ?4 and b.to_s > ?3
				and (b.state <= 3 or b.unknown > 0))`, w.Connection, w.Type, w.From.Unix(), w.To.Unix(), int(w.Cause),
			now.UnixMilli(), cmp.Or(w.Due, now).UnixMilli())
		if err != nil {
			return added, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return added, err
		}
		if added += int(n); n == 0 {
			continue
		}
		// What was planned, canceled and never asked is planned again: one row for it.
		if err := t.exec(`delete from backfill where connection_id = ? and type_key = ? and state = 7 and attempts = 0
			and from_s < ? and to_s > ?`, w.Connection, w.Type, w.To.Unix(), w.From.Unix()); err != nil {
			return added, err
		}
	}
	return added, nil
}

// WindowsOf returns every window ever asked for of a person, the newest range first.
func (s *Store) WindowsOf(ctx context.Context, person int64) ([]Window, error) {
	return s.windows(ctx, `where person_id = ? order by from_s desc, id desc`, person)
}

// Window returns one by its id, or ErrNotFound.
func (s *Store) Window(ctx context.Context, id int64) (Window, error) {
	all, err := s.windows(ctx, `where id = ?`, id)
	if err != nil {
		return Window{}, err
	}
	if len(all) == 0 {
		return Window{}, ErrNotFound
	}
	return all[0], nil
}

// OpenWindows returns the windows that are planned or whose answer is not known, by
// person and type, the newest range first.
func (s *Store) OpenWindows(ctx context.Context) ([]Window, error) {
	return s.windows(ctx, `where state <= 1 and `+notErasing+` order by person_id, from_s desc, id`)
}

// mostWait is more than any window or notice is postponed: one that is due later was
// written before the clock was set back.
const mostWait = 25 * hourMS

// DueWindows returns, for each connected person, the open window to ask for next: the
// one with the newest range of those that are due. Windows that a person asked for
// come before the rest.
func (s *Store) DueWindows(ctx context.Context, now time.Time) ([]Window, error) {
	return s.windows(ctx, `where id in (select id from (select b.id, row_number() over (partition by b.person_id
		order by b.from_s desc, b.id) as turn from backfill b join connection c on c.id = b.connection_id
		and `+usable+` where b.state <= 1 and (b.due_ms <= ?1 or b.due_ms = b.planned_ms or b.due_ms > ?2))
		where turn = 1) order by cause, person_id`, now.UnixMilli(), now.UnixMilli()+mostWait)
}

// PostponeWindows postpones what is planned for a connection.
func (s *Store) PostponeWindows(ctx context.Context, connection int64, due time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update backfill set due_ms = ? where connection_id = ? and state = 0`, due.UnixMilli(), connection)
	})
}

func (s *Store) windows(ctx context.Context, where string, args ...any) ([]Window, error) {
	rows, err := s.f.query(ctx, windowColumns+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanWindow)
}

// Spend is a number of units of one of Garmin's limits.
type Spend struct {
	What string
	N    int64
}

// BeginWindow records that Garmin is about to be asked, and what that counts
// against its limits. ErrNotFound means that the window is not open any more, or
// that its connection is not Usable.
func (s *Store) BeginWindow(ctx context.Context, now time.Time, id int64, spend ...Spend) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.changeOne(`update backfill set state = 1, asked_ms = iif(asked_ms = 0, ?, asked_ms),
			attempts = attempts + 1 where id = ? and state <= 1
			and exists (select 1 from connection c where c.id = connection_id and `+usable+`)`,
			now.UnixMilli(), id); err != nil {
			return err
		}
		return t.spend(now, spend)
	})
}

// spend records units, and forgets those of more than an hour ago.
func (t *tx) spend(now time.Time, spend []Spend) error {
	for _, s := range spend {
		if err := t.exec(`insert into spending (at_ms, what, n) values (?, ?, ?)`, now.UnixMilli(), s.What, s.N); err != nil {
			return err
		}
	}
	return t.exec(`delete from spending where at_ms < ?`, now.UnixMilli()-hourMS)
}

// SpentOn returns how many units of a limit were spent after an instant, and when the
// first of them; a clock that was set back forgets none.
func (s *Store) SpentOn(ctx context.Context, what string, after time.Time) (n int64, first time.Time, err error) {
	var at sql.NullInt64
	err = s.f.queryRow(ctx, `select coalesce(sum(n), 0), min(at_ms) from spending where what = ? and at_ms > ?`, what,
		after.UnixMilli()).Scan(&n, &at)
	return n, instant(at.Int64), fault(err)
}

// WindowAnswer is what came of asking for a window.
type WindowAnswer struct {
	State   BackfillState
	Status  int    // HTTP, 0 for none
	Answer  string // Garmin's own words
	Due     time.Time
	Unknown bool // the call may have reached Garmin
	// Earliest is what Garmin gave as the earliest date; zero for none.
	Earliest time.Time
	// Rest are windows to plan instead, as PlanWindows does.
	Rest []Window
}

// EndWindow records the answer for a window that was asked. One that is planned
// again is due at Due.
func (s *Store) EndWindow(ctx context.Context, now time.Time, id int64, a WindowAnswer) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`update backfill set state = ?, status = ?, answer = ?, due_ms = ?, unknown = min(unknown + ?, 3),
			answered_ms = ? where id = ? and state <= 1`, int(a.State), a.Status, a.Answer, cmp.Or(a.Due, now).UnixMilli(),
			a.Unknown, now.UnixMilli(), id); err != nil {
			return err
		}
		if _, err := t.planWindows(now, a.Rest); err != nil || a.Earliest.IsZero() {
			return err
		}
		return t.learnEarliest(now, id, a.Earliest)
	})
}

// learnEarliest records the earliest date that the answer for a window gave. What is
// planned before it need not be asked.
func (t *tx) learnEarliest(now time.Time, id int64, at time.Time) error {
	return cmp.Or(t.exec(`insert into earliest (connection_id, type_key, at_s, learnt_ms)
		select connection_id, type_key, ?, ? from backfill where id = ?
		on conflict do update set at_s = excluded.at_s, learnt_ms = excluded.learnt_ms`, at.Unix(), now.UnixMilli(), id),
		t.exec(`update backfill set state = 4, answered_ms = ?1 where state = 0 and unknown = 0 and to_s <= ?2
			and (connection_id, type_key) = (select connection_id, type_key from backfill where id = ?3)`,
			now.UnixMilli(), at.Unix(), id))
}

// CancelWindows cancels what is planned for a connection and was never asked.
func (s *Store) CancelWindows(ctx context.Context, now time.Time, connection int64) error {
	return s.w.do(ctx, func(t *tx) error { return t.cancelWindows(now, connection) })
}

func (t *tx) cancelWindows(now time.Time, connection int64) error {
	return t.exec(`update backfill set state = iif(unknown > 0, 6, 7), answered_ms = ? where connection_id = ?
		and state = 0`, now.UnixMilli(), connection)
}

// Earliest is the earliest instant that Garmin takes requests for.
type Earliest struct {
	Connection int64
	Type       string
	At         time.Time
	Learnt     time.Time
}

// EarliestOf returns what Garmin said last for the connections of a person.
func (s *Store) EarliestOf(ctx context.Context, person int64) ([]Earliest, error) {
	rows, err := s.f.query(ctx, `select e.connection_id, e.type_key, e.at_s, e.learnt_ms from earliest e
		join connection c on c.id = e.connection_id where c.person_id = ?`, person)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (e Earliest, err error) {
		var at, learnt int64
		err = rows.Scan(&e.Connection, &e.Type, &at, &learnt)
		e.At, e.Learnt = time.Unix(at, 0), instant(learnt)
		return e, err
	})
}
