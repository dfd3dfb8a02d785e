package cli

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"garner/config"
	"garner/garmin/simulator"
	"garner/health"
	"garner/jobs"
)

func demoCommand(fs *flag.FlagSet) func(context.Context, *app, config.Config, []string) error {
	listen := fs.String("listen", "", "")
	data := fs.String("data", "", "")
	people := fs.Int("people", 3, "")
	days := fs.Int("days", 730, "")
	seed := fs.Uint64("seed", 1, "")
	return func(ctx context.Context, a *app, cfg config.Config, args []string) error {
		if err := noArgs(args); err != nil {
			return err
		}
		if *people < 1 || *people > 100_000 || *days < 1 || *days > 36_500 {
			return usagef("demo wants 1 to 100000 people and 1 to 36500 days")
		}
		if *listen != "" {
			cfg.Listen = *listen
		}
		if host, _, err := net.SplitHostPort(cfg.Listen); err != nil || !config.IsLoopback(host) {
			return usagef("demo listens on loopback only, not on %q, until accounts exist", cfg.Listen)
		}
		dir, err := demoDir(*data)
		if err != nil {
			return err
		}
		// A demo is of nobody's Garmin application and at no public address.
		cfg.DataDir, cfg.PublicURL, cfg.Garmin.ClientID = dir, "", simulator.ClientID
		d := &demo{a: a, dir: dir, seed: *seed, people: *people, days: *days}
		return serve(ctx, a, cfg, appliance{source: health.Simulated, demo: true, ready: d.run})
	}
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

// demo is the simulated Garmin beside the appliance.
type demo struct {
	a      *app
	dir    string
	seed   uint64
	people int
	days   int
}

// run adds the people, pushes their history, the last weeks first, and goes on
// with live syncs until ctx ends. A later start in the same folder pushes only
// what has come since.
func (d *demo) run(ctx context.Context, addr, secret string, f *files, watch *jobs.Watch) error {
	state, err := d.resume(d.dir, time.Now())
	if err != nil {
		return err
	}
	world := simulator.New(simulator.Config{Seed: d.seed, People: d.people, Days: d.days, Until: state.Until, Stories: state.Stories})
	fmt.Fprintf(d.a.out, "Garner demo: http://%s\n%d made-up people, %d days, in %s. Ctrl-C ends it.\n", addr, d.people, d.days, d.dir)
	for _, p := range world.People() {
		if err := addDemoPerson(ctx, f, p); err != nil {
			return err
		}
	}
	pusher := &simulator.Pusher{URL: "http://" + addr + "/garmin/" + secret, Parallel: 4}
	if !state.Complete {
		past := &demoPast{demo: d, files: f, watch: watch, world: world, until: state.Until}
		if err := past.fill(ctx, pusher); err != nil {
			return err
		}
		state.Complete, state.Through = true, state.Until
	}
	watch.Hold(false)
	return d.live(ctx, world, pusher, state)
}

// liveEvery is how often the demo looks whether somebody's watch has synced.
const liveEvery = 30 * time.Second

// live pushes what has come since the last run, and then what comes.
func (d *demo) live(ctx context.Context, world *simulator.World, pusher *simulator.Pusher, state demoState) error {
	ticker := time.NewTicker(liveEvery)
	defer ticker.Stop()
	for now := time.Now(); ; {
		if err := pusher.PushAll(ctx, world.Live(state.Through, now), func(int) {}); err != nil {
			return fmt.Errorf("push live syncs: %w", err)
		}
		state.Through = now
		if err := state.save(d.dir); err != nil {
			return fmt.Errorf("remember how far the demo is: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case now = <-ticker.C:
		}
	}
}
