package watch

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/jobs/notify"
)

const (
	beatEvery = time.Minute
	// missedBeat is the time between beats from which on Garner did not run in
	// between, or slept, or the clock was set.
	missedBeat = 150 * time.Second
	// jumped is how far the clock may deviate from the monotonic one between beats.
	jumped = 90 * time.Second
)

// The names of signals.
const (
	signContact   = "contact"
	signProbe     = "probe"     // the last probe; value 1 if it succeeded
	signProbeBad  = "probe_bad" // the first of the failed ones; value 1 while they fail
	signHeartbeat = "heartbeat" // the last outgoing heartbeat; value 1 if it was sent
	signClock     = "clock"     // value: how far our clock is ahead in milliseconds
)

// beat records that Garner runs. A longer time between beats shows later that it
// did not run: its end need not be recorded.
func (w *Watch) beat(ctx context.Context) {
	if w.held.Load() {
		return
	}
	now := time.Now()
	within := missedBeat
	// The monotonic clock stops while a machine sleeps and ignores changes of
	// the clock.
	if last := w.beaten; !last.IsZero() && (now.Round(0).Sub(last.Round(0))-now.Sub(last)).Abs() > jumped {
		within = -1
		w.Log.Warn("the machine slept, or its clock was set", "by", now.Round(0).Sub(last.Round(0))-now.Sub(last))
	}
	w.beaten = now
	if err := w.RecordUptime(ctx, now, within); err != nil && ctx.Err() == nil {
		w.Log.Error("record uptime", "err", err)
	}
}

// RecordUptime records that Garner runs now, and has run since the previous beat
// unless that is further away than within.
func (w *Watch) RecordUptime(ctx context.Context, now time.Time, within time.Duration) error {
	err := w.Store.Grow(ctx, db.Up, now, within)
	if w.Contact != nil {
		if at := w.Contact(); !at.IsZero() {
			err = errors.Join(err, w.Store.SetSignal(ctx, signContact, db.Signal{At: at}))
		}
	}
	return err
}

// probe requests our own address by name. A failure counts only if the address has
// responded before, since many routers have no NAT loopback; and a contact from
// outside disproves it.
func (w *Watch) probe(ctx context.Context) {
	address := w.publicURL()
	if address == "" {
		return
	}
	err := notify.Probe(ctx, address)
	if ctx.Err() == nil {
		if err := w.probed(ctx, time.Now(), err); err != nil && ctx.Err() == nil {
			w.Log.Error("record the probe of the public address", "err", err)
		}
	}
}

func (w *Watch) probed(ctx context.Context, now time.Time, failure error) error {
	signs, err := w.Store.Signals(ctx)
	if err != nil {
		return err
	}
	before, known := signs[signProbe]
	if failure == nil {
		return errors.Join(w.Store.SetSignal(ctx, signProbe, db.Signal{At: now, Value: 1}),
			w.Store.SetSignal(ctx, signProbeBad, db.Signal{At: now}))
	}
	bad := signs[signProbeBad]
	sign := db.Signal{At: now, Detail: failure.Error()}
	if known && before.Value == 1 || bad.At.After(now) {
		bad = db.Signal{At: now, Value: 1}
		if err := w.Store.SetSignal(ctx, signProbeBad, bad); err != nil {
			return err
		}
	}
	if bad.Value == 1 && !signs[signContact].At.After(bad.At) {
		if err := w.Store.Grow(ctx, db.Unreachable, now, 3*probeEvery); err != nil {
			return err
		}
	}
	return w.Store.SetSignal(ctx, signProbe, sign)
}

// Heartbeat is an external dead-man's switch: it is called while all is well, and
// raises the alarm when the calls stop.
type Heartbeat struct {
	URL   string
	Every time.Duration
}

// heartbeat calls the external switch if all is well.
func (w *Watch) heartbeat(ctx context.Context) {
	now := time.Now()
	err := w.Well(ctx, now)
	if err == nil {
		var ahead time.Duration
		var known bool
		ahead, known, err = notify.Ping(ctx, w.Heartbeat.URL)
		if known {
			err = errors.Join(err, w.Store.SetSignal(ctx, signClock, db.Signal{At: now, Value: ahead.Milliseconds()}))
		}
	}
	if err != nil && ctx.Err() != nil {
		return // not a failure: the program ends
	}
	sign := db.Signal{At: now, Value: 1}
	if err != nil {
		sign = db.Signal{At: now, Detail: err.Error()}
		w.Log.Warn("heartbeat not sent", "err", err)
	}
	if err := w.Store.SetSignal(ctx, signHeartbeat, sign); err != nil && ctx.Err() == nil {
		w.Log.Error("record the heartbeat", "err", err)
	}
}

// Well returns what is wrong with Garner itself, or nil.
func (w *Watch) Well(ctx context.Context, now time.Time) error {
	if err := errors.Join(w.Stalled(now), w.Store.Broken(), w.Inbox.Ready()); err != nil {
		return err
	}
	if err := w.RecordUptime(ctx, now, missedBeat); err != nil {
		return err
	}
	in, _, err := w.inside(ctx, now)
	if err != nil {
		return err
	}
	switch {
	case !in.OldestWaiting.IsZero() && now.Sub(in.OldestWaiting) > 15*time.Minute:
		return errors.New("deliveries are waiting to be processed")
	case in.DiskFree >= 0 && in.DiskFree < in.DiskWanted:
		return errors.New("the disk is nearly full")
	case !in.MailSince.IsZero():
		return errors.New("notifications cannot be sent: " + in.MailError)
	}
	return nil
}
