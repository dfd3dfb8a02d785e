package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs"
)

type personEraseCommand struct {
	Name    string `required:"" placeholder:"NAME" help:"Name of the person."`
	Confirm string `required:"" placeholder:"NAME" help:"The same name again: nothing brings the data back."`
}

// Validate refuses names that differ.
func (c *personEraseCommand) Validate() error {
	if c.Confirm != c.Name {
		return errors.New("--confirm must repeat --name")
	}
	return nil
}

// Run erases a person: here, or in the Garner that runs.
func (c *personEraseCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	var left []db.Connection
	if err := withFiles(ctx, a, cfg, func(f *view) error {
		p, err := f.store.PersonByName(ctx, c.Name)
		if errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("no person is called %q", c.Name)
		}
		if err != nil {
			return err
		}
		if err := f.store.Erase(ctx, time.Now(), p.ID); err != nil {
			return err
		}
		if left, err = f.store.Left(ctx); err != nil {
			return err
		}
		return byOperator(ctx, f, db.ActionErased, "person "+strconv.FormatInt(p.ID, 10))
	}); err != nil {
		return err
	}
	done, err := eraseHere(ctx, a, cfg)
	switch {
	case errors.Is(err, errServed):
		fmt.Fprintln(a.out, "the running Garner erases the person")
		return nil
	case err != nil:
		return err
	case !done:
		fmt.Fprintln(a.out, "the rest is erased when Garner runs")
		return nil
	}
	fmt.Fprintln(a.out, "erased")
	if len(left) > 0 {
		fmt.Fprintln(a.out, "Garmin is asked to end the connection when Garner runs")
	}
	return nil
}

// eraseHere carries out erasures, as the owner of the files. errServed means that the
// running Garner does.
func eraseHere(ctx context.Context, a *app, cfg config.Config) (done bool, err error) {
	release, err := lockDataDir(cfg.DataDir)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, release()) }()
	f, err := openFiles(ctx, cfg, nil)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	f.store.UseKeys(a.keys(cfg))
	if _, err := db.MatchFiles(ctx, f.inbox, f.store, time.Now()); err != nil {
		return false, err
	}
	return eraserOf(cfg, f, a.logger(cfg)).RunOnce(ctx)
}

func eraserOf(cfg config.Config, f *files, log *slog.Logger) *jobs.Eraser {
	return &jobs.Eraser{Inbox: f.inbox, Store: f.store, Log: log, Dir: cfg.DataDir}
}
