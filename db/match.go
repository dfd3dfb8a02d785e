package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Delivery ids link the two databases. If one database was replaced by an older
// copy or deleted, no id may be used again: a new delivery with a used id would
// count as done. Match runs at each start, before anything is
// received.

// MatchKind is how two databases fit together.
type MatchKind uint8

// The kinds. Paired databases fit.
const (
	Paired MatchKind = iota
	// InboxReplaced means that inbox.db is new, older, or of another box:
	// bodies that were received are not in it.
	InboxReplaced
	// StoreReplaced means that garner.db is new beside an inbox with
	// deliveries: people and records are not in it.
	StoreReplaced
)

// Match is how the databases fit together, and what is missing.
type Match struct {
	Kind MatchKind
	// Text is what was found and what to do; empty if they fit.
	Text string
	// Requeued is the number of deliveries that are applied again.
	Requeued int64
}

// side is what one database stores about the pair.
type side struct {
	pair int64 // 0 for a file that was just made
	last int64 // the highest id that it has seen
}

// MatchFiles raises the inbox's ids above all that the store has seen,
// requeues deliveries unknown to the store, and records what is missing for the
// alerts. Only the owner of both files calls it.
func MatchFiles(ctx context.Context, in *Inbox, s *Store, now time.Time) (Match, error) {
	box, unmatched, err := in.side(ctx)
	if err != nil {
		return Match{}, err
	}
	store, err := s.side(ctx)
	if err != nil {
		return Match{}, err
	}
	m, err := compare(ctx, in, s, box, store)
	if err != nil || m.Kind == Paired && box.pair != 0 && store.pair != 0 && !unmatched {
		return m, err
	}
	if err := in.submit(ctx, &op{do: &sequenceOp{"delivery", store.last}}); err != nil {
		return m, err
	}
	if m.Requeued, err = s.askForUnknown(ctx, in.InboxReader, store.last); err != nil {
		return m, err
	}
	if m.Kind != Paired {
		m.Text += again(m.Requeued)
		if err := s.SetSignal(ctx, SignalFiles, Signal{At: now, Value: int64(m.Kind), Detail: m.Text}); err != nil {
			return m, err
		}
	}
	return m, pairUp(ctx, in, s, box, store)
}

// SignalFiles is the signal for databases that do not fit together.
const SignalFiles = "files_replaced"

// compare decides. A store without a pair number that has seen deliveries is not
// new: pairing it was interrupted.
func compare(ctx context.Context, in *Inbox, s *Store, box, store side) (m Match, err error) {
	switch {
	case store.pair == 0 && store.last == 0 && box.pair != 0 && box.last > 0:
		m.Kind = StoreReplaced
		rows, _, _, oldest, err := in.Tail(ctx, 0)
		if err != nil && !errors.Is(err, ErrBroken) { // a damaged inbox may still hold deliveries
			return m, err
		}
		m.Text = fmt.Sprintf("garner.db was missing or empty and has been created again. inbox.db still contains %s",
			deliveries(rows))
		if rows > 0 {
			m.Text += " received since " + oldest.UTC().Format(time.RFC3339)
		}
		m.Text += "; they are applied again once their people are added. All people, settings and older records are lost: " +
			"stop Garner and restore your newest backup of garner.db."
	case box.last < store.last || box.pair == 0 && store.pair != 0 && store.last > 0 || box.pair != 0 && store.pair != 0 &&
		box.pair != store.pair:
		m.Kind = InboxReplaced
		m.Text, err = s.lost(ctx, box.last)
	}
	return m, err
}

func deliveries(n int64) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

func again(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" %s found in inbox.db are applied again.", deliveries(n))
}

// lost describes what is missing if the inbox has no id above last.
func (s *Store) lost(ctx context.Context, last int64) (string, error) {
	var waiting, parked, newest int64
	if err := s.f.queryRow(ctx, `select coalesce(sum(state = 0), 0),
		coalesce(sum(exists (select 1 from issue i where i.delivery_id = d.id)), 0),
		(select coalesce(max(received_ms), 0) from delivery)
		from delivery d where id > ?`, last).Scan(&waiting, &parked, &newest); err != nil {
		return "", fault(err)
	}
	var b strings.Builder
	b.WriteString("inbox.db was missing, empty, or older than garner.db.")
	if newest > 0 {
		fmt.Fprintf(&b, " Deliveries that arrived after %s and were not processed yet are lost.",
			time.UnixMilli(newest).UTC().Format(time.RFC3339))
	}
	if waiting > 0 {
		fmt.Fprintf(&b, " %s waited to be processed and can no longer be.", deliveries(waiting))
	}
	if parked > 0 {
		fmt.Fprintf(&b, " %s with parked elements cannot be tried again.", deliveries(parked))
	}
	b.WriteString(" Records are not affected. If you have the right inbox.db, stop Garner and restore it; otherwise " +
		"request the affected days from Garmin again.")
	return b.String(), nil
}

func pairUp(ctx context.Context, in *Inbox, s *Store, box, store side) error {
	pair := store.pair
	if pair == 0 {
		pair = box.pair
	}
	if pair == 0 || box.pair != 0 && box.pair != store.pair {
		pair = 1 + rand.Int64N(1<<62)
	}
	if err := in.submit(ctx, &op{do: &metaOp{map[string]int64{"pair": pair, "unmatched": 0}}}); err != nil {
		return err
	}
	return s.w.do(ctx, func(t *tx) error { return t.setMeta("pair", pair) })
}

// Unmatched prepares an inbox for receiving while garner.db cannot be opened.
// What arrives is compared with it once it can. Ids of a file that was just
// made begin with the time, beyond any that the missing database may have
// seen.
func (in *Inbox) Unmatched(ctx context.Context, now time.Time) error {
	box, unmatched, err := in.side(ctx)
	if err != nil || unmatched {
		return err
	}
	if box.last == 0 {
		if err := in.submit(ctx, &op{do: &sequenceOp{"delivery", now.UnixMilli()}}); err != nil {
			return err
		}
	}
	return in.submit(ctx, &op{do: &metaOp{map[string]int64{"unmatched": 1}}})
}

func (in *Inbox) side(ctx context.Context) (s side, unmatched bool, err error) {
	err = in.f.queryRow(ctx, `select coalesce((select value from meta where name = 'pair'), 0),
		coalesce((select value from meta where name = 'unmatched'), 0),
		max(coalesce((select seq from sqlite_sequence where name = 'delivery'), 0),
		coalesce((select max(id) from delivery), 0))`).
		Scan(&s.pair, &unmatched, &s.last)
	return s, unmatched, fault(err)
}

func (s *Store) side(ctx context.Context) (out side, err error) {
	err = s.f.queryRow(ctx, `select coalesce((select value from meta where name = 'pair'), 0),
		max(coalesce((select value from meta where name = 'high_water'), 0),
		coalesce((select max(id) from delivery), 0))`).
		Scan(&out.pair, &out.last)
	return out, fault(err)
}

// askForUnknown requeues the deliveries up to last that the store does not know,
// or knows with other content. It returns their number.
func (s *Store) askForUnknown(ctx context.Context, in *InboxReader, last int64) (n int64, err error) {
	for after := int64(0); ; {
		list, err := in.arrivals(ctx, after, last, 1000)
		if err != nil || len(list) == 0 {
			return n, err
		}
		after = list[len(list)-1].id
		if err := s.w.do(ctx, func(t *tx) error {
			for _, d := range list {
				added, err := t.askIfUnknown(d)
				if err != nil {
					return err
				}
				n += added
			}
			return nil
		}); err != nil {
			return n, err
		}
	}
}

// arrived is a delivery without its body.
type arrived struct{ id, received, size int64 }

func (in *InboxReader) arrivals(ctx context.Context, after, last int64, limit int) ([]arrived, error) {
	rows, err := in.f.query(ctx, `select id, received_ms, size from delivery where id > ? and id <= ? order by id limit ?`,
		after, last, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (a arrived, err error) { return a, rows.Scan(&a.id, &a.received, &a.size) })
}

func (t *tx) askIfUnknown(d arrived) (int64, error) {
	var one int
	err := t.row(`select 1 from delivery where id = ? and received_ms = ? and size = ?`, []any{d.id, d.received, d.size},
		&one)
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if err := t.exec(`delete from issue where delivery_id = ?`, d.id); err != nil {
		return 0, err
	}
	return 1, t.exec(`insert into delivery (id, state, received_ms, size) values (?, 0, ?, ?) on conflict (id) do update
		set state = 0, attempts = 0, due_ms = 0, received_ms = excluded.received_ms, applied_ms = 0, size = excluded.size,
		type_key = '', elements = 0, reason = '', accepted = 0, set_aside = 0`, d.id, d.received, d.size)
}

// sequenceOp makes the next id of a table at least one above least.
type sequenceOp struct {
	table string
	least int64
}

func (o *sequenceOp) run(ctx context.Context, w *inboxWriter) error {
	for _, text := range raiseSequence {
		if _, err := w.conn.ExecContext(ctx, text, o.table, o.least); err != nil {
			return err
		}
	}
	return nil
}

// raiseSequence are the statements that raise the sequence of a table to a number.
var raiseSequence = [...]string{
	`insert into sqlite_sequence (name, seq) select ?1, ?2
		where not exists (select 1 from sqlite_sequence where name = ?1)`,
	`update sqlite_sequence set seq = max(seq, ?2) where name = ?1`,
}

// metaOp sets named numbers.
type metaOp struct{ values map[string]int64 }

func (o *metaOp) run(ctx context.Context, w *inboxWriter) error {
	for name, value := range o.values {
		if _, err := w.conn.ExecContext(ctx, `insert into meta (name, value) values (?, ?)
			on conflict (name) do update set value = excluded.value`, name, value); err != nil {
			return err
		}
	}
	return nil
}
