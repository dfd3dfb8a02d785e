package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
)

// Pruner lets go of what has served: bodies of deliveries and orphans.
type Pruner struct {
	Inbox *db.Inbox
	Store *db.Store
	Log   *slog.Logger
	// Keep is how long bodies are kept, KeepOrphans how long elements of
	// unknown people wait, at most MaxOrphans of them.
	Keep, KeepOrphans time.Duration
	MaxOrphans        int
}

// pruneSchedule is a catch-up: what is due is worked out anew each time, so a
// missed tick changes nothing.
const pruneSchedule = "17 * * * *"

// pruneStep is how many deliveries go at a time.
const pruneStep = 500

// Run prunes by the clock until ctx ends.
func (p *Pruner) Run(ctx context.Context) error {
	logger := cron.PrintfLogger(slog.NewLogLogger(p.Log.Handler(), slog.LevelError))
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.Recover(logger), cron.SkipIfStillRunning(cron.DiscardLogger)))
	if _, err := c.AddFunc(pruneSchedule, func() {
		if err := p.Once(ctx, time.Now()); err != nil && ctx.Err() == nil {
			p.Log.Error("prune", "err", err)
		}
	}); err != nil {
		return fmt.Errorf("schedule pruning: %w", err)
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Once prunes what is due at now. Bodies go before their state rows: a kill in
// between leaves rows whose bodies are gone, which the next run takes.
func (p *Pruner) Once(ctx context.Context, now time.Time) error {
	dropped, err := p.Store.DropOrphans(ctx, now, now.Add(-p.KeepOrphans), p.MaxOrphans)
	if err != nil {
		return err
	}
	if dropped > 0 {
		p.Log.Info("orphans dropped", "elements", dropped)
	}
	for ctx.Err() == nil {
		ids, err := p.Store.Prunable(ctx, now.Add(-p.Keep), pruneStep)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := p.Inbox.Prune(ctx, ids); err != nil {
			return err
		}
		if err := p.Store.Forget(ctx, ids); err != nil {
			return err
		}
		p.Log.Info("bodies pruned", "deliveries", len(ids))
	}
	return ctx.Err()
}
