package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/config"
	"garner/db"
	"garner/jobs/backup"
	"garner/server"
)

// upgrade brings a garner.db of an older version to the schema of this one.
// That may copy the file, and may need more space than there is: callbacks are
// received meanwhile. A file that cannot be migrated stays as it was. Then
// receiving is all that goes on, until ctx ends.
func upgrade(ctx context.Context, cfg config.Config, opts server.Options, l *listeners, log *slog.Logger) error {
	if older, err := db.StoreIsOlder(ctx, cfg.DataDir); err != nil || !older {
		return nil //nolint:nilerr // opening the file tells what is wrong with it
	}
	var inbox *db.Inbox
	if err := whenRoom(ctx, cfg, l, log, func() (err error) {
		inbox, err = openUnmatched(ctx, cfg)
		return err
	}); err != nil {
		return err
	}
	log.Info("garner.db is brought to the schema of this version: deliveries are received and kept meanwhile", "address",
		l.address())
	var waits waiting
	opts.Upgrading = waits.why
	var work errgroup.Group
	serving, stop := context.WithCancel(ctx)
	defer stop()
	for _, do := range []func() error{
		func() error { return server.New(opts, inbox, nil, nil, log).Serve(serving, l.keep()) },
		func() error { return migrate(serving, cfg, &waits, log) },
		func() error { return untilBroken(serving, inbox) },
	} {
		work.Go(func() error {
			defer stop()
			return do()
		})
	}
	err := errors.Join(work.Wait(), inbox.Close(), l.free())
	if err == nil && ctx.Err() != nil {
		err = errStopped
	}
	return err
}

// openUnmatched opens the inbox to receive without a garner.db.
func openUnmatched(ctx context.Context, cfg config.Config) (*db.Inbox, error) {
	inbox, err := openInbox(ctx, cfg, nil)
	if err != nil {
		return nil, err
	}
	if err := inbox.Unmatched(ctx, time.Now()); err != nil {
		return nil, errors.Join(err, inbox.Close())
	}
	return inbox, nil
}

// waiting is why an upgrade waits, for the page that stands in for all others.
type waiting struct{ text atomic.Value }

func (w *waiting) why() string {
	text, _ := w.text.Load().(string)
	return text
}

// The reasons why an upgrade waits.
const (
	noRoom    = "the disk has no room for it; the log says how much is needed."
	noBackup  = "the backup that it begins with fails; the log says why."
	cannotBe  = "its data cannot be brought to this version; the log says why."
	isWritten = "another process writes to its data."
)

// migrate returns once garner.db has the newest schema, or ctx ends. It begins with a
// backup. While there is no room, or another process writes, it waits; also while the
// backup fails.
func migrate(ctx context.Context, cfg config.Config, waits *waiting, log *slog.Logger) error {
	var made *backup.Result
	for logged := ""; ; {
		why, err := migrateOnce(ctx, cfg, &made, log)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		waits.text.Store(why)
		if why == cannotBe {
			log.Error("garner.db cannot be brought to the schema of this version and stays as it was: deliveries are received "+
				"and kept, and nothing else; install the version of before, or restore a backup of garner.db", "err", err)
			<-ctx.Done()
			return nil
		}
		if why != logged {
			logged = why
			log.Error("garner.db cannot be brought to the schema of this version yet: deliveries are received and kept, "+
				"and nothing else", "err", err)
		}
		again := time.Second
		if why == noBackup {
			again = backupAgain
		}
		pause(ctx, again)
	}
}

// migrateOnce makes the backup, unless an earlier try has made it, and brings garner.db to
// the newest schema. why goes with an error.
func migrateOnce(ctx context.Context, cfg config.Config, made **backup.Result, log *slog.Logger) (why string,
	err error) {
	why = noBackup
	if *made == nil {
		*made, err = backUpFirst(ctx, cfg)
	}
	if err == nil {
		why, err = cannotBe, migrateNow(ctx, cfg, *made, log)
	}
	switch {
	case diskFull(cfg.DataDir, err):
		why = noRoom
	case errors.Is(err, db.ErrBusy):
		why = isWritten
	}
	return why, err
}

// backupAgain is how long an upgrade waits for its backup to be tried again.
const backupAgain = 30 * time.Second

// migrateNow brings garner.db to the newest schema, and records the backup of before.
func migrateNow(ctx context.Context, cfg config.Config, made *backup.Result, log *slog.Logger) error {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	if err := recordFirst(ctx, store, made); err != nil {
		log.Warn("the backup of before the upgrade is not on record", "err", err)
	}
	return store.Close()
}

// untilBroken returns once the inbox has failed, or ctx ends.
func untilBroken(ctx context.Context, inbox *db.Inbox) error {
	select {
	case <-inbox.Broken():
		return fmt.Errorf("inbox.db failed, and only a restart may repair it: %w", inbox.Cause())
	case <-ctx.Done():
		return nil
	}
}
