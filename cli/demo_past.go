package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/health"
	"garner/jobs"
	"garner/jobs/watch"
)

// demoPast loads a demo's past. It puts the deliveries into the inbox with the
// times at which they would have arrived: first the last weeks, in order of
// time, with the watch running, so that there are alerts and rhythms; then the
// years before.
type demoPast struct {
	*demo
	*files
	watch *watch.Watch
	world *simulator.World
	state *demoState // where to continue

	saved time.Time
	err   error // why the sequence of arrivals ended early
}

const (
	// In the past, the watch beats hourly and runs a check when the hour is a multiple
	// of demoLook: often enough for incidents that take days.
	demoLook = 4
	// demoSave is how often the progress is saved and printed.
	demoSave = 5 * time.Second
)

// fill loads the past and waits until it is processed.
func (p *demoPast) fill(ctx context.Context) error {
	began := time.Now()
	p.saved = began
	if p.state.Done == 0 {
		if err := p.pauseHolidays(ctx); err != nil {
			return err
		}
	}
	intake := &jobs.Intake{Inbox: p.inbox, Log: p.log}
	err := intake.Run(ctx, p.arrivals(ctx))
	if err := errors.Join(err, p.err, p.state.save(p.dir)); err != nil {
		return fmt.Errorf("load the demo's past: %w", err)
	}
	if err := p.drained(ctx); err != nil {
		return err
	}
	fmt.Fprintf(p.a.out, "all %d days are loaded after %s; live syncs continue\n", p.days,
		time.Since(began).Round(time.Second))
	return nil
}

// loaded counts a delivery that is in the inbox.
func (p *demoPast) loaded() error {
	p.state.Done++
	if time.Since(p.saved) < demoSave {
		return nil
	}
	p.saved = time.Now()
	fmt.Fprintf(p.a.out, "%d deliveries loaded, the last weeks first\n", p.state.Done)
	return p.state.save(p.dir)
}

// backSync is how long after a holiday the watch syncs again.
const backSync = 18 * time.Hour

// pauseHolidays adds the pauses that an admin would add.
func (p *demoPast) pauseHolidays(ctx context.Context) error {
	people := p.world.People()
	for _, s := range p.world.Stories() {
		if s.Kind != simulator.StoryHoliday {
			continue
		}
		person, err := p.store.PersonByName(ctx, people[s.Person].Name)
		if err != nil {
			return err
		}
		if _, err := p.store.PutPause(ctx, db.Pause{Person: person.ID, From: s.From, To: s.To.Add(backSync),
			Reason: "On holiday without the phone"}); err != nil {
			return err
		}
	}
	return nil
}

// arrivals yields the history from where an earlier run ended, and runs the watch in
// between, as long as it comes in order of time. When it continues with the
// earlier years, the watch has seen all that it needs.
func (p *demoPast) arrivals(ctx context.Context) iter.Seq2[db.Arrival, []byte] {
	return func(yield func(db.Arrival, []byte) bool) {
		looking, there := true, p.state.Done
		for d := range p.world.History() {
			if d.Type == garmin.ActivityFiles.Key {
				continue // of the past nothing is left to be fetched
			}
			if there > 0 {
				there--
				continue
			}
			if looking && p.state.Looked.IsZero() {
				p.state.Looked = d.At.Truncate(time.Hour)
			}
			if looking && d.At.Before(p.state.Looked.Add(-24*time.Hour)) {
				looking = !p.lookUntil(ctx, p.state.Until)
			}
			if looking && !p.lookUntil(ctx, d.At) || !yield(arrivalOf(&d), d.Body) {
				return
			}
			if p.err = p.loaded(); p.err != nil {
				return
			}
		}
		if looking {
			p.lookUntil(ctx, p.state.Until)
		}
	}
}

// arrivalOf returns the facts that receiving a delivery would have found.
func arrivalOf(d *simulator.Delivery) db.Arrival {
	client := db.ClientRight
	if d.Header.Get("garmin-client-id") == "" {
		client = db.ClientMissing
	}
	return db.Arrival{Received: d.At, Path: d.Type, Client: client, Source: health.Simulated}
}

// lookUntil lets the watch beat and check at each step up to an instant; it returns
// false if that failed.
func (p *demoPast) lookUntil(ctx context.Context, to time.Time) bool {
	for at := &p.state.Looked; at.Before(to); *at = at.Add(time.Hour) {
		if p.off(*at) {
			continue
		}
		if err := p.lookAt(ctx, *at); err != nil {
			p.err = err
			return false
		}
	}
	return true
}

func (p *demoPast) lookAt(ctx context.Context, now time.Time) error {
	if err := p.watch.RecordUptime(ctx, now, time.Hour); err != nil || now.Hour()%demoLook != 0 {
		return err
	}
	if err := p.drained(ctx); err != nil {
		return err
	}
	return p.watch.RunOnce(ctx, now)
}

// off reports whether Garner is off in the story at an instant.
func (p *demoPast) off(t time.Time) bool {
	return slices.ContainsFunc(p.world.Outages(), func(o simulator.Outage) bool {
		return !t.Before(o.From) &&
			t.Before(o.To)
	})
}

// drained waits until what was pushed is applied.
func (p *demoPast) drained(ctx context.Context) error {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		n, _, err := p.store.Unprocessed(ctx, p.inbox.InboxReader)
		if err != nil || n == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}
