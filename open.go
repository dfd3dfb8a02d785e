package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"garner/db"
	"garner/garmin"
	"garner/jobs"
)

// files are both databases of a data directory. The store is nil where
// garner.db is broken and only receiving goes on.
type files struct {
	inbox *db.Inbox
	store *db.Store
}

// openFiles opens both databases. wake may be nil.
func openFiles(ctx context.Context, cfg Config, wake chan<- struct{}) (*files, error) {
	inbox, err := openInbox(ctx, cfg, wake)
	if err != nil {
		return nil, err
	}
	store, err := db.OpenStore(ctx, cfg.DataDir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		return nil, errors.Join(err, inbox.Close())
	}
	return &files{inbox, store}, nil
}

// openToReceive opens what serving needs. Receiving needs no garner.db, so a
// broken one is left out, and told: its error comes beside the files.
func openToReceive(ctx context.Context, cfg Config, wake chan<- struct{}) (f *files, broken, err error) {
	inbox, err := openInbox(ctx, cfg, wake)
	if err != nil {
		return nil, nil, err
	}
	store, err := db.OpenStore(ctx, cfg.DataDir, garmin.Kinds(), garmin.Metrics())
	if errors.Is(err, db.ErrBroken) {
		return &files{inbox, nil}, err, nil
	}
	if err != nil {
		return nil, nil, errors.Join(err, inbox.Close())
	}
	return &files{inbox, store}, nil, nil
}

func openInbox(ctx context.Context, cfg Config, wake chan<- struct{}) (*db.Inbox, error) {
	return db.OpenInbox(ctx, cfg.DataDir, db.InboxLimits{
		QueueRows: int64(cfg.Limits.QueueRows), QueueBytes: int64(cfg.Limits.QueueBytes),
		BacklogRows: int64(cfg.Limits.BacklogRows), BacklogBytes: int64(cfg.Limits.BacklogBytes),
		MinFree: int64(cfg.Limits.MinFreeBytes),
	}, wake)
}

// Close closes both.
func (f *files) Close() error {
	err := f.inbox.Close()
	if f.store != nil {
		err = errors.Join(err, f.store.Close())
	}
	return err
}

// withFiles runs a command that reads or writes a little beside a running
// appliance, or alone.
func withFiles(ctx context.Context, cfg Config, do func(*files) error) error {
	if err := checkOwnerIfThere(cfg.DataDir); err != nil {
		return err
	}
	f, err := openFiles(ctx, cfg, nil)
	if err != nil {
		return err
	}
	return errors.Join(do(f), f.Close())
}

func checkOwnerIfThere(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return openDataDir(dir, false)
	}
	if err := checkOwner(dir); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(dir, demoMarker))
	return openDataDir(dir, err == nil)
}

// whereNobodyServes runs long work here if no appliance runs, and says whether
// it did. An appliance that runs takes the work up by itself.
func whereNobodyServes(cfg Config, do func() error) (bool, error) {
	release, err := lockDataDir(cfg.DataDir)
	if errors.Is(err, errServed) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, errors.Join(do(), release())
}

// drainHere processes what waits, in a command.
func drainHere(ctx context.Context, f *files, log *slog.Logger, workers int) error {
	if err := jobs.EndLeases(ctx, f.store); err != nil {
		return err
	}
	d := &jobs.Drain{Inbox: f.inbox, Store: f.store, Log: log, Workers: max(workers, 1)}
	if err := d.RunUntilEmpty(ctx); err != nil {
		return fmt.Errorf("process deliveries: %w", err)
	}
	return nil
}
