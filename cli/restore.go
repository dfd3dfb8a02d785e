package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"garner/config"
	"garner/db"
	"garner/jobs/backup"
)

type restoreCommand struct {
	File     string `arg:"" help:"The backup."`
	Identity string `placeholder:"FILE" help:"File with the recovery key; - for standard input."`
	Test     bool   `help:"Only see whether it can be restored: change nothing."`
}

// Run restores a backup into an empty data directory, whose lock it holds.
func (c *restoreCommand) Run(ctx context.Context, a *app, cfg config.Config) (err error) {
	keys, err := c.keys(a)
	if err != nil {
		return err
	}
	b, err := backup.Open(c.File, keys...)
	if err != nil {
		return c.advise(err)
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	var what db.Restored
	r := &backup.Restorer{DataDir: cfg.DataDir, Backups: cfg.BackupDir(), Between: progressTo(a.out),
		Prepare: func(ctx context.Context, dir string) (err error) {
			what, err = prepareRestored(ctx, a, cfg, dir)
			return err
		}}
	if c.Test {
		return c.test(ctx, a, cfg, b, r)
	}
	if err := makeDataDir(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	release, err := lockDataDir(cfg.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := r.Restore(ctx, b); err != nil {
		return c.advise(err)
	}
	fmt.Fprintf(a.out, "restored %s into %s\n", c.File, cfg.DataDir)
	report(a.out, b.Manifest, what)
	fmt.Fprintln(a.out, "Start it by garner serve.")
	return nil
}

// test does all but moving, and records that it succeeded.
func (c *restoreCommand) test(ctx context.Context, a *app, cfg config.Config, b *backup.Backup,
	r *backup.Restorer) error {
	if err := checkOwnerIfThere(cfg.DataDir, a.logger(cfg)); err != nil {
		return err
	}
	if err := r.Test(ctx, b); err != nil {
		return c.advise(err)
	}
	fmt.Fprintf(a.out, "%s can be restored. It is of %s, and contains %s.\n", c.File,
		b.Manifest.Time.Local().Format(time.DateTime), contents(b.Manifest))
	return withStoreIfThere(ctx, a, cfg, func(s *db.Store) error {
		return s.SetSignal(ctx, db.SignalRestoreTest, db.Signal{At: time.Now(), Detail: filepath.Base(c.File)})
	})
}

// keys are the recovery keys that were given.
func (c *restoreCommand) keys(a *app) ([]age.Identity, error) {
	switch c.Identity {
	case "":
		return nil, nil
	case "-":
		return backup.ReadKeys(a.in)
	}
	f, err := os.Open(c.Identity)
	if err != nil {
		return nil, err
	}
	keys, err := backup.ReadKeys(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Identity, err)
	}
	return keys, nil
}

// advise adds what to do to an error.
func (c *restoreCommand) advise(err error) error {
	err = fmt.Errorf("restore %s: %w", c.File, err)
	switch {
	case errors.Is(err, backup.ErrNeedsKey):
		return fmt.Errorf("%w: put it into a file and name that by --identity", err)
	case errors.Is(err, backup.ErrHalf), errors.Is(err, backup.ErrDamaged):
		return fmt.Errorf("%w; use another backup", err)
	case errors.Is(err, backup.ErrNotEmpty):
		return fmt.Errorf("%w; move that elsewhere, or set data_dir to another folder", err)
	}
	return err
}

// prepareRestored opens restored databases, which brings them to the schema of this
// version, and makes them ready to be used.
func prepareRestored(ctx context.Context, a *app, cfg config.Config, dir string) (what db.Restored, err error) {
	cfg.DataDir = dir
	f, err := openFiles(ctx, cfg, nil)
	if err != nil {
		return what, err
	}
	f.store.UseKeys(a.keys(cfg))
	what, err = db.AfterRestore(ctx, f.inbox, f.store, time.Now())
	return what, errors.Join(err, f.Close())
}

// report prints what was restored, and what is missing.
func report(out io.Writer, m backup.Manifest, what db.Restored) {
	fmt.Fprintf(out, "The backup is of %s. It contains %s.\n", m.Time.Local().Format(time.DateTime), contents(m))
	say := func(when bool, format string, args ...any) {
		if when {
			fmt.Fprintf(out, format+"\n", args...)
		}
	}
	say(m.Secrets, "The keys, the callback secret and the certificates are back, as far as they were in the data "+
		"directory.")
	say(!m.Secrets, "The backup has no secrets. Unless the configuration sets it, the callback secret is a new one: "+
		"paste what garner urls prints into Garmin's portal.")
	say(what.Requeued > 0, "Deliveries that are processed again once garner serves: %d.", what.Requeued)
	say(len(what.NewKey) > 0, "Need their key for the Personal API again: %s.", strings.Join(what.NewKey, ", "))
	say(len(what.Reconnect) > 0, "Must connect to Garmin again: %s.", strings.Join(what.Reconnect, ", "))
	say(len(what.Settings) > 0, "Settings that could not be decrypted, and must be set again: %s.",
		strings.Join(what.Settings, ", "))
	say(what.Forgotten > 0, "Garmin's ids of erased people are no longer known: if Garmin still sends data of them, "+
		"they appear as unknown people.")
	say(what.Erasures > 0, "Erasures that were not complete: %d. What is left of these people in stored bodies is "+
		"deleted with the bodies, by retention.deliveries.", what.Erasures)
	fmt.Fprintln(out, "Everyone must sign in again. Links and invitations that were open no longer work. Mirrors by "+
		"the API begin again.")
	fmt.Fprintln(out, "Accounts, what people share, and API tokens are as they were in the backup: tokens revoked after "+
		"it work again, and accounts disabled after it can sign in. People erased after it are back: erase them again.")
	fmt.Fprintln(out, "What arrived after the backup is missing. Garmin sends again what it could not deliver; ask for "+
		"the rest by garner backfill.")
}
