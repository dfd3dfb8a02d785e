package connect

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/health"
)

const (
	// tick is the time between two looks at all connections: a person who disconnects
	// or is erased waits for Garmin no longer.
	tick = 5 * time.Second
	// reserve is what is left of a refresh token when it is replaced, even if no
	// call needed it: without a refresh for 90 days a person must consent again.
	reserve = 30 * 24 * time.Hour
	// reserveOnce is how often that is tried where it does not help.
	reserveOnce = 24 * time.Hour
	// stopFor is how long Garmin is asked to end a connection, mostStopWait the
	// longest time between two calls.
	stopFor      = 7 * 24 * time.Hour
	mostStopWait = 2 * time.Hour
)

// Run refreshes tokens before they end for good, and ends connections that are to be
// stopped, until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	return every(ctx, tick, func() {
		if err := k.maintain(ctx, time.Now()); err != nil && ctx.Err() == nil {
			k.Log.Error("maintain connections", "err", err)
		}
	})
}

// every does something now and again after each period, until ctx ends.
func every(ctx context.Context, period time.Duration, do func()) error {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		do()
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// maintain looks at all connections once. One that fails does not delay others.
func (k *Keeper) maintain(ctx context.Context, now time.Time) error {
	list, err := k.Store.Connections(ctx)
	if err != nil {
		return err
	}
	left, err := k.Store.Left(ctx)
	if err != nil {
		return err
	}
	list = append(list, left...)
	var failed []error
	for i := range list {
		if ctx.Err() != nil {
			break
		}
		failed = append(failed, k.maintainOne(ctx, now, &list[i]))
	}
	return errors.Join(failed...)
}

func (k *Keeper) maintainOne(ctx context.Context, now time.Time, c *db.Connection) error {
	switch p := k.pace(c.ID); {
	case p.unstored != nil && p.unstored.rotation == c.Rotation: // to be stored
	case waits(now, c.Due):
		return nil
	case !c.Stopping.IsZero():
		return k.stop(ctx, now, c)
	case c.State != db.Connected || c.RefreshEnds.Sub(now) > reserve || recent(now, p.refreshed, reserveOnce):
		return nil
	}
	err := k.renew(ctx, now, c.ID, true)
	var later *LaterError
	if errors.Is(err, ErrMustReconnect) || errors.Is(err, ErrNotSetUp) || errors.As(err, &later) {
		return nil // recorded where it happened
	}
	return err
}

// stop asks Garmin to end a connection. Where Garmin refuses the tokens it has
// ended already.
func (k *Keeper) stop(ctx context.Context, now time.Time, c *db.Connection) error {
	err := ErrNotSetUp
	if garmin := k.Garmin(); garmin != nil {
		err = k.do(ctx, c.ID, true, func(cred client.Credential) error { return garmin.Deregister(ctx, cred) })
	}
	switch {
	case err == nil || unauthorized(err) || errors.Is(err, ErrMustReconnect):
		return k.Store.EndConnection(ctx, now, c.ID, health.CauseEndedHere)
	case errors.Is(err, ErrEnded) || ctx.Err() != nil:
		return nil
	case now.Sub(c.Stopping) >= stopFor:
		k.Log.Error("Garmin was not reached to end a connection", "connection", c.ID, "err", err)
		return k.Store.EndConnection(ctx, now, c.ID, health.CauseEndedOnlyHere)
	}
	due := now.Add(max(wait(now, c.Stopping, mostStopWait), asked(err, now)))
	k.Log.Warn("Garmin did not end a connection", "connection", c.ID, "until", due, "err", err)
	return k.Store.Postpone(ctx, c.ID, due)
}
