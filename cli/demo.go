package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"garner/config"
	"garner/db"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
	"garner/jobs/watch"
)

type demoCommand struct {
	Listen string `placeholder:"ADDR" help:"Address to listen on. Default: listen of the configuration."`
	Data   string `placeholder:"DIR" help:"Folder for the demo's data. Default: a folder in your cache folder."`
	People int    `default:"3" placeholder:"N" help:"People to simulate, besides one with a key (default: ${default})."`
	Days   int    `default:"730" placeholder:"N" help:"Days of history (default: ${default})."`
	Seed   uint64 `default:"1" placeholder:"N" help:"The same seed makes the same people and data (default: ${default})."`
}

// Run runs Garner and a simulated Garmin, until ctx ends.
func (c *demoCommand) Run(ctx context.Context, a *app, cfg config.Config) error {
	if c.People < 1 || c.People > 100_000 || c.Days < 1 || c.Days > 36_500 {
		return usagef("demo needs 1 to 100000 people and 1 to 36500 days")
	}
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	if _, ok := config.SplitAddress(cfg.Listen); !ok {
		return usagef("--listen must be host:port, got %q", cfg.Listen)
	}
	dir, err := demoDir(c.Data)
	if err != nil {
		return err
	}
	garmin, err := newDemoGarmin()
	if err != nil {
		return err
	}
	// A demo has no public address, and no Garmin but the simulated one.
	cfg.DataDir, cfg.PublicURL = dir, ""
	garmin.configure(&cfg.Garmin)
	cfg.Personal.Origin = garmin.origin()
	cfg.Backfill.Key = "production" // as the simulated Garmin's limits are
	cfg.TLS.Mode, cfg.ListenHTTPS, cfg.ListenHTTP = "off", "", ""
	d := &demo{a: a, log: a.logger(cfg), dir: dir, seed: c.Seed, people: c.People, days: c.Days, garmin: garmin}
	return serve(ctx, a, cfg, appliance{source: health.Simulated, demo: true, ready: d.run})
}

// demoDir is where a demo keeps its data: a folder of its own under the user's
// cache unless one is named.
func demoDir(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the demo (%w); name one with --data", err)
	}
	return filepath.Join(cache, "garner-demo"), nil
}

// demo is the simulated Garmin.
type demo struct {
	a      *app
	log    *slog.Logger
	dir    string
	seed   uint64
	people int
	days   int
	garmin *demoGarmin
}

// run adds the people, loads their history, the last weeks first, and then plays
// Garmin until ctx ends: it pushes live syncs over HTTP, and lets more people
// connect. A later start in the same folder continues with what is missing.
func (d *demo) run(ctx context.Context, addr, secret string, f *files, watch *watch.Watch) error {
	state, err := d.resume(d.dir, time.Now())
	if err != nil {
		return err
	}
	since := state.Through
	if since.IsZero() {
		since = state.Until
	}
	garmin, err := d.connectTo(d.world(&state, others), &simulator.Pusher{URL: "http://" + addr + "/garmin/" + secret},
		since)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.garmin.serve(ctx) })
	group.Go(func() error {
		if err := d.past(ctx, addr, f, watch, &state); err != nil {
			return err
		}
		return d.live(ctx, garmin, f, state)
	})
	return group.Wait()
}

// world is the simulated people of the demo, and some more.
func (d *demo) world(state *demoState, more int) *simulator.World {
	return simulator.New(simulator.Config{Seed: d.seed, People: d.people + more, Days: d.days, Until: state.Until,
		Stories: state.Stories})
}

// past adds the people and loads what happened before the demo's first start.
func (d *demo) past(ctx context.Context, addr string, f *files, watch *watch.Watch, state *demoState) error {
	world := d.world(state, 0)
	if err := d.greet(ctx, addr, f); err != nil {
		return err
	}
	for _, p := range world.People() {
		if err := addDemoPerson(ctx, f, p); err != nil {
			return err
		}
	}
	if !state.Complete {
		past := &demoPast{demo: d, files: f, watch: watch, world: world, state: state}
		if err := past.fill(ctx); err != nil {
			return err
		}
		state.Complete, state.Through = true, state.Until
	}
	watch.Hold(false)
	return nil
}

// greet prints where the demo is. Beyond loopback its pages need an account, so it
// also prints a one-time link to create one or, in a later run, to choose another
// password.
func (d *demo) greet(ctx context.Context, addr string, f *files) error {
	fmt.Fprintf(d.a.out, "Garner demo: http://%s\n%d made-up people and one with a key, %d days, in %s. Ctrl-C ends it.\n",
		seenFromElsewhere(addr), d.people, d.days, d.dir)
	fmt.Fprintf(d.a.out, "Keys for the Personal API: %s%s\n", d.garmin.origin(), service.KeysPath)
	if host, _, err := net.SplitHostPort(addr); err != nil || config.IsLoopback(host) {
		return err
	}
	base := config.Config{Listen: seenFromElsewhere(addr)}
	link, err := newSetupLink(ctx, f.store, base)
	if errors.Is(err, db.ErrHasAdmin) {
		link, err = newAdminLink(ctx, f.store, base)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(d.a.out, "Sign in by this link, once, within %d minutes: %s\n",
		setupLinkLasts/time.Minute, link)
	return nil
}

// seenFromElsewhere is an address to listen on as other machines in the network see
// it.
func seenFromElsewhere(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip, parseErr := netip.ParseAddr(host); err != nil || parseErr == nil && !ip.IsUnspecified() {
		return addr
	}
	list, err := net.InterfaceAddrs()
	if err != nil {
		return addr
	}
	for _, a := range list {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Is4() && prefix.Addr().IsPrivate() {
			return net.JoinHostPort(prefix.Addr().String(), port)
		}
	}
	return addr
}

// saveEvery is how often a demo writes down how far it is.
const saveEvery = 5 * time.Second

// live plays Garmin from the end of the past, or of the last run, on.
func (d *demo) live(ctx context.Context, garmin *service.Service, f *files, state demoState) error {
	if err := d.addKeyPerson(ctx, f, garmin, &state); err != nil {
		return err
	}
	for i, p := range d.world(&state, 0).People() {
		person, err := f.store.PersonByName(ctx, p.Name)
		if errors.Is(err, db.ErrNotFound) {
			continue // erased on a page
		}
		if err == nil {
			err = d.connect(ctx, f, garmin, person, i)
		}
		if err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return ignoreEnd(ctx, garmin.Run(ctx)) })
	group.Go(func() error {
		ticker := time.NewTicker(saveEvery)
		defer ticker.Stop()
		for {
			if err := d.saveAll(garmin, &state); err != nil {
				return fmt.Errorf("save the progress of the demo: %w", err)
			}
			select {
			case <-ctx.Done():
				return d.saveAll(garmin, &state)
			case <-ticker.C:
			}
		}
	})
	return group.Wait()
}

// ignoreEnd is nil once ctx has ended.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
