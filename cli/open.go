package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin"
)

// files are both databases of a data directory, opened by the process that
// serves. The store is nil if garner.db is broken and Garner only
// receives.
type files struct {
	inbox *db.Inbox
	store *db.Store
}

// openFiles opens both databases as their owner. wake may be nil.
func openFiles(ctx context.Context, cfg config.Config, wake chan<- struct{}) (*files, error) {
	inbox, err := openInbox(ctx, cfg, wake)
	if err != nil {
		return nil, err
	}
	store, err := openStore(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, inbox.Close())
	}
	return &files{inbox, store}, nil
}

// openToReceive opens what serving needs. Receiving needs no garner.db, so a
// broken one is left out and its error returned with the files.
func openToReceive(ctx context.Context, cfg config.Config, wake chan<- struct{}) (f *files, broken, err error) {
	inbox, err := openInbox(ctx, cfg, wake)
	if err != nil {
		return nil, nil, err
	}
	store, err := openStore(ctx, cfg)
	if errors.Is(err, db.ErrBroken) {
		return &files{inbox, nil}, err, nil
	}
	if err != nil {
		return nil, nil, errors.Join(err, inbox.Close())
	}
	return &files{inbox, store}, nil, nil
}

func openStore(ctx context.Context, cfg config.Config) (*db.Store, error) {
	return db.OpenStore(ctx, cfg.DataDir, garmin.Kinds(), garmin.Metrics())
}

func openInbox(ctx context.Context, cfg config.Config, wake chan<- struct{}) (*db.Inbox, error) {
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

// view is both databases as used by a command while Garner may be running: the
// inbox for reading only, the store also for short transactions.
type view struct {
	inbox *db.InboxReader
	store *db.Store
}

// Close closes both, and records the damage that was found.
func (v *view) Close() error {
	_, err := v.store.SaveDamage(context.Background(), time.Now())
	return errors.Join(err, v.inbox.Close(), v.store.Close())
}

// withFiles runs a command that reads or writes little, whether Garner is running
// or not.
func withFiles(ctx context.Context, a *app, cfg config.Config, do func(*view) error) error {
	if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	v, err := openView(ctx, cfg)
	for tries := 0; errors.Is(err, db.ErrNotSetUp) && tries < 50; tries++ {
		if err := setUp(ctx, cfg); err != nil {
			return err
		}
		if v, err = openView(ctx, cfg); err == nil {
			break
		}
		pause(ctx, 100*time.Millisecond) // serve is creating them
	}
	if errors.Is(err, db.ErrNotSetUp) {
		return fmt.Errorf("%w: the running garner has another version, or is still upgrading its data; restart it, "+
			"or try again later", err)
	}
	if err != nil {
		return err
	}
	v.store.UseKeys(a.keys(cfg))
	return errors.Join(do(v), v.Close())
}

// toRead runs a command that only reads. Where nothing is stored yet it sees
// empty databases, which are not left behind: a command in the wrong folder
// must not look as if Garner had been set up there.
func toRead(ctx context.Context, a *app, cfg config.Config, do func(*view) error) (err error) {
	empty, err := nothingStored(cfg.DataDir)
	if err != nil {
		return err
	}
	if !empty {
		return withFiles(ctx, a, cfg, do)
	}
	fmt.Fprintf(a.err, "no data in %s yet\n", cfg.DataDir)
	if cfg.DataDir, err = os.MkdirTemp("", "garner-empty-"); err != nil {
		return err
	}
	return errors.Join(withFiles(ctx, a, cfg, do), os.RemoveAll(cfg.DataDir))
}

// nothingStored reports whether a data directory has no databases, and no process
// that is just making them.
func nothingStored(dir string) (bool, error) {
	for _, name := range []string{"inbox.db", "garner.db"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return false, nil // it may be damaged, or a link: opening tells
		}
	}
	serving, err := served(dir)
	return !serving, err
}

func openView(ctx context.Context, cfg config.Config) (*view, error) {
	inbox, err := db.OpenInboxReader(ctx, cfg.DataDir)
	if err != nil {
		return nil, err
	}
	store, err := db.OpenStoreBeside(ctx, cfg.DataDir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		return nil, errors.Join(err, inbox.Close())
	}
	return &view{inbox, store}, nil
}

// setUp creates the databases, or upgrades them to this version, as their owner.
// If Garner is running, it leaves that to it.
func setUp(ctx context.Context, cfg config.Config) error {
	release, err := lockDataDir(cfg.DataDir)
	if errors.Is(err, errServed) {
		return nil
	}
	if err != nil {
		return err
	}
	made, err := backUpFirst(ctx, cfg)
	if err != nil {
		return errors.Join(err, release())
	}
	f, err := openFiles(ctx, cfg, nil)
	if err == nil {
		_, err = db.MatchFiles(ctx, f.inbox, f.store, time.Now())
		err = errors.Join(err, recordFirst(ctx, f.store, made), f.Close())
	}
	return errors.Join(err, release())
}

func checkOwnerIfThere(dir string, log *slog.Logger) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return openDataDir(dir, false, log)
	}
	if err := checkOwner(dir); err != nil {
		return err
	}
	return openDataDir(dir, ofDemo(dir), log)
}
