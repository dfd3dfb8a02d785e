package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/history"
)

// awaitedFor is how long an accepted window may wait for its first record.
const awaitedFor = 48 * time.Hour

// BackfillWindow is one request for history and its outcome.
type BackfillWindow struct {
	db.Window
	Outcome history.Outcome
	// Earlier means that it was asked on a connection that the person has replaced.
	Earlier bool
}

// BackfillType is one type that Garmin sends again on request, and its windows, the
// newest range first.
type BackfillType struct {
	Type    string
	Access  history.Access
	Windows []BackfillWindow
	// Earliest is the earliest date that Garmin takes, zero if it has not said.
	Earliest time.Time
	Records  int64 // that came
}

// Backfill is everything that Garmin was asked to send again of a person.
type Backfill struct {
	// Connection is the newest, 0 if there never was one.
	Connection int64
	Types      []BackfillType
	// Counts are the windows by outcome, Records what came for all of them.
	Counts  map[history.Outcome]int
	Records int64
	// Next is when the next window is asked for; zero if none is planned.
	Next time.Time
}

// Backfill returns the windows of a person, and for each type whether more can be
// asked for.
func (q *Reader) Backfill(ctx context.Context, person int64) (*Backfill, error) {
	ledger, err := q.ledger(ctx, person)
	if err != nil {
		return nil, err
	}
	windows, err := q.Store.WindowsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	out := &Backfill{Counts: map[history.Outcome]int{}}
	if ledger.Connection != nil {
		out.Connection = ledger.Connection.ID
	}
	for _, t := range historyTypes() {
		row := BackfillType{Type: t.Key, Access: ledger.Access(t), Earliest: ledger.Earliest[t.Key]}
		for _, w := range windows {
			if w.Type == t.Key {
				row.Windows = append(row.Windows, BackfillWindow{w, outcomeOf(&w, q.Now),
					ledger.Connection == nil || w.Connection != ledger.Connection.ID})
				row.Records += w.Records
			}
		}
		out.Types = append(out.Types, row)
		out.add(&row)
	}
	return out, nil
}

func (b *Backfill) add(t *BackfillType) {
	b.Records += t.Records
	for _, w := range t.Windows {
		b.Counts[w.Outcome]++
		if w.State == db.WindowPlanned && (b.Next.IsZero() || w.Due.Before(b.Next)) {
			b.Next = w.Due
		}
	}
}

// outcomeOf is the outcome of a window at an instant.
func outcomeOf(w *db.Window, now time.Time) history.Outcome {
	switch w.State {
	case db.WindowPlanned:
		if w.Status == 429 {
			return history.WindowRateLimited
		}
		return history.WindowPlanned
	case db.WindowAsked:
		return history.WindowAsked
	case db.WindowDuplicate:
		return history.WindowAlreadyAsked
	case db.WindowTooEarly:
		return history.WindowTooEarly
	case db.WindowNotPermitted:
		return history.WindowNotPermitted
	case db.WindowCanceled:
		return history.WindowCanceled
	case db.WindowAccepted:
		switch {
		case w.Records > 0:
			return history.WindowArrived
		case now.Sub(w.Answered) >= awaitedFor:
			return history.WindowArrivedEmpty
		}
		return history.WindowAccepted
	}
	return history.WindowFailed
}

// historyTypes are the types that Garmin sends again on request.
func historyTypes() (out []history.Type) {
	for _, t := range garmin.Types {
		if h := t.History(); h.Backfill {
			out = append(out, h)
		}
	}
	return out
}

// BackfillPlan is what can be asked for of a person in a range of days.
type BackfillPlan struct {
	// Connection is the one to ask on, 0 if there never was one.
	Connection int64
	Types      []TypePlan
}

// TypePlan is which windows of a type can be asked for, and why the rest cannot.
type TypePlan struct {
	Type string
	history.Plan
}

// PlanBackfill is the plan for some types of a person, or for all that can be asked
// for if there are none, on the days from from to to, both included.
func (q *Reader) PlanBackfill(ctx context.Context, person int64, types []*garmin.Type,
	from, to health.Day) (*BackfillPlan, error) {
	ledger, err := q.ledger(ctx, person)
	if err != nil {
		return nil, err
	}
	zone, err := q.Zone(ctx, person)
	if err != nil {
		return nil, err
	}
	list := historyTypes()
	if len(types) > 0 {
		list = nil
		for _, t := range types {
			list = append(list, t.History())
		}
	}
	out := &BackfillPlan{}
	if ledger.Connection != nil {
		out.Connection = ledger.Connection.ID
	}
	_, offset := q.Now.In(zone).Zone()
	for _, t := range list {
		question := ledger.Question(t, q.History, q.Now, history.OfDays(from, to, int32(offset)))
		out.Types = append(out.Types, TypePlan{t.Key, question.Plan()})
	}
	return out, nil
}

// Windows are those of the plan, the newest range first whatever its type, as
// db.Store.PlanWindows takes them.
func (p *BackfillPlan) Windows(cause db.BackfillCause) (out []db.Window) {
	for _, t := range p.Types {
		out = append(out, db.NewWindows(p.Connection, t.Type, t.Plan, cause)...)
	}
	slices.SortStableFunc(out, func(a, b db.Window) int { return b.From.Compare(a.From) })
	return out
}

func (q *Reader) ledger(ctx context.Context, person int64) (*db.Ledger, error) {
	if err := q.Viewer.sees(person); err != nil {
		return nil, err
	}
	all, err := q.Store.Ledgers(ctx, []int64{person}, time.Time{})
	if err != nil {
		return nil, err
	}
	return all[person], nil
}
