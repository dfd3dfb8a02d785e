package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/garmin"
)

// Pruner deletes what is no longer needed: bodies of deliveries, orphans, notices, what
// is left of accounts, sign-ins at Garmin and fetches, such as sessions that have
// ended, and old incidents, notifications and uptime. How long data were kept is measured
// in uptime (see db.Store.AddUptime).
type Pruner struct {
	Inbox *db.Inbox
	Store *db.Store
	Log   *slog.Logger
	// Keep is how long bodies are kept after processing, KeepPersonal how long those of
	// the Personal API, and KeepOrphans how long elements of unknown people wait, at most
	// MaxOrphans of them.
	Keep, KeepPersonal, KeepOrphans time.Duration
	MaxOrphans                      int

	running sync.Mutex // one run at a time
}

// What is due is computed each time, so a missed tick of pruneSchedule changes
// nothing.
const pruneSchedule = "17 * * * *"

// One run drops at most a tenth of what there is, or of pruneLeast if that is
// more: if something is wrongly considered old, there is time to notice.
const (
	pruneShare = 10
	pruneLeast = 5000
	pruneStep  = 500
)

// Run prunes on schedule until ctx ends, and counts the uptime.
func (p *Pruner) Run(ctx context.Context) error {
	logger := cron.PrintfLogger(slog.NewLogLogger(p.Log.Handler(), slog.LevelError))
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.Recover(logger),
		cron.SkipIfStillRunning(cron.DiscardLogger)))
	if _, err := c.AddFunc(pruneSchedule, func() {
		if err := p.RunOnce(ctx, time.Now()); err != nil && ctx.Err() == nil {
			p.Log.Error("prune", "err", err)
		}
		p.optimize(ctx)
	}); err != nil {
		return fmt.Errorf("schedule pruning: %w", err)
	}
	counted := time.Now()
	c.Schedule(cron.Every(time.Minute), cron.FuncJob(func() {
		now := time.Now() // its monotonic clock stops while the machine sleeps
		if err := p.Store.AddUptime(ctx, now.Sub(counted)); err != nil && ctx.Err() == nil {
			p.Log.Error("count uptime", "err", err)
			return
		}
		counted = now
	}))
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	p.optimize(context.WithoutCancel(ctx))
	return nil
}

// optimize updates the statistics of garner.db. Nothing is lost without them.
func (p *Pruner) optimize(ctx context.Context) {
	if err := p.Store.Optimize(ctx); err != nil {
		p.Log.Warn("update the statistics of garner.db", "err", err)
	}
}

// RunOnce prunes what is due; of data, now is only recorded. Bodies are deleted before their
// state rows: a kill in between leaves rows without bodies, which the next run
// deletes.
func (p *Pruner) RunOnce(ctx context.Context, now time.Time) error {
	p.running.Lock()
	defer p.running.Unlock()
	if err := p.orphans(ctx, now); err != nil {
		return err
	}
	if err := p.notices(ctx); err != nil {
		return err
	}
	for _, prune := range []func(context.Context, time.Time) error{p.Store.PruneAccounts, p.Store.PruneAuthorizations,
		p.Store.PruneHistory} {
		if err := prune(ctx, now); err != nil {
			return err
		}
	}
	if err := p.Store.PruneFetches(ctx); err != nil {
		return err
	}
	return p.bodies(ctx)
}

// bodies drops those of deliveries that were processed long enough ago.
func (p *Pruner) bodies(ctx context.Context) error {
	left, err := p.Store.Processed(ctx)
	if err != nil {
		return err
	}
	left = mostOf(left)
	for _, kind := range []struct {
		prunable func(context.Context, time.Duration, int) ([]int64, error)
		keep     time.Duration
	}{{p.Store.Prunable, p.Keep}, {p.Store.PrunableAnswers, p.KeepPersonal}} {
		for left > 0 && ctx.Err() == nil {
			ids, err := kind.prunable(ctx, kind.keep, min(pruneStep, int(left)))
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			if err := p.Inbox.Prune(ctx, ids); err != nil {
				return err
			}
			if err := p.Store.Forget(ctx, ids); err != nil {
				return err
			}
			left -= int64(len(ids))
			p.Log.Info("bodies pruned", "deliveries", len(ids))
		}
	}
	return ctx.Err()
}

func mostOf(n int64) int64 { return max(n/pruneShare, pruneLeast) }

// orphans drops those that waited too long and, beyond the cap, those that
// came first.
func (p *Pruner) orphans(ctx context.Context, now time.Time) error {
	n, err := p.Store.Orphans(ctx)
	if err != nil || n == 0 {
		return err
	}
	old, err := p.Store.DropOldOrphans(ctx, now, p.KeepOrphans, mostOf(n))
	if err != nil {
		return err
	}
	beyond, err := p.Store.DropOrphans(ctx, now, n-old-int64(p.MaxOrphans))
	if err != nil {
		return err
	}
	if old+beyond > 0 {
		p.Log.Info("orphans dropped", "too_old", old, "too_many", beyond)
	}
	return nil
}

// notices drops those that no longer matter, at most pruneStep at a time.
func (p *Pruner) notices(ctx context.Context) error {
	all, err := p.Store.Notices(ctx)
	if err != nil {
		return err
	}
	var old []db.Notice
	for _, list := range all {
		old = append(old, superseded(list)...)
	}
	if len(old) == 0 {
		return nil
	}
	p.Log.Info("notices dropped", "notices", len(old))
	for some := range slices.Chunk(old, pruneStep) {
		if err := p.Store.DropNotices(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// superseded returns those of a person's notices, newest first, that are no longer
// needed. The end of a connection and a set of permissions explain missing days
// forever, so they stay. Deleted are, beyond the recent ones that pages list,
// notices that Garmin refuted and permission notices without a set, and Garmin's retries of an earlier notice: the
// first one has the time of the change.
func superseded(list []db.Notice) (out []db.Notice) {
	type change struct {
		detail string
		at     int64
	}
	seen := map[change]bool{}
	for i, n := range slices.Backward(list) {
		if n.Verdict == db.Refuted && i >= db.RecentNotices {
			out = append(out, n)
			continue
		}
		if n.Type != garmin.UserPermissionsChange.Key {
			continue
		}
		c := change{n.Detail, garmin.NoticeChange(n.Detail)}
		_, said := garmin.NoticePermissions(n.Detail)
		if c.at != 0 && seen[c] || !said && i >= db.RecentNotices {
			out = append(out, n)
		}
		seen[c] = true
	}
	return out
}
