package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs"
)

type rederiveCommand struct{}

// Run rebuilds all derived data.
func (c *rederiveCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		here, err := withoutServer(ctx, a, cfg, func(ctx context.Context) error {
			if err := jobs.Rederive(ctx, f.store, func(done, total int64) {
				if done == total {
					fmt.Fprintf(a.out, "%d records and blocks rebuilt\n", total)
				}
			}); err != nil {
				return err
			}
			return drainHere(ctx, f, cfg, a.logger(cfg))
		})
		if err != nil || here {
			return err
		}
		return waitForRequest(ctx, a, f)
	})
}

// waitForRequest writes a request to the running Garner and prints its progress.
func waitForRequest(ctx context.Context, a *app, f *view) error {
	id, err := f.store.Ask(ctx, time.Now(), db.RequestRederive)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, "the running Garner rebuilds; this command only shows progress")
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for last := int64(-1); ; {
		r, err := f.store.Request(ctx, id)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if r.Done != last && r.Total > 0 {
			last = r.Done
			fmt.Fprintf(a.out, "%d of %d\n", r.Done, r.Total)
		}
		if !r.Ended.IsZero() {
			if r.Error != "" {
				return errors.New(r.Error)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(a.out, "no longer showing progress; it continues")
			return nil
		case <-ticker.C:
		}
	}
}
