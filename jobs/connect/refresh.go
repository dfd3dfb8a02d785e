package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/health"
)

const (
	// refreshWithin bounds a refresh, with its transactions.
	refreshWithin = time.Minute
	// leastPace is the least time between two refreshes of a connection, leastForced the one
	// after which Garmin's refusal of a token leads to a new one.
	leastPace   = 15 * time.Second
	leastForced = time.Minute
	// mostRefreshWait caps the time between two tries.
	mostRefreshWait = time.Hour
)

// pace is what limits the refreshes of a connection, beside its due time.
type pace struct {
	refreshed time.Time // the last that succeeded
	failing   time.Time // since when they fail, zero for a success
	// unstored is what Garmin issued for a rotation and could not be stored yet.
	unstored *unstored
}

// unstored are tokens that are to replace those of a rotation.
type unstored struct {
	rotation int64
	tokens   db.Tokens
}

func (k *Keeper) pace(id int64) pace {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.paces[id]
}

func (k *Keeper) setPace(id int64, p pace) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.paces == nil {
		k.paces = map[int64]pace{}
	}
	k.paces[id] = p
}

// refresh gets new tokens unless there are some already, and stores them. forced
// replaces tokens that seem valid.
func (k *Keeper) refresh(ctx context.Context, now time.Time, id int64, forced bool) error {
	c, t, err := k.tokens(ctx, id, true)
	if err != nil {
		return err
	}
	if _, ok := k.longLived(t); ok {
		return k.refuse(ctx, c, health.CauseTokensRefused)
	}
	p := k.pace(id)
	switch {
	case p.unstored != nil && p.unstored.rotation == c.Rotation:
		return k.store(ctx, now, id, p)
	case !forced && fresh(now, t), forced && recent(now, p.refreshed, leastForced):
		return nil
	case waits(now, c.Due):
		return &LaterError{Until: c.Due}
	case recent(now, p.refreshed, leastPace):
		return &LaterError{Until: p.refreshed.Add(leastPace)}
	}
	garmin := k.Garmin()
	if garmin == nil {
		return ErrNotSetUp
	}
	if err := k.Store.BeginRefresh(ctx, now, id, c.Rotation); err != nil {
		return fmt.Errorf("begin to refresh connection %d: %w", id, err)
	}
	token, err := garmin.Refresh(ctx, t.Refresh)
	if err != nil {
		return k.failed(ctx, now, c, p, err)
	}
	p.unstored = &unstored{c.Rotation, db.Tokens(token)}
	return k.store(ctx, now, id, p)
}

// store replaces the tokens by those that Garmin issued. Where that fails, as on a full
// disk, it keeps them in memory: Garmin no longer takes the older ones.
func (k *Keeper) store(ctx context.Context, now time.Time, id int64, p pace) error {
	if err := k.Store.PutTokens(ctx, id, p.unstored.rotation, p.unstored.tokens); err != nil {
		k.setPace(id, p)
		return fmt.Errorf("store new tokens of connection %d: %w", id, err)
	}
	k.setPace(id, pace{refreshed: now})
	return nil
}

// failed records why there are no new tokens.
func (k *Keeper) failed(ctx context.Context, now time.Time, c *db.Connection, p pace, cause error) error {
	if errors.Is(cause, client.ErrInvalidGrant) {
		if c.Refreshing.IsZero() {
			return k.refuse(ctx, c, health.CauseTokensRefused)
		}
		return k.refuse(ctx, c, health.CauseRefreshLost)
	}
	if p.failing.IsZero() {
		p.failing = now
		k.setPace(c.ID, p)
	}
	due := now.Add(max(wait(now, p.failing, mostRefreshWait), asked(cause, now)))
	k.Log.Warn("tokens could not be refreshed", "connection", c.ID, "until", due, "err", cause)
	record := func() error { return k.Store.EndRefresh(ctx, c.ID, c.Rotation, due) }
	var status *client.StatusError
	if !errors.As(cause, &status) && client.MaybeSent(cause) {
		// Garmin may have replaced the tokens: the intent stays.
		record = func() error { return k.Store.Postpone(ctx, c.ID, due) }
	}
	if err := record(); err != nil {
		return fmt.Errorf("postpone the refresh of connection %d: %w", c.ID, err)
	}
	return &LaterError{Until: due, Err: cause}
}

// refuse records that Garmin refuses the tokens of a connection.
func (k *Keeper) refuse(ctx context.Context, c *db.Connection, cause health.ConnectionCause) error {
	k.Log.Warn("a person must connect again, since Garmin refuses the tokens", "connection", c.ID,
		"answer_lost", cause == health.CauseRefreshLost)
	if err := k.Store.RefuseTokens(ctx, c.ID, c.Rotation, cause); err != nil {
		return fmt.Errorf("record that connection %d must connect again: %w", c.ID, err)
	}
	return ErrMustReconnect
}
