package connect

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/client"
	"garner/health"
)

// askPeriod is the least time between two questions about one person.
const askPeriod = time.Minute

// mostAskWait is the longest time between two questions about a notice.
const mostAskWait = 6 * time.Hour

// Confirmer asks Garmin whether notices are true: they are not signed.
type Confirmer struct {
	Keeper *Keeper
	Store  *db.Store
	// Garmin is the client of the settings in force; nil while Garmin is not set up.
	Garmin func() *client.Client
	Log    *slog.Logger
	// Changed, if not nil, is called after notices were settled.
	Changed func()
}

// Run settles notices until ctx ends. It asks at most once a minute for each person,
// however many notices came.
func (f *Confirmer) Run(ctx context.Context) error {
	return every(ctx, askPeriod, func() {
		if err := f.confirm(ctx, time.Now()); err != nil && ctx.Err() == nil {
			f.Log.Error("notices were not settled", "err", err)
		}
	})
}

// confirm settles the notices that are due. One connection that fails does not delay
// others.
func (f *Confirmer) confirm(ctx context.Context, now time.Time) error {
	if f.Garmin() == nil {
		return nil
	}
	due, err := f.Store.DueNotices(ctx, now)
	if err != nil {
		return err
	}
	var failed []error
	for id, list := range due {
		if ctx.Err() != nil {
			break
		}
		failed = append(failed, f.settle(ctx, now, id, list))
	}
	return errors.Join(failed...)
}

// settle asks Garmin once about all notices of a connection.
func (f *Confirmer) settle(ctx context.Context, now time.Time, id int64, list []db.Notice) error {
	err := f.ask(ctx, now, id, list)
	switch {
	case ctx.Err() != nil || errors.Is(err, ErrEnded):
		return nil
	case unauthorized(err) || errors.Is(err, ErrMustReconnect):
		err = f.refused(ctx, now, id, list)
	case err != nil:
		oldest := slices.MinFunc(list, func(a, b db.Notice) int { return a.At.Compare(b.At) })
		until := now.Add(max(wait(now, oldest.At, mostAskWait), asked(err, now)))
		f.Log.Warn("Garmin could not be asked about notices", "connection", id, "until", until, "err", err)
		return f.Store.PostponeNotices(ctx, list, until)
	}
	if err == nil && f.Changed != nil {
		f.Changed()
	}
	return err
}

// ask settles notices by what a person's endpoints answer. The permissions settle
// deregistrations too: a person who has left has none.
func (f *Confirmer) ask(ctx context.Context, now time.Time, id int64, list []db.Notice) error {
	api := f.Garmin()
	if api == nil {
		return ErrNotSetUp
	}
	if !slices.ContainsFunc(list, isPermissions) {
		if err := f.Keeper.Do(ctx, id, func(cred client.Credential) error {
			_, err := api.UserID(ctx, cred)
			return err
		}); err != nil {
			return err
		}
		return f.Store.SettleNotices(ctx, judged(now, list, nil))
	}
	granted, err := f.Keeper.askPermissions(ctx, now, id)
	if err != nil {
		return err
	}
	return f.Store.SettleNotices(ctx, judged(now, list, granted))
}

func isPermissions(n db.Notice) bool { return n.Type == garmin.UserPermissionsChange.Key }

// askedAt is how long after its arrival Garmin is asked about a notice that it did not
// confirm at once: what sends notices may be ahead of what answers. The last refutes it.
var askedAt = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour}

// judged gives the verdicts where Garmin says that a person is connected, and grants
// this.
func judged(now time.Time, list []db.Notice, granted []string) []db.Notice {
	out := slices.Clone(list)
	for i := range out {
		n := &out[i]
		names, said := garmin.NoticePermissions(n.Detail)
		if isPermissions(*n) && said && slices.Equal(names, granted) {
			n.Verdict = db.Confirmed
			continue
		}
		n.Verdict = db.Refuted
		old := max(now.Sub(n.At), 0) // the clock may have been set back
		for _, at := range askedAt {
			if old < at {
				n.Verdict, n.Due = db.Claimed, now.Add(at-old)
				break
			}
		}
	}
	return out
}

// refused settles notices after Garmin refused even new tokens. Without a claim that
// the person disconnected, the connection stays as it is.
func (f *Confirmer) refused(ctx context.Context, now time.Time, id int64, list []db.Notice) error {
	left := slices.DeleteFunc(slices.Clone(list), isPermissions)
	if len(left) == 0 {
		return f.Store.PostponeNotices(ctx, list, now.Add(mostAskWait))
	}
	if err := f.Store.EndConnection(ctx, now, id, health.CauseEndedAtGarmin); err != nil {
		return err
	}
	for i := range left {
		left[i].Verdict = db.Confirmed
	}
	return f.Store.SettleNotices(ctx, left)
}
