// Package watch detects silence and faults. It gathers what the store knows, applies
// the rules of health/alert, and records the incidents together with the
// notifications about them.
package watch

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/health/alert"
	"garner/jobs/notify"
)

// Watch detects silence and faults: it records uptime, checks everything, updates
// the incidents and writes the notifications about them. Each check starts from
// the stored data, so a missed one changes nothing.
type Watch struct {
	Inbox *db.Inbox
	Store *db.Store
	Log   *slog.Logger
	// Rules and Every are the configured ones.
	Rules alert.Rules
	Every time.Duration
	// DataDir is where disk space is checked; below DiskWanted bytes it is
	// low.
	DataDir    string
	DiskWanted int64
	// PublicURL is probed by its name; empty for none. Aim replaces it.
	PublicURL string
	// Contact returns when the server was last reached from outside; zero for never.
	Contact func() time.Time
	// Certificates returns the state of the TLS certificates; nil without HTTPS.
	Certificates func() []alert.Certificate
	// Backups means that backups are made on a schedule.
	Backups    bool
	Dispatcher *notify.Dispatcher
	// Heartbeat is the external dead-man's switch.
	Heartbeat Heartbeat
	// Changed, where not nil, is called after incidents changed.
	Changed func()

	aim sync.Mutex // guards PublicURL
	mu  sync.Mutex // one writing check at a time
	// learned is replaced as a whole, so that pages can read it in the meantime.
	learnt  atomic.Pointer[map[rhythmKey]alert.Rhythm]
	learner learner
	// pages guards last, for readers: they never wait for mu, which is held during
	// writes.
	pages sync.Mutex
	last  looked
	// through is when the last check completed, with the monotonic clock, so that
	// setting the clock changes nothing.
	through atomic.Pointer[time.Time]
	beaten  time.Time
	// held means that past data is still being loaded: nothing is evaluated.
	held atomic.Bool
}

type rhythmKey struct {
	person int64
	typ    string
}

// changesAtOnce is how many incidents change in one transaction, so that it
// blocks the writer only briefly.
const changesAtOnce = 50

// probeEvery is how often the public address is probed.
const probeEvery = 5 * time.Minute

// Run watches until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	w.lookedAt(time.Now())
	w.beat(ctx)
	w.look(ctx)
	logger := cron.PrintfLogger(slog.NewLogLogger(w.Log.Handler(), slog.LevelError))
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.Recover(logger),
		cron.SkipIfStillRunning(cron.DiscardLogger)))
	c.Schedule(cron.Every(beatEvery), cron.FuncJob(func() { w.beat(ctx) }))
	c.Schedule(cron.Every(max(w.Every, time.Second)), cron.FuncJob(func() { w.look(ctx) }))
	c.Schedule(cron.Every(probeEvery), cron.FuncJob(func() { w.probe(ctx) }))
	if w.Heartbeat.URL != "" {
		c.Schedule(cron.Every(max(w.Heartbeat.Every, time.Second)), cron.FuncJob(func() { w.heartbeat(ctx) }))
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Aim replaces the public address that is probed and to which notifications link,
// while it runs; empty for none.
func (w *Watch) Aim(publicURL string) {
	w.Dispatcher.LinkTo(publicURL)
	w.aim.Lock()
	defer w.aim.Unlock()
	w.PublicURL = publicURL
}

func (w *Watch) publicURL() string {
	w.aim.Lock()
	defer w.aim.Unlock()
	return w.PublicURL
}

// Hold suspends the evaluation, or resumes it: while a demo's past is being
// loaded, missing data means nothing.
func (w *Watch) Hold(held bool) { w.held.Store(held) }

// Held reports whether it is held.
func (w *Watch) Held() bool { return w.held.Load() }

func (w *Watch) look(ctx context.Context) {
	if w.held.Load() {
		w.lookedAt(time.Now())
		return
	}
	defer func() {
		if p := recover(); p != nil {
			w.Log.Error("watch", "panic", p)
		}
	}()
	if err := w.RunOnce(ctx, time.Now()); err != nil && ctx.Err() == nil {
		w.Log.Error("watch", "err", err)
	}
}

// RunOnce runs one check of everything as of now.
func (w *Watch) RunOnce(ctx context.Context, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.learn(ctx, now); err != nil {
		return fmt.Errorf("learn rhythms: %w", err)
	}
	if w.Inbox.Ready() != nil { // a sender that gets a 503 is not silent
		if err := w.Store.Grow(ctx, db.Unreachable, now, max(missedBeat, 2*w.Every)); err != nil {
			return err
		}
	}
	if found, err := w.Store.SaveDamage(ctx, now); err != nil {
		return err
	} else if len(found) > 0 {
		w.Log.Error("stored data is damaged", "found", found)
	}
	if err := w.measureLogs(ctx, now); err != nil {
		return fmt.Errorf("measure logs: %w", err)
	}
	facts, unread, err := w.facts(ctx, now)
	if err != nil {
		return fmt.Errorf("gather facts: %w", err)
	}
	book, err := w.Store.Book(ctx, now)
	if err != nil {
		return err
	}
	found := alert.Evaluate(facts)
	changes := alert.Step(book, found, facts)
	if *unread != nil {
		return fmt.Errorf("read arrivals: %w", *unread)
	}
	if err := w.fillMissing(ctx, facts, found, changes); err != nil {
		return err
	}
	compose, err := w.Dispatcher.Composer(ctx, facts)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(changes, changesAtOnce) {
		if err := w.Store.PutIncidents(ctx, now, some, compose); err != nil {
			return fmt.Errorf("write incidents: %w", err)
		}
	}
	if err := w.Dispatcher.WriteSummary(ctx, now, facts); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	w.lookedAt(time.Now())
	w.forget()
	if len(changes) > 0 {
		w.log(changes)
		w.Dispatcher.Hurry()
		if w.Changed != nil {
			w.Changed()
		}
	}
	return nil
}

// log logs what happened without names of people.
func (w *Watch) log(changes []alert.Change) {
	for _, c := range changes {
		w.Log.Info("incident", "id", c.Incident.ID, "kind", string(c.Incident.Kind), "person", c.Incident.Person, "type",
			c.Incident.Type, "events", fmt.Sprint(c.Events))
	}
}

// lookShare is how long a result is reused, as a multiple of the time that the
// check took: with many people, checks must not become the main work.
const lookShare = 20

// Snapshot returns the facts as of now, or of a moment ago, and their evaluation,
// for pages. It writes nothing; callers must not modify the result.
func (w *Watch) Snapshot(ctx context.Context, now time.Time) (*alert.Facts, *alert.Findings, error) {
	w.pages.Lock()
	defer w.pages.Unlock()
	if l := w.last; l.facts != nil && now.Sub(l.facts.Now).Abs() < lookShare*l.took {
		return l.facts, l.found, nil
	}
	if w.learnt.Load() == nil {
		list, err := w.Store.Rhythms(ctx)
		if err != nil {
			return nil, nil, err
		}
		w.learnt.CompareAndSwap(nil, rhythmsOf(list))
	}
	began := time.Now()
	facts, unread, err := w.facts(ctx, now)
	if err != nil {
		return nil, nil, err
	}
	found := alert.Evaluate(facts)
	if *unread != nil {
		return nil, nil, *unread
	}
	w.last = looked{facts: facts, found: found, took: time.Since(began)}
	return facts, found, nil
}

// forget makes pages compute a new snapshot.
func (w *Watch) forget() {
	w.pages.Lock()
	defer w.pages.Unlock()
	w.last = looked{}
}

// looked is a snapshot that pages may reuse.
type looked struct {
	facts *alert.Facts
	found *alert.Findings
	took  time.Duration
}

func (w *Watch) lookedAt(t time.Time) { w.through.Store(&t) }

// Stalled returns an error if the last check was too long ago, so that the watch
// cannot be trusted.
func (w *Watch) Stalled(now time.Time) error {
	last := w.through.Load()
	if patience := 3*w.Every + 10*time.Minute; last != nil && now.Sub(*last) > patience {
		return fmt.Errorf("no check has run since %s", last.UTC().Format(time.RFC3339))
	}
	return nil
}

// Test sends a notification by mail, ntfy or webhook at once, and returns the
// server's own answer.
func (w *Watch) Test(ctx context.Context, kind string) (string, error) {
	return w.Dispatcher.Test(ctx, kind)
}

// Invite mails the link of an invitation at once.
func (w *Watch) Invite(ctx context.Context, to, name, link string, until time.Time) error {
	return w.Dispatcher.Invite(ctx, to, name, link, until)
}
