package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"garner/db"
)

// DeepCheck compares all stored data with its checksums and reports each damage, and
// each table that SQLite could not check in time (db.ErrUnchecked).
// between is called after each short step, with the file that is being read.
// Damage is recorded for the alerts at once, since a file that cannot be read to
// its end is the worst case.
func DeepCheck(ctx context.Context, in *db.InboxReader, store *db.Store, found func(error),
	between func(file string, done, total int64) error) error {
	tell := func(err error) {
		if !errors.Is(err, db.ErrUnchecked) {
			store.FoundDamage(err)
		}
		found(err)
	}
	if err := store.Check(ctx, tell, func(done, total int64) error {
		return between(db.GarnerFile, done, total)
	}); err != nil {
		return fmt.Errorf("check garner.db: %w", err)
	}
	ofInbox := func(done, total int64) error { return between(db.InboxFile, done, total) }
	if err := in.Check(ctx, tell, ofInbox); err != nil {
		return fmt.Errorf("check inbox.db: %w", err)
	}
	return nil
}

// Concluded records the result of a complete deep check. No damage ends the alert
// about earlier damage.
func Concluded(ctx context.Context, store *db.Store, now time.Time, found []error) error {
	if err := store.ClearDamage(ctx); err != nil {
		return err
	}
	for _, err := range found {
		store.FoundDamage(err)
	}
	if _, err := store.SaveDamage(ctx, now); err != nil {
		return err
	}
	return store.SetSignal(ctx, signDeepCheck, db.Signal{At: now, Value: int64(len(found))})
}

// signDeepCheck is the last deep check; its value is what it found.
const signDeepCheck = "deep_check"

const (
	deepCheckEvery = 7 * 24 * time.Hour
	// deepCheckLook is the interval at which the checker tests whether one is due.
	deepCheckLook = time.Hour
	// deepCheckRest is the rest after a step, as a multiple of the step's time.
	deepCheckRest = 9
	// mostFound is how many findings are kept.
	mostFound = 1000
)

// Checker runs a deep check once a week, a tenth of the time at work.
type Checker struct {
	Inbox *db.InboxReader
	Store *db.Store
	Log   *slog.Logger
}

// Run runs checks on schedule until ctx ends.
func (c *Checker) Run(ctx context.Context) error {
	for sleep(ctx, nil, deepCheckLook) {
		if err := c.RunOnce(ctx, time.Now()); err != nil && ctx.Err() == nil {
			c.Log.Error("deep check", "err", err)
		}
	}
	return nil
}

// RunOnce runs a deep check if one is due.
func (c *Checker) RunOnce(ctx context.Context, now time.Time) error {
	signs, err := c.Store.Signals(ctx)
	if err != nil {
		return err
	}
	if last, ok := signs[signDeepCheck]; ok && now.Sub(last.At).Abs() < deepCheckEvery {
		return nil
	}
	var found []error
	tell := func(err error) {
		if errors.Is(err, db.ErrUnchecked) {
			c.Log.Warn("deep check", "err", err)
			return
		}
		c.Log.Error("deep check", "found", err)
		if len(found) < mostFound {
			found = append(found, err)
		}
	}
	step := time.Now()
	if err := DeepCheck(ctx, c.Inbox, c.Store, tell, func(string, int64, int64) error {
		if !sleep(ctx, nil, deepCheckRest*time.Since(step)) {
			return ctx.Err()
		}
		step = time.Now()
		return nil
	}); err != nil {
		return err
	}
	c.Log.Info("deep check done", "damaged", len(found))
	return Concluded(ctx, c.Store, now, found)
}
