package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/config"
	"garner/db"
)

// openWhenRoom opens the databases.
func openWhenRoom(ctx context.Context, cfg config.Config, wake chan<- struct{}, l *listeners,
	log *slog.Logger) (f *files, err error) {
	err = whenRoom(ctx, cfg, l, log, func() (err error) {
		f, err = openMatched(ctx, cfg, wake, log)
		return err
	})
	return f, err
}

// whenRoom opens what receiving needs. A full disk can prevent even that:
// until there is space it answers callbacks with 503, so that Garmin sends them
// again, and retries once a second.
func whenRoom(ctx context.Context, cfg config.Config, l *listeners, log *slog.Logger, open func() error) error {
	err := stopped(ctx, open())
	if err == nil || !diskFull(cfg.DataDir, err) {
		return err
	}
	log.Error("the disk is full: callbacks are answered 503 until there is room", "address", l.address(),
		"data_dir", cfg.DataDir, "err", err)
	on := l.keep()
	srv := &http.Server{Handler: http.HandlerFunc(answerFull), ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 5 * time.Second, Protocols: new(http.Protocols), TLSConfig: on.Config,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	srv.Protocols.SetHTTP1(true)
	var serving errgroup.Group
	serving.Go(func() error { return srv.Serve(on.Plain) })
	if on.TLS != nil {
		serving.Go(func() error { return srv.ServeTLS(on.TLS, "", "") })
	}
	for diskFull(cfg.DataDir, err) && pause(ctx, time.Second) {
		err = open()
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if closing := srv.Shutdown(stop); closing != nil {
		log.Warn("answers cut", "err", errors.Join(closing, srv.Close()))
	}
	if stopped := serving.Wait(); !errors.Is(stopped, http.ErrServerClosed) {
		err = errors.Join(err, stopped)
	}
	if err == nil {
		log.Info("disk space is available again")
		return l.free()
	}
	if ctx.Err() != nil {
		return errStopped
	}
	return err
}

// errStopped means that serve was asked to stop before it began.
var errStopped = errors.New("stopped before the databases were open")

// stopped is errStopped for an error that is the end of ctx, and any other as it is.
func stopped(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return errStopped
	}
	return err
}

// reserveOf is the reserve of disk space; a demo has none.
func reserveOf(cfg config.Config, demo bool) *db.Reserve {
	if demo {
		return db.NewReserve(cfg.DataDir, 0)
	}
	return db.NewReserve(cfg.DataDir, int64(cfg.Limits.MinFreeBytes))
}

// diskFull reports whether an error of opening comes from a full disk: SQLite may
// call it an I/O error.
func diskFull(dir string, err error) bool {
	if err == nil || errors.Is(err, db.ErrFull) {
		return err != nil
	}
	free, freeErr := db.Free(dir)
	return freeErr == nil && free < 1<<20 && errors.Is(err, db.ErrBroken)
}

func answerFull(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.URL.Path == "/healthz" {
		fmt.Fprintln(w, "ok")
		return
	}
	w.Header().Set("Connection", "close")
	w.Header().Set("Retry-After", "60")
	w.WriteHeader(http.StatusServiceUnavailable)
	fmt.Fprintln(w, "The disk is full. Garner cannot receive or show anything until there is space; Garmin retries "+
		"what it could not deliver.")
}

// openMatched opens the databases and makes sure that they match. A broken
// garner.db is left out.
func openMatched(ctx context.Context, cfg config.Config, wake chan<- struct{}, log *slog.Logger) (*files, error) {
	f, broken, err := openToReceive(ctx, cfg, wake)
	if err == nil && broken != nil && diskFull(cfg.DataDir, broken) {
		return nil, errors.Join(broken, f.Close())
	}
	if err != nil {
		return nil, err
	}
	if broken != nil {
		log.Error("garner.db is damaged: deliveries are received and kept but not processed; restore a backup of it", "err",
			broken)
		err = f.inbox.Unmatched(ctx, time.Now())
	} else {
		err = match(ctx, f, log)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func match(ctx context.Context, f *files, log *slog.Logger) error {
	m, err := db.MatchFiles(ctx, f.inbox, f.store, time.Now())
	if err != nil {
		return fmt.Errorf("compare inbox.db with garner.db: %w", err)
	}
	if m.Kind != db.Paired {
		log.Error("the databases do not belong together: " + m.Text)
	}
	rows, size, err := f.store.Backlog(ctx, f.inbox.InboxReader)
	if err != nil && !errors.Is(err, db.ErrBroken) {
		return err
	}
	if err != nil { // receiving continues; the drain finds out what can be read
		log.Error("inbox.db is damaged: run garner check --deep", "err", err)
	}
	f.inbox.SetBacklog(rows, size)
	return nil
}
