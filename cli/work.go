package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs"
)

// errHandedOver means that serve has started and continues the work.
var errHandedOver = errors.New("the running Garner took over")

// withoutServer runs long work here if Garner is not running, and reports whether it
// was finished here. If Garner runs, or starts in the meantime, it does the work
// by itself: receiving never waits for a command.
func withoutServer(ctx context.Context, a *app, cfg config.Config, do func(context.Context) error) (bool, error) {
	if yes, err := served(cfg.DataDir); yes || err != nil {
		return false, err
	}
	working, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		for pause(working, 200*time.Millisecond) {
			if yes, err := served(cfg.DataDir); yes && err == nil {
				cancel(errHandedOver)
			}
		}
	}()
	release, err := waitToWork(working, cfg.DataDir, func() {
		fmt.Fprintln(a.out,
			"another command is using the data; waiting for it")
	})
	if err == nil {
		err = errors.Join(do(working), release())
	}
	if err != nil && errors.Is(context.Cause(working), errHandedOver) {
		fmt.Fprintln(a.out, "the running Garner continues this work")
		return false, nil
	}
	return err == nil, err
}

// drainHere processes waiting deliveries, in a command.
func drainHere(ctx context.Context, v *view, cfg config.Config, log *slog.Logger) error {
	if err := jobs.EndLeases(ctx, v.store); err != nil {
		return err
	}
	d := &jobs.Drain{Inbox: v.inbox, Store: v.store, Log: log, Workers: max(cfg.Jobs.Workers, 1),
		Target: targetOf(cfg), Files: filesOf(cfg)}
	if err := d.RunUntilEmpty(ctx); err != nil {
		return fmt.Errorf("process deliveries: %w", err)
	}
	return nil
}

// working runs the jobs that only one process at a time may run, as soon as this
// one may.
func working(ctx context.Context, cfg config.Config, f *files, log *slog.Logger,
	run func(context.Context) error) error {
	release, err := waitToWork(ctx, cfg.DataDir, func() {
		log.Info("a command is using the data; receiving continues, and processing begins when the command is done")
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	err = endLeases(ctx, f.store, log)
	if err == nil {
		err = run(ctx)
	}
	return errors.Join(err, release())
}

// endLeases releases what an earlier process held. While the disk is full it
// waits for space.
func endLeases(ctx context.Context, store *db.Store, log *slog.Logger) error {
	for {
		err := jobs.EndLeases(ctx, store)
		if !errors.Is(err, db.ErrFull) && !errors.Is(err, db.ErrBusy) {
			return err
		}
		log.Error("process what is waiting", "err", err)
		if !pause(ctx, time.Second+time.Duration(rand.Int64N(int64(time.Second)))) {
			return nil
		}
	}
}
