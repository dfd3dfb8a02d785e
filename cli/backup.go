package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"garner/config"
	"garner/db"
	"garner/jobs/backup"
	"garner/server/certs"
)

type backupCommand struct {
	File string `arg:"" optional:"" help:"A file or a folder to put it into. Default: as [backup] says."`
}

// Run makes a backup, beside a running Garner or not.
func (c *backupCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	empty, err := nothingStored(cfg.DataDir)
	if err == nil && empty {
		err = fmt.Errorf("no data in %s yet", cfg.DataDir)
	}
	if err == nil {
		err = checkOwnerIfThere(cfg.DataDir, a.logger(cfg))
	}
	if err == nil && c.File != "" {
		c.File, err = filepath.Abs(c.File)
	}
	if err != nil {
		return err
	}
	// A store of another version gets no record; it is backed up as it is.
	opened := false
	err = withStoreIfThere(ctx, a, cfg, func(s *db.Store) error {
		opened = true
		return c.make(ctx, a, cfg, s)
	})
	if err != nil || opened {
		return err
	}
	return c.make(ctx, a, cfg, nil)
}

func (c *backupCommand) make(ctx context.Context, a *app, cfg config.Config, store *db.Store) error {
	r, err := backupMaker(cfg).Run(ctx, store, backup.Command, c.File, progressTo(a.out))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "made and verified %s, %s\n", r.File, megabytes(r.Size))
	fmt.Fprintf(a.out, "It contains %s.\n", contents(r.Manifest))
	if r.Manifest.Secrets {
		fmt.Fprintln(a.out, "It contains the secrets in the data directory, and is encrypted to the recovery key.")
	}
	for _, warning := range append(r.Warnings, outside(a, cfg)...) {
		fmt.Fprintln(a.out, warning)
	}
	if r.CopyFault != nil {
		return fmt.Errorf("the backup is made, but not copied to %s: %w", cfg.Backup.SecondDir, r.CopyFault)
	}
	return nil
}

// backupMaker makes backups as configured.
func backupMaker(cfg config.Config) *backup.Maker {
	return &backup.Maker{
		DataDir: cfg.DataDir, Dir: cfg.BackupDir(), SecondDir: cfg.Backup.SecondDir,
		Keep: backup.Keep{Daily: cfg.Backup.KeepDaily, Weekly: cfg.Backup.KeepWeekly, Monthly: cfg.Backup.KeepMonthly},
		Zone: time.Local, Version: version(), MinFree: int64(cfg.Limits.MinFreeBytes),
	}
}

// outside says what belongs to the installation and is in no backup, since it is not in
// the data directory.
func outside(a *app, cfg config.Config) []string {
	out := []string{"The configuration, a file or environment variables, is not in it: keep a copy."}
	if a.credential() != "" {
		out = append(out, "The keys come from a credential of systemd and are not in it: keep a copy.")
	}
	if cfg.Garmin.CallbackSecret != "" {
		out = append(out, "The callback secret is set by the configuration and is not in it: keep a copy.")
	}
	if cfg.TLS.Mode == certs.Files {
		out = append(out, "The certificate and its key, tls.cert_file and tls.key_file, are not in it.")
	}
	return out
}

// contents says what is in a backup.
func contents(m backup.Manifest) string {
	garner, inbox := m.Databases[db.GarnerFile].Rows, m.Databases[db.InboxFile].Rows
	return fmt.Sprintf("people: %d, accounts: %d, records and blocks of records: %d, deliveries: %d, activity files: %d",
		garner["person"], garner["account"], garner["record"]+garner["block"], inbox["delivery"], m.Files.Count)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// progressTo prints what is being done, every few seconds.
func progressTo(out io.Writer) backup.Between {
	last := time.Now()
	return func(doing string, done, total int64) error {
		if now := time.Now(); now.Sub(last) > 2*time.Second {
			last = now
			fmt.Fprintf(out, "%s: %s of %s\n", doing, megabytes(done), megabytes(total))
		}
		return nil
	}
}

// backUpFirst makes the backup that an upgrade of the schema begins with. A demo has none.
// db.ErrFull means that there is no room, for it or for the upgrade.
func backUpFirst(ctx context.Context, cfg config.Config) (made *backup.Result, err error) {
	older, err := db.StoreIsOlder(ctx, cfg.DataDir)
	if err != nil || !older {
		return nil, nil //nolint:nilerr // opening the file tells what is wrong with it
	}
	if err := db.RoomForUpgrade(ctx, cfg.DataDir); err != nil || ofDemo(cfg.DataDir) {
		return nil, err
	}
	r, err := backupMaker(cfg).Run(ctx, nil, backup.Upgrade, "", func(string, int64, int64) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("an upgrade begins with a backup, and there is none: %w", err)
	}
	return &r, nil
}

// recordFirst records the backup that an upgrade began with.
func recordFirst(ctx context.Context, store *db.Store, made *backup.Result) error {
	if made == nil {
		return nil
	}
	return backup.Record(ctx, store, backup.Upgrade, *made)
}

type recoveryKeyCommand struct {
	Replace bool `help:"Replace the recovery key that there is. Backups made until now need the earlier one."`
}

// Run makes a recovery key.
func (c *recoveryKeyCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return withFiles(ctx, a, cfg, func(f *view) error {
		key, err := backup.NewRecoveryKey(ctx, f.store, c.Replace)
		if errors.Is(err, backup.ErrHasKey) {
			return fmt.Errorf("%w; --replace makes another one, and backups made until now need the earlier one", err)
		}
		if err != nil {
			return err
		}
		fmt.Fprint(a.out, recoveryText+key+"\n")
		return byOperator(ctx, f, db.ActionSecretRotated, "recovery key")
	})
}

const recoveryText = `From now on, backups contain the secrets of this Garner and are encrypted to this recovery key.
It is shown only once. Keep it somewhere else, such as in a password manager or on paper: without
it, no backup that is made from now on can be read. To restore one, put the key into a file and run
garner restore BACKUP --identity FILE.

`
