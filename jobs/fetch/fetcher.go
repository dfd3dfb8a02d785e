// Package fetch gets what Garmin's pings announce and puts it into the inbox, where it
// is processed as a push is.
package fetch

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/health"
)

const (
	// atOnce is how many calls run at the same time, perPerson how many of them for
	// one person.
	atOnce, perPerson = 4, 2
	// longest is how long due fetches wait at most to be noticed.
	longest = 30 * time.Second
	// unconnected is how long fetches of a person wait who is not connected.
	unconnected = 5 * time.Minute
)

// Keeper has the credentials of connections.
type Keeper interface {
	// Credential signs calls for a connection.
	Credential(ctx context.Context, connection int64) (client.Credential, error)
	// Refused says that Garmin answered 401 to a credential, and whether another one
	// may work.
	Refused(ctx context.Context, connection int64) (again bool, err error)
}

// Fetcher gets what pings announce.
type Fetcher struct {
	Store *db.Store
	Inbox *db.Inbox
	// Garmin is the client of the settings in force; nil while Garmin is not set up.
	Garmin func() *client.Client
	Keeper Keeper
	Log    *slog.Logger
	// Source is health.Ping, or health.Simulated in a demo.
	Source health.Origin
	// Wake is notified when there may be new fetches; nil is allowed.
	Wake <-chan struct{}
	// Changed, where not nil, is called after fetches ended.
	Changed func()

	failing streaks
	taken   bool // what an earlier process left
	running map[int64]db.Fetch
	ended   chan int64
}

// Run fetches until ctx ends, and then waits for the calls that must not be
// interrupted. It returns early only if garner.db is broken.
func (f *Fetcher) Run(ctx context.Context) error {
	f.running, f.ended = map[int64]db.Fetch{}, make(chan int64)
	defer func() {
		for len(f.running) > 0 {
			delete(f.running, <-f.ended)
		}
	}()
	for ctx.Err() == nil {
		wait, err := f.start(ctx)
		switch {
		case errors.Is(err, db.ErrBroken):
			return err
		case err != nil && ctx.Err() == nil:
			f.Log.Error("fetch", "err", err)
			wait = time.Second
		}
		f.sleep(ctx, wait)
	}
	return nil
}

// sleep waits until something may have changed.
func (f *Fetcher) sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-f.Wake:
	case id := <-f.ended:
		delete(f.running, id)
	case <-timer.C:
	}
}

// start begins what is due, as far as there is room, and returns how long to wait for
// more.
func (f *Fetcher) start(ctx context.Context) (time.Duration, error) {
	if f.Garmin() == nil || len(f.running) == atOnce {
		return longest, nil
	}
	now := time.Now()
	if !f.taken {
		if err := f.Store.EndFetchLeases(ctx, now, backoff); err != nil {
			return 0, err
		}
		f.taken = true
	}
	// Those that run may be due too, before their begin is recorded.
	due, err := f.Store.DueFetches(ctx, now, 2*perPerson, 16*atOnce)
	if err != nil {
		return 0, err
	}
	for _, ft := range due {
		if len(f.running) < atOnce && f.mayRun(ft) {
			if err := f.begin(ctx, now, ft); err != nil {
				return 0, err
			}
		}
	}
	next, err := f.Store.NextFetch(ctx)
	if err != nil || next.IsZero() || len(f.running) > 0 && !next.After(now) {
		return longest, err // the end of one that runs makes room
	}
	return min(max(time.Until(next), 10*time.Millisecond), longest), nil
}

// mayRun reports whether a fetch may run beside those that do. Files come one at a
// time, since each is held in memory, and so that of equal announcements the second
// sees what the first brought.
func (f *Fetcher) mayRun(ft db.Fetch) bool {
	mine := 0
	for id, other := range f.running {
		if id == ft.ID || isFile(other) && isFile(ft) {
			return false
		}
		if other.Person == ft.Person {
			mine++
		}
	}
	return mine < perPerson
}

// begin starts a fetch, or records why it cannot begin.
func (f *Fetcher) begin(ctx context.Context, now time.Time, ft db.Fetch) error {
	conn, err := f.Store.ConnectionOf(ctx, ft.Person)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	connected := err == nil && conn.Usable()
	switch {
	case !connected && !now.Before(ft.Ends):
		return f.end(ctx, ft, db.FetchLost, 0, 0, db.FetchNotConnected)
	case !connected:
		return f.Store.DelayFetches(ctx, now, ft.Person, now.Add(unconnected), db.FetchNotConnected)
	}
	f.running[ft.ID] = ft
	go func() {
		f.run(ctx, ft, conn)
		f.ended <- ft.ID
	}()
	return nil
}

// end records the end of a fetch.
func (f *Fetcher) end(ctx context.Context, ft db.Fetch, state db.FetchState, result, size int64, reason string) error {
	if state != db.FetchDone {
		f.Log.Warn("what a ping announced was not fetched", "type", ft.Type, "delivery", ft.Delivery, "reason", reason)
	}
	if err := f.Store.EndFetch(context.WithoutCancel(ctx), time.Now(), ft.ID, state, result, size, reason); err != nil {
		return err
	}
	if f.Changed != nil {
		f.Changed()
	}
	return nil
}
