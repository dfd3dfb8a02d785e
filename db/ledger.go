package db

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"garner/health/history"
)

// Ledger is what Garmin was asked to send again of a person, on the newest
// connection: a reconnect starts an empty one.
type Ledger struct {
	// Connection is the newest, nil if there never was one.
	Connection *Connection
	// Windows are those of the connection that reach beyond the instant asked for.
	Windows []Window
	// Earliest is the earliest date that Garmin takes, as it said last, by type.
	Earliest map[string]time.Time
	// Synced is when the newest live data of any type came; zero for never.
	Synced time.Time
}

// Ledgers returns the ledgers of some people, each with the windows that end after
// since. The number of queries does not depend on the number of people.
func (s *Store) Ledgers(ctx context.Context, people []int64, since time.Time) (map[int64]*Ledger, error) {
	all, err := s.ConnectionsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	out, of := make(map[int64]*Ledger, len(people)), map[int64]*Ledger{}
	var ids []int64
	for _, person := range people {
		l := &Ledger{Earliest: map[string]time.Time{}}
		out[person] = l
		if list := all[person]; len(list) > 0 {
			l.Connection = &list[0]
			of[list[0].ID], ids = l, append(ids, list[0].ID)
		}
	}
	windows, err := s.windows(ctx, `where connection_id in (select value from json_each(?)) and to_s > ?
		order by from_s desc, id desc`, list(ids), since.Unix())
	if err != nil {
		return nil, err
	}
	for _, w := range windows {
		l := of[w.Connection]
		l.Windows = append(l.Windows, w)
	}
	if err := s.scan(ctx, func(rows *sql.Rows) error {
		var connection, at int64
		var typ string
		err := rows.Scan(&connection, &typ, &at)
		of[connection].Earliest[typ] = time.Unix(at, 0)
		return err
	}, `select connection_id, type_key, at_s from earliest where connection_id in (select value from json_each(?))`,
		list(ids)); err != nil {
		return nil, err
	}
	return out, s.scan(ctx, func(rows *sql.Rows) error {
		var person, news int64
		err := rows.Scan(&person, &news)
		out[person].Synced = instant(news)
		return err
	}, `select person_id, max(news_ms) from freshness where person_id in (select value from json_each(?))
		group by person_id`, list(people))
}

// Question is whether a range of a type can be asked for now.
func (l *Ledger) Question(t history.Type, limits history.Limits, now time.Time, wanted history.Range) history.Question {
	q := history.Question{Wanted: wanted, Now: now.Unix(), Access: l.Access(t), Floor: limits.Floor,
		MostDays: min(cmp.Or(limits.WindowDays, history.WindowDays), t.MostDays)}
	if l.Connection == nil {
		return q
	}
	q.Connected = l.Connection.Began.Unix()
	if !l.Synced.IsZero() {
		q.Synced = l.Synced.Unix()
	}
	if at := l.Earliest[t.Key]; !at.IsZero() {
		q.Earliest = at.Unix()
	}
	for i := range l.Windows {
		if w := &l.Windows[i]; w.Type == t.Key && w.asks() {
			q.Spans = append(q.Spans, w.span())
		}
	}
	return q
}

// Access is whether a type can be asked for at all.
func (l *Ledger) Access(t history.Type) history.Access {
	c := l.Connection
	switch {
	case !t.Backfill:
		return history.NoBackfill
	case c == nil || c.State == Disconnected || !c.Stopping.IsZero():
		return history.NotConnected
	case c.State == MustReconnect:
		return history.MustReconnect
	case !c.Has(t.Permission):
		return history.TypeNotShared
	case !c.Has(history.Permission):
		return history.HistoryNotShared
	}
	return history.Granted
}

// asks reports whether the window says something about its range: one that was
// canceled before it was asked, or lies before the earliest date, does not.
func (w *Window) asks() bool {
	return w.Burnt() || w.State != WindowCanceled && w.State != WindowTooEarly
}

// span is the window as the plan sees it.
func (w *Window) span() history.Span {
	s := history.Span{Range: w.Range(), At: w.Planned.Unix(), Came: w.Records}
	if !w.Answered.IsZero() {
		s.At = w.Answered.Unix()
	}
	switch {
	case w.State == WindowAccepted:
		s.State = history.Accepted
	case w.State == WindowDuplicate:
		s.State = history.Duplicate
	case w.State == WindowPlanned && w.Unknown == 0:
		s.State = history.Planned
	case w.Burnt():
		s.State = history.Unknown
	default:
		s.State = history.GivenUp
	}
	return s
}

// Forget leaves a window out of the ledger, as if it had not been asked for.
func (l *Ledger) Forget(window int64) {
	l.Windows = slices.DeleteFunc(l.Windows, func(w Window) bool { return w.ID == window })
}
