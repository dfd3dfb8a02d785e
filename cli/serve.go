package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/config"
	"garner/db"
	"garner/garmin/personal"
	"garner/health"
	"garner/jobs"
	"garner/jobs/watch"
	"garner/server"
	"garner/server/pages"
)

type serveCommand struct{}

// Run runs Garner until ctx ends.
func (c *serveCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	return serve(ctx, a, cfg, appliance{source: health.Push})
}

// appliance is how serve and demo differ.
type appliance struct {
	source health.Origin
	demo   bool
	// ready is called once the server answers, with its address and the
	// callback secret.
	ready func(ctx context.Context, addr, secret string, f *files, watch *watch.Watch) error
}

// serve runs Garner until ctx ends. The parts start from the disk outwards and stop
// in reverse order: first the server stops after answering what is being stored,
// then the drain finishes what it has claimed, then the files are
// closed.
func serve(ctx context.Context, a *app, cfg config.Config, how appliance) (err error) {
	saveMemory()
	log := a.logger(cfg)
	release, err := takeDataDir(ctx, cfg, how, log)
	if errors.Is(err, errStopped) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	secrets, err := callbackSecrets(cfg)
	if err != nil {
		return fmt.Errorf("callback secret: %w", err)
	}
	certs, status, err := certificates(cfg, log)
	if err != nil {
		return err
	}
	doors, err := listen(cfg, certs)
	if err != nil {
		return err
	}
	defer doors.Close() //nolint:errcheck // the server has closed them if it ran
	defer doors.certify(ctx, log)()
	wake := make(chan struct{}, 1)
	f, err := openUpgraded(ctx, cfg, serverOptions(cfg, cfg, secrets, how), wake, doors, log)
	if errors.Is(err, errStopped) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.store != nil {
		f.store.UseKeys(a.keys(cfg))
	}
	live := newLive(ctx, cfg, how, f.store, secrets, log)
	api, err := newPersonal(cfg, log)
	if err != nil {
		return err
	}
	opts, err := a.pageOptions(cfg, how, f, live, api, log)
	if err != nil {
		return err
	}
	if f.store != nil && !how.demo {
		logSetupLink(ctx, f.store, live.cfg, log)
	}
	drain := &jobs.Drain{Inbox: f.inbox.InboxReader, Receiving: f.inbox, Store: f.store, Log: log,
		Workers: cfg.Jobs.Workers, Wake: wake, Target: targetOf(cfg), Files: filesOf(cfg)}
	if live.server, live.watch, err = serverAndWatch(live.cfg, opts, how, f, drain, log); err != nil {
		return err
	}
	if live.watch != nil {
		live.watch.Certificates = status
	}
	log.Info("garner serves", "address", doors.address(), "data_dir", cfg.DataDir, "version", version())
	doors.logOthers(log)
	callers, err := callersOf(cfg, opts.Protocol, f, live, drain, api, how, log)
	if err != nil {
		return err
	}
	return runAll(ctx, cfg, f, live, callers, drain, doors.open(), log, func(ctx context.Context) error {
		if how.ready == nil {
			return nil
		}
		return how.ready(ctx, doors.plain.Addr().String(), secrets[0].text, f, live.watch)
	})
}

// takeDataDir makes the data directory ours until release, and warns of what is odd
// about it and the configuration.
func takeDataDir(ctx context.Context, cfg config.Config, how appliance, log *slog.Logger) (release func() error,
	err error) {
	if err := openDataDir(cfg.DataDir, how.demo, log); err != nil {
		return nil, err
	}
	if release, err = lockToServe(ctx, cfg.DataDir); err != nil {
		return nil, stopped(ctx, err)
	}
	if warning := fileSystemWarning(cfg.DataDir); warning != "" {
		log.Warn(warning)
	}
	// On a full disk the databases may not open without it.
	(&jobs.ReserveKeeper{Reserve: reserveOf(cfg, how.demo), Log: log}).RunOnce(ctx, time.Now())
	for _, key := range config.Unused(cfg) {
		log.Warn("configured but not supported yet", "key", key)
	}
	return release, nil
}

// openUpgraded upgrades the databases where that is needed, and opens them once there is room.
// Meanwhile doors answer.
func openUpgraded(ctx context.Context, cfg config.Config, opts server.Options, wake chan struct{}, doors *listeners,
	log *slog.Logger) (*files, error) {
	if err := upgrade(ctx, cfg, opts, doors, log); err != nil {
		return nil, err
	}
	return openWhenRoom(ctx, cfg, wake, doors, log)
}

// pageOptions are the server's options with all that its pages work on.
func (a *app) pageOptions(cfg config.Config, how appliance, f *files, live *live, api *personal.Client,
	log *slog.Logger) (opts server.Options, err error) {
	opts = serverOptions(cfg, live.cfg, live.secrets, how)
	opts.Garmin = live.garmin.Load()
	if f.store != nil && !how.demo {
		if opts.Protocol, err = protocolOf(live.cfg, f.store, a.env, log); err != nil {
			return opts, err
		}
	}
	if opts.Roots, err = testRoots(cfg); err != nil {
		return opts, err
	}
	opts.Personal = personalPages(cfg, api)
	if opts.Backups, err = backupPages(cfg, f, how); err != nil {
		return opts, err
	}
	if cfg.Garmin.CallbackSecret == "" && !how.demo {
		opts.CallbackSecrets = callbackPages{cfg, f.store}
	}
	return opts, nil
}

// callersOf are what calls Garmin; nil for nothing.
func callersOf(cfg config.Config, protocol pages.Protocol, f *files, live *live, drain *jobs.Drain,
	api *personal.Client, how appliance, log *slog.Logger) (*garminCallers, error) {
	callers := newGarminCallers(protocol, f, live, drain, how.source, log)
	if callers == nil {
		return nil, nil
	}
	var err error
	callers.pull, err = livePull(cfg, f, live, api, log)
	return callers, err
}

// serverAndWatch makes the two and connects them. There is no watch if garner.db
// is broken.
func serverAndWatch(cfg config.Config, opts server.Options, how appliance, f *files, drain *jobs.Drain,
	log *slog.Logger) (srv *server.Server, watch *watch.Watch, err error) {
	if f.store != nil {
		if watch, err = alerting(cfg, f, how, log); err != nil {
			return nil, nil, err
		}
		watch.Hold(how.demo) // until its past is loaded
		opts.Watch = watch
	}
	srv = server.New(opts, f.inbox, f.store, drain, log)
	if watch != nil {
		watch.Contact, watch.Changed, watch.Dispatcher.Changed = srv.Contact, srv.Changed, srv.Changed
	}
	return srv, watch, nil
}

// runAll runs the server and, while it runs, the jobs.
func runAll(ctx context.Context, cfg config.Config, f *files, live *live, callers *garminCallers, drain *jobs.Drain,
	on server.Listeners, log *slog.Logger, ready func(context.Context) error) error {
	serving, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()

	var work errgroup.Group
	for name, job := range jobsOf(cfg, f, live, callers, drain, log) {
		work.Go(func() error {
			// A broken garner.db stops its jobs; receiving continues.
			if err := job(working); err != nil {
				log.Error("stopped", "job", name, "err", err)
			}
			return nil
		})
	}
	if ready != nil {
		work.Go(func() error {
			if err := ready(serving); err != nil && serving.Err() == nil {
				stop(err)
			}
			return nil
		})
	}
	go func() {
		if err := untilBroken(serving, f.inbox); err != nil {
			stop(err)
		}
	}()
	err := live.server.Serve(serving, on)
	stopWork()
	if cause := context.Cause(serving); ctx.Err() == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		err = errors.Join(err, cause)
	}
	err = errors.Join(err, work.Wait())
	callers.close()
	return err
}

// jobsOf are the background jobs. If garner.db is broken, they are only live, since the
// callback secrets may still change, and the reserve of disk space.
func jobsOf(cfg config.Config, f *files, live *live, callers *garminCallers, drain *jobs.Drain,
	log *slog.Logger) map[string]func(context.Context) error {
	keeper := &jobs.ReserveKeeper{Reserve: reserveOf(cfg, live.demo), Log: log}
	if f.store == nil {
		return map[string]func(context.Context) error{"live": live.Run, "reserve": keeper.Run}
	}
	requests, history := requestsOf(f, log), liveBackfill(cfg, f, live, callers.keeper, log)
	work := func(ctx context.Context) error {
		return working(ctx, cfg, f, log, func(ctx context.Context) error {
			group, ctx := errgroup.WithContext(ctx)
			group.Go(func() error { return drain.Run(ctx) })
			group.Go(func() error { return requests.Run(ctx) })
			group.Go(func() error { return history.Run(ctx) })
			group.Go(func() error { return callers.pull.Run(ctx) })
			return group.Wait()
		})
	}
	pruner := &jobs.Pruner{Inbox: f.inbox, Store: f.store, Log: log, Keep: time.Duration(cfg.Retention.Deliveries),
		KeepPersonal: time.Duration(cfg.Retention.Personal), KeepOrphans: time.Duration(cfg.Retention.Orphans),
		MaxOrphans: cfg.Limits.OrphanElements}
	keeper.Pruner = pruner
	checker := &jobs.Checker{Inbox: f.inbox.InboxReader, Store: f.store, Log: log}
	all := map[string]func(context.Context) error{
		"check": checker.Run, "drain": work, "prune": pruner.Run, "watch": live.watch.Run, "post": live.watch.Dispatcher.Run,
		"live": live.Run, "erase": eraserOf(cfg, f, log).Run, "reserve": keeper.Run,
		"backup": backupRunner(cfg, f, live, log).Run,
	}
	maps.Copy(all, callers.jobs())
	if cfg.Backfill.Automatic {
		all["plan backfill"] = backfillPlanner(cfg, f, live, log).Run
	}
	return all
}

// requestsOf carries out what pages and commands ask of the data that are there.
func requestsOf(f *files, log *slog.Logger) *jobs.Requests {
	rederive := func(ctx context.Context, progress func(done, total int64)) error {
		return jobs.Rederive(ctx, f.store, progress)
	}
	return &jobs.Requests{Store: f.store, Log: log, Work: map[string]jobs.Work{db.RequestRederive: rederive}}
}

// serverOptions are those of the configuration in force, cfg; base is that of the file
// and the environment alone.
func serverOptions(base, cfg config.Config, secrets []pathSecret, how appliance) server.Options {
	return server.Options{
		Options: pages.Options{
			Config: base, Live: shownOf(cfg, secrets), Demo: how.demo, Version: version(),
			Files:      *filesOf(cfg),
			History:    historyLimits(cfg),
			KeepBodies: time.Duration(cfg.Retention.Deliveries), KeepOrphans: time.Duration(cfg.Retention.Orphans),
		},
		Access: accessOf(cfg, secrets), Source: how.source,
		MaxBody: int64(cfg.Limits.BodyBytes), AnswerWithin: time.Duration(cfg.Limits.WriteTimeout),
		ReadWithin: time.Duration(cfg.Limits.ReadTimeout), Trusted: cfg.Trusted(),
	}
}
