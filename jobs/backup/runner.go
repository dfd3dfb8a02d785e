package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"

	"garner/db"
	"garner/jobs"
)

// Runner makes backups on schedule, and when a page asks for one.
type Runner struct {
	Maker *Maker
	Store *db.Store
	// Receiving has priority over backups; nil if nothing is received.
	Receiving *db.Inbox
	// Schedule is a cron line in the zone of Maker; empty for by hand only.
	Schedule string
	Log      *slog.Logger
	// Changed, where not nil, is called while a backup is made, now and then, and after it.
	Changed func()
}

const (
	// lookEvery is how often a runner looks whether a backup is due.
	lookEvery = time.Minute
	// retryAfter is when a backup on schedule that failed is tried again.
	retryAfter = time.Hour
	// changedEvery is how often Changed is called while a backup is made.
	changedEvery = 5 * time.Second
)

// Run makes backups until ctx ends. One that was due while Garner did not run is made
// when it runs again.
func (r *Runner) Run(ctx context.Context) error {
	requests := &jobs.Requests{Store: r.Store, Log: r.Log, Work: map[string]jobs.Work{
		db.RequestBackup: func(ctx context.Context, progress func(done, total int64)) error {
			return r.make(ctx, Page, progress)
		}}}
	schedule, err := r.schedule()
	if err != nil {
		return err
	}
	if err := r.Maker.tidyUnpacked(); err != nil && !errors.Is(err, ErrRunning) {
		r.Log.Error("delete what a killed backup has left", "err", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return requests.Run(ctx) })
	group.Go(func() error {
		r.onSchedule(ctx, schedule)
		return nil
	})
	return group.Wait()
}

// schedule is that of the cron line; nil for none.
func (r *Runner) schedule() (cron.Schedule, error) {
	if r.Schedule == "" {
		return nil, nil
	}
	s, err := cron.ParseStandard(r.Schedule)
	if err != nil {
		return nil, fmt.Errorf("schedule backups: %w", err)
	}
	return s, nil
}

func (r *Runner) onSchedule(ctx context.Context, schedule cron.Schedule) {
	if schedule == nil {
		return
	}
	started := time.Now()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		due, err := r.due(ctx, schedule, started)
		if err == nil && !time.Now().Before(due) {
			err = r.make(ctx, Scheduled, func(int64, int64) {})
		}
		if err != nil && ctx.Err() == nil {
			r.Log.Error("backup", "err", err)
		}
	}
}

// due is when the next backup on schedule is due: after the last one, or after Garner
// began if there is none.
func (r *Runner) due(ctx context.Context, schedule cron.Schedule, started time.Time) (time.Time, error) {
	last, err := r.Store.LastBackupOf(ctx, string(Scheduled))
	switch {
	case errors.Is(err, db.ErrNotFound):
		return schedule.Next(started.In(r.Maker.zone())), nil
	case err != nil:
		return time.Time{}, err
	case last.Ended.IsZero() || last.Fault != "":
		return last.Began.Add(retryAfter), nil
	}
	return schedule.Next(last.Began.In(r.Maker.zone())), nil
}

// make makes a backup, and yields to receiving.
func (r *Runner) make(ctx context.Context, cause Cause, progress func(done, total int64)) error {
	gentle, worked := jobs.Gentle{Receiving: r.Receiving}, time.Now()
	var shown time.Time
	got, err := r.Maker.Run(ctx, r.Store, cause, "", func(_ string, done, total int64) error {
		progress(done, total)
		if now := time.Now(); now.Sub(shown) > changedEvery {
			shown = now
			r.changed()
		}
		gentle.Rest(ctx, time.Since(worked))
		worked = time.Now()
		return ctx.Err()
	})
	r.changed()
	if err == nil && got.CopyFault != nil {
		err = ctx.Err() // it was interrupted, and is made again
	}
	if err != nil {
		return err
	}
	log := r.Log.With("file", got.File, "bytes", got.Size, "cause", cause)
	for _, w := range got.Warnings {
		log.Warn("backup", "warning", w)
	}
	if got.CopyFault != nil {
		log.Warn("backup is not in the second place", "err", got.CopyFault)
	}
	log.Info("backup made and verified")
	return nil
}

func (r *Runner) changed() {
	if r.Changed != nil {
		r.Changed()
	}
}
