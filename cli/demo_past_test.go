package cli

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/health"
	"garner/jobs"
	"garner/jobs/watch"
)

// servedDemo opens a demo's folder with a drain and a watch, as serve does, but
// without HTTP.
func servedDemo(t *testing.T) (*demo, *files, *watch.Watch) {
	t.Helper()
	log, cfg := slog.New(slog.DiscardHandler), config.Default()
	cfg.DataDir = t.TempDir()
	if err := openDataDir(cfg.DataDir, true, log); err != nil {
		t.Fatal(err)
	}
	f, err := openFiles(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	watch, err := alerting(cfg, f, appliance{demo: true}, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	drain := &jobs.Drain{Inbox: f.inbox.InboxReader, Receiving: f.inbox, Store: f.store, Log: log, Workers: 1}
	go func() { ended <- drain.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return &demo{a: &app{out: io.Discard}, log: log, dir: cfg.DataDir, seed: 3, people: 1, days: 2}, f, watch
}

func TestADemosPastArrivesInItsOwnTimeAndContinuesWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	d, f, watch := servedDemo(t)
	begin := func() (*demoPast, *simulator.World) {
		state, err := d.resume(d.dir, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		world := simulator.New(simulator.Config{Seed: d.seed, People: d.people, Days: d.days, Until: state.Until,
			Stories: state.Stories})
		for _, person := range world.People() {
			if err := addDemoPerson(t.Context(), f, person); err != nil {
				t.Fatal(err)
			}
		}
		return &demoPast{demo: d, files: f, watch: watch, world: world, state: &state}, world
	}
	past, _ := begin()
	for a, body := range past.arrivals(t.Context()) {
		if past.state.Done == 50 {
			break // as if it were switched off before this one was durable
		}
		if _, err := f.inbox.Put(t.Context(), a, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := past.state.save(d.dir); err != nil {
		t.Fatal(err)
	}
	looked := past.state.Looked

	past, world := begin()
	if past.state.Done != 50 || !past.state.Looked.Equal(looked) || looked.IsZero() {
		t.Fatalf("remembered %+v", past.state)
	}
	if err := past.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	if past.state.Looked.Before(past.state.Until) {
		t.Errorf("the watch looked up to %v of %v only", past.state.Looked, past.state.Until)
	}
	if n, _, err := f.store.Unprocessed(t.Context(), f.inbox.InboxReader); n != 0 || err != nil {
		t.Errorf("%d deliveries are not processed, %v", n, err)
	}
	got, err := f.inbox.After(t.Context(), 0, 10_000, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for want := range world.History() {
		if want.Type == garmin.ActivityFiles.Key {
			continue // see demoPast.arrivals
		}
		if at < len(got) {
			sameDelivery(t, got[at], &want)
		}
		at++
	}
	if len(got) != at || at <= 50 {
		t.Errorf("%d deliveries of %d", len(got), at)
	}
}

func sameDelivery(t *testing.T, got *db.Delivery, want *simulator.Delivery) {
	t.Helper()
	if sum := sha256.Sum256(want.Body); string(got.SHA256[:]) != string(sum[:]) || !got.Received.Equal(want.At) ||
		got.Path != want.Type || got.Source != health.Simulated {
		t.Errorf("%s of %v arrived as %s at %v", want.Type, want.At, got.Path, got.Received)
	}
	named := want.Header.Get("garmin-client-id") != ""
	if named != (got.Client == db.ClientRight) || !named && got.Client != db.ClientMissing {
		t.Errorf("%s of %v: client id %v, header %v", want.Type, want.At, got.Client, want.Header)
	}
}
