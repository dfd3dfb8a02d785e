package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/config"
	"garner/db"
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
	opts.Upgrading = true
	var work errgroup.Group
	serving, stop := context.WithCancel(ctx)
	defer stop()
	for _, do := range []func() error{
		func() error { return server.New(opts, inbox, nil, nil, log).Serve(serving, l.keep()) },
		func() error { return migrate(serving, cfg, log) },
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

// migrate returns once garner.db has the newest schema, or ctx ends. While
// there is no room for it, or another process writes, it waits.
func migrate(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	for told := false; ; {
		store, err := openStore(ctx, cfg)
		switch {
		case err == nil:
			return store.Close()
		case ctx.Err() != nil:
			return nil
		case !diskFull(cfg.DataDir, err) && !errors.Is(err, db.ErrBusy):
			log.Error("garner.db cannot be brought to the schema of this version and stays as it was: deliveries are received "+
				"and kept, and nothing else; install the version of before, or restore a backup of garner.db", "err", err)
			<-ctx.Done()
			return nil
		case !told:
			told = true
			log.Error("garner.db cannot be brought to the schema of this version yet: deliveries are received and kept, "+
				"and nothing else", "err", err)
		}
		pause(ctx, time.Second)
	}
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
