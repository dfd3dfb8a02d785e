package jobs

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
)

// Watch notices silence and trouble: it beats, looks at everything, keeps the
// book of incidents and writes the notifications about them. Each look is a
// catch-up from what the store holds, so a missed one changes nothing.
type Watch struct {
	Inbox *db.Inbox
	Store *db.Store
	Log   *slog.Logger
	// Rules and Every are the configured ones.
	Rules alert.Rules
	Every time.Duration
	// DataDir is where disk space is looked at; below DiskWanted bytes it is
	// low.
	DataDir    string
	DiskWanted int64
	// PublicURL is probed by its name; empty for none.
	PublicURL string
	// Contact gives when the outside last reached the server; zero for never.
	Contact    func() time.Time
	Dispatcher *Dispatcher
	// Heartbeat is the dead-man's switch outside.
	Heartbeat Heartbeat
	// Changed, where not nil, is called after the book changed.
	Changed func()

	mu sync.Mutex // one look that writes at a time
	// learned is replaced as a whole, so that pages can read it in the meantime.
	learnt  atomic.Pointer[map[rhythmKey]alert.Rhythm]
	learner learner
	// pages keeps last, for those who only read: they never wait for mu, under
	// which there is writing.
	pages sync.Mutex
	last  looked
	// through is when the last look went through, with the monotonic clock, so
	// that a clock that is set changes nothing.
	through atomic.Pointer[time.Time]
	beaten  time.Time
	// held means that the past is still being filled in: nothing is judged.
	held atomic.Bool
}

type rhythmKey struct {
	person int64
	typ    string
}

// changesAtOnce is how many incidents change in one transaction, so that it
// holds the writer for a moment only.
const changesAtOnce = 50

// probeEvery is how often the public address is tried.
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
	if w.PublicURL != "" {
		c.Schedule(cron.Every(probeEvery), cron.FuncJob(func() { w.probe(ctx) }))
	}
	if w.Heartbeat.URL != "" {
		c.Schedule(cron.Every(max(w.Heartbeat.Every, time.Second)), cron.FuncJob(func() { w.heartbeat(ctx) }))
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Hold makes the watch judge nothing by itself, or go on: while a demo's past
// is being filled in, what is missing says nothing.
func (w *Watch) Hold(held bool) { w.held.Store(held) }

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

// RunOnce takes one look at everything as of now.
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
	composer := w.Dispatcher.composer(ctx, facts)
	for some := range slices.Chunk(changes, changesAtOnce) {
		if err := w.Store.PutIncidents(ctx, now, some, composer.compose); err != nil {
			return fmt.Errorf("write incidents: %w", err)
		}
	}
	if err := w.Dispatcher.summary(ctx, now, facts); err != nil {
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

// log says what happened without naming anyone.
func (w *Watch) log(changes []alert.Change) {
	for _, c := range changes {
		w.Log.Info("incident", "id", c.Incident.ID, "kind", string(c.Incident.Kind), "person", c.Incident.Person, "type",
			c.Incident.Type, "events", fmt.Sprint(c.Events))
	}
}

// lookShare is how much longer than a look took its result is used again: on
// a big box looking must not become the main work.
const lookShare = 20

// Snapshot returns the facts as of now, or of a moment ago, and what follows from
// them, for pages. It writes nothing; neither must anyone who gets them.
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

// forget makes pages look anew.
func (w *Watch) forget() {
	w.pages.Lock()
	defer w.pages.Unlock()
	w.last = looked{}
}

// looked is a look that pages may use again.
type looked struct {
	facts *alert.Facts
	found *alert.Findings
	took  time.Duration
}

func (w *Watch) lookedAt(t time.Time) { w.through.Store(&t) }

// Stalled says why the watch cannot be trusted, or nothing: its last look is
// too long ago.
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
