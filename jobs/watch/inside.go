package watch

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/health/alert"
)

func (g *gathering) insideFacts() error {
	in, until, err := g.inside(g.ctx, g.now)
	if err != nil {
		return err
	}
	in.Off = alert.Off(g.ran, g.now)
	if len(g.ran) > 0 {
		in.Backups.Since = g.ran[0].From
	}
	if g.held.Load() {
		until, in.OldestWaiting = time.Time{}, time.Time{} // past data comes out of order
	}
	g.f.Inside = in
	if !until.IsZero() && until.Before(g.now) {
		g.f.Until = until
	}
	return nil
}

// inside collects Garner's own state; until is when the oldest delivery came that
// is not processed yet, zero for none.
func (w *Watch) inside(ctx context.Context, now time.Time) (in alert.Inside, until time.Time, err error) {
	if in.Waiting, until, err = w.Store.Unprocessed(ctx, w.Inbox.InboxReader); err != nil {
		return in, until, err
	}
	in.OldestWaiting = until
	if released, err := w.Store.Released(ctx); err != nil {
		return in, until, err
	} else if !released.IsZero() && (until.IsZero() || released.Before(until)) {
		until = released
	}
	if in.Parked, in.ParkedSince, err = w.Store.ParkedSince(ctx); err != nil {
		return in, until, err
	}
	if in.Quarantined, in.QuarantinedAt, err = w.Store.Quarantined(ctx); err != nil {
		return in, until, err
	}
	in.DiskWanted = w.DiskWanted
	if in.DiskFree, err = db.Free(w.DataDir); err != nil {
		in.DiskFree = -1
	}
	if in.MailSince, in.MailError, err = w.Dispatcher.Failing(ctx); err != nil {
		return in, until, err
	}
	if in.Backups, err = w.backups(ctx); err != nil {
		return in, until, err
	}
	if w.Certificates != nil {
		in.Certificates = w.Certificates()
	}
	return in, until, w.signs(ctx, now, &in)
}

func (w *Watch) backups(ctx context.Context) (alert.Backups, error) {
	out := alert.Backups{Scheduled: w.Backups}
	good, ended, err := w.Store.LastBackups(ctx)
	if errors.Is(err, db.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Last = good.Ended
	if out.Fault = ended.Fault; out.Fault == "" && ended.CopyFault != "" {
		out.Fault = "It is not in the second place: " + ended.CopyFault
	}
	if out.Fault != "" {
		out.Failed = ended.Ended
	}
	return out, nil
}

// clockCheckedFor is how long a comparison with another clock is valid.
const clockCheckedFor = time.Hour

func (w *Watch) signs(ctx context.Context, now time.Time, in *alert.Inside) error {
	signs, err := w.Store.Signals(ctx)
	if err != nil {
		return err
	}
	in.Unprobed, in.ClockUnchecked = w.publicURL() == "", w.Heartbeat.URL != ""
	if s, ok := signs[signClock]; ok && now.Sub(s.At).Abs() < clockCheckedFor {
		in.ClockAhead, in.ClockUnchecked = time.Duration(s.Value)*time.Millisecond, false
	}
	if s := signs[signContact]; s.At.After(now.Add(5 * time.Minute)) {
		in.ClockAhead = now.Sub(s.At) // the recorded time is in the future
	}
	if s, ok := signs[db.SignalFiles]; ok {
		in.FilesReplaced, in.FilesReplacedDetail = s.At, s.Detail
	}
	if s, ok := signs[signLog]; ok {
		in.LogLongSince, in.LogBytes, in.LogFile = s.At, s.Value, s.Detail
	}
	if s, ok := signs[db.SignDamage]; ok {
		in.DamagedSince, in.DamagedCount, in.DamagedDetail = s.At, s.Value, s.Detail
	}
	if bad := signs[signProbeBad]; w.publicURL() != "" && bad.Value == 1 && !signs[signContact].At.After(bad.At) {
		in.UnreachableSince, in.UnreachableError = bad.At, signs[signProbe].Detail
	}
	return nil
}
