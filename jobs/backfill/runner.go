// Package backfill asks Garmin for history: it plans windows for new connections and
// for gaps, and asks for those that are open. Its ledger is in the store, so that
// nothing that Garmin may have accepted is ever asked for again.
package backfill

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/client"
	"garner/health/history"
)

// Keeper owns the tokens of connections.
type Keeper interface {
	// Credential is one that works now.
	Credential(ctx context.Context, connection int64) (client.Credential, error)
	// Refused says that Garmin answered 401, and returns whether to try again.
	Refused(ctx context.Context, connection int64) (again bool, err error)
}

// Garmin takes requests for history, as *client.Client does.
type Garmin interface {
	RequestBackfill(ctx context.Context, cred client.Credential, t *garmin.Type, from, to time.Time) error
}

// Runner asks for the open windows, one at a time: the newest range of each person
// first, and the people in turn.
type Runner struct {
	Store *db.Store
	// Garmin is nil while no client is configured.
	Garmin func() Garmin
	Keeper Keeper
	Log    *slog.Logger
	// DaysPerMinute is how many days of data the application may ask for.
	DaysPerMinute int64
	Limits        history.Limits
	// Busy reports whether live data wait to be received or processed; nil for never.
	Busy func() bool
	// Permissions asks Garmin anew what a person shares; nil for not.
	Permissions func(ctx context.Context, connection int64) error
	// Changed, where not nil, is called after a window has changed.
	Changed func()

	round  []db.Window
	budget *budget
	// resume is until when all calls wait, in uptime.
	resume time.Duration
}

const (
	// poll is how often new windows are looked for.
	poll = time.Second
	// dayBudget names the budget of days of data in the store.
	dayBudget = "backfill_days"
)

// Run asks until ctx ends.
func (r *Runner) Run(ctx context.Context) error {
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		// Since uses the monotonic clock: setting the clock changes nothing.
		wait, err := r.Step(ctx, time.Now(), time.Since(began))
		if err != nil && ctx.Err() == nil {
			if errors.Is(err, db.ErrBroken) {
				return err
			}
			r.Log.Error("backfill", "err", err)
			wait = poll
		}
		timer.Reset(min(wait, poll))
	}
}

// Step asks for one window at most, and returns how long to wait until the next step.
// now is the time of day; up is a time that only ever grows, by which the budget is
// kept.
func (r *Runner) Step(ctx context.Context, now time.Time, up time.Duration) (wait time.Duration, err error) {
	if err := r.start(ctx, now, up); err != nil {
		return 0, err
	}
	if up < r.resume {
		return r.resume - up, nil
	}
	api := r.Garmin()
	if api == nil || r.Busy != nil && r.Busy() {
		return poll, nil
	}
	if len(r.round) == 0 {
		if r.round, err = r.Store.DueWindows(ctx, now); err != nil || len(r.round) == 0 {
			return poll, err
		}
	}
	w := &r.round[0]
	if wait := r.budget.wait(up, daysOf(w)); wait > 0 {
		return wait, nil
	}
	r.round = r.round[1:]
	if r.Changed != nil {
		defer r.Changed()
	}
	if w.State == db.WindowAsked { // its answer could not be stored
		return 0, r.Store.EndWindow(ctx, now, w.ID, lost(w, 0, "", now))
	}
	return 0, r.ask(ctx, api, w, now, up)
}

// start takes up what an earlier process left: the answers to windows that it had
// asked for are lost, what it had spent still counts, and so does Garmin's wish to
// wait.
func (r *Runner) start(ctx context.Context, now time.Time, up time.Duration) error {
	if r.budget != nil {
		return nil
	}
	open, err := r.Store.OpenWindows(ctx)
	if err != nil {
		return err
	}
	for i := range open {
		switch w := &open[i]; {
		case w.State == db.WindowAsked:
			if err := r.Store.EndWindow(ctx, now, w.ID, lost(w, 0, "", now)); err != nil {
				return err
			}
		case w.Status == http.StatusTooManyRequests:
			r.resume = max(r.resume, up+min(w.Due.Sub(now), client.MostRetryAfter))
		}
	}
	spent, _, err := r.Store.SpentOn(ctx, dayBudget, time.Time{})
	if err != nil {
		return err
	}
	r.budget = &budget{limit: r.DaysPerMinute}
	if spent > 0 {
		// When that was cannot be told from a clock that may have been set since.
		r.budget.spend(up, r.DaysPerMinute)
	}
	return nil
}

func daysOf(w *db.Window) int64 { return int64(w.Range().Days()) }

// ask asks for a window and records the answer.
func (r *Runner) ask(ctx context.Context, api Garmin, w *db.Window, now time.Time, up time.Duration) error {
	typ, ok := garmin.Lookup(w.Type)
	if !ok {
		return r.Store.EndWindow(ctx, now, w.ID, db.WindowAnswer{State: db.WindowFailed, Answer: "unknown type " + w.Type})
	}
	cred, err := r.Keeper.Credential(ctx, w.Connection)
	if err != nil && ctx.Err() != nil {
		return err // not a failure: the program ends
	}
	if err != nil {
		r.Log.Warn("no credential for backfill", "connection", w.Connection, "err", err)
		return r.Store.PostponeWindows(ctx, w.Connection, now.Add(credentialWait))
	}
	days := daysOf(w)
	err = r.Store.BeginWindow(ctx, now, w.ID, db.Spend{What: dayBudget, N: days})
	if errors.Is(err, db.ErrNotFound) {
		return nil // canceled in the meantime
	}
	if err != nil {
		return err
	}
	began := time.Now()
	// Garmin's range includes both ends, the window does not include its own.
	err = api.RequestBackfill(ctx, cred, typ, w.From, w.To.Add(-time.Second))
	took := time.Since(began)
	// When within the call Garmin counted it is not known: at its end at the latest.
	r.budget.spend(up+took, days)
	return r.end(context.WithoutCancel(ctx), w, err, now.Add(took), up+took)
}

// end records the answer for a window.
func (r *Runner) end(ctx context.Context, w *db.Window, cause error, now time.Time, up time.Duration) error {
	a := answerOf(w, cause, now)
	switch {
	case a.Status == http.StatusTooManyRequests:
		r.resume = up + a.Due.Sub(now)
	case a.Status == http.StatusUnauthorized && w.Status != http.StatusUnauthorized:
		again, err := r.Keeper.Refused(ctx, w.Connection)
		if err != nil {
			r.Log.Warn("backfill was refused", "connection", w.Connection, "err", err)
		} else if again {
			a.Due = now
		}
	case a.State == db.WindowTooEarly:
		var err error
		if a.Rest, err = r.rest(ctx, w, a.Earliest, now); err != nil {
			return err
		}
	}
	if err := r.Store.EndWindow(ctx, now, w.ID, a); err != nil {
		return err
	}
	r.Log.Debug("asked for history", "person", w.Person, "type", w.Type, "from", w.From.UTC(), "to", w.To.UTC(),
		"state", a.State, "status", a.Status)
	if a.State == db.WindowNotPermitted && r.Permissions != nil {
		return r.Permissions(ctx, w.Connection)
	}
	return nil
}

// rest is what can still be asked of a window that begins before the earliest date.
func (r *Runner) rest(ctx context.Context, w *db.Window, earliest, now time.Time) ([]db.Window, error) {
	all, err := r.Store.Ledgers(ctx, []int64{w.Person}, w.From)
	if err != nil {
		return nil, err
	}
	ledger, typ := all[w.Person], lookup(w.Type)
	if ledger.Connection == nil || ledger.Connection.ID != w.Connection {
		return nil, nil
	}
	ledger.Forget(w.ID)
	ledger.Earliest[w.Type] = earliest
	q := ledger.Question(typ, r.Limits, now, w.Range())
	return db.NewWindows(w.Connection, w.Type, q.Plan(), w.Cause), nil
}
