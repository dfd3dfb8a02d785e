package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"garner/db"
	"garner/garmin/simulator"
	"garner/jobs"
)

// demoPast fills a demo's past: what came lately in the order and at the times
// in which it would have come, with the watch looking on, so that its alerts
// and rhythms are there; then the years before.
type demoPast struct {
	*demo
	*files
	watch *jobs.Watch
	world *simulator.World
	until time.Time

	told  time.Time
	count int
	err   error     // why the watch could not look
	next  time.Time // the watch's next look
}

// The watch beats hourly through the past, and looks when the hour can be
// divided by demoLook: often enough for what takes days.
const demoLook = 4

// fill pushes the past and waits until it is applied, telling how far it is.
func (p *demoPast) fill(ctx context.Context, pusher *simulator.Pusher) error {
	began := time.Now()
	p.told = began
	if err := p.pauseHolidays(ctx); err != nil {
		return err
	}
	stamped := *pusher
	stamped.Stamp = true
	if err := stamped.PushAll(ctx, p.paced(ctx), p.progress); err != nil {
		return fmt.Errorf("push history: %w", err)
	}
	if p.err != nil {
		return fmt.Errorf("look at the past: %w", p.err)
	}
	if err := p.drained(ctx); err != nil {
		return err
	}
	fmt.Fprintf(p.a.out, "all %d days are there after %s; live syncs go on\n", p.days,
		time.Since(began).Round(time.Second))
	return nil
}

func (p *demoPast) progress(done int) {
	if p.count = done; time.Since(p.told) > 5*time.Second {
		p.told = time.Now()
		fmt.Fprintf(p.a.out, "%d deliveries pushed, the last weeks first\n", done)
	}
}

// backSync is how long after a holiday the watch has met the phone again.
const backSync = 18 * time.Hour

// pauseHolidays does what an admin does who knows of them.
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

// paced yields the history and lets the watch look in between, as long as it
// comes in the order of time. When the time turns back to the years before, the
// watch has seen all that it looks at.
func (p *demoPast) paced(ctx context.Context) func(yield func(simulator.Delivery) bool) {
	return func(yield func(simulator.Delivery) bool) {
		looking := true
		for d := range p.world.History() {
			if looking && p.next.IsZero() {
				p.next = d.At.Truncate(time.Hour)
			}
			if looking && d.At.Before(p.next.Add(-24*time.Hour)) {
				looking = !p.lookUntil(ctx, p.until)
			}
			if looking && !p.lookUntil(ctx, d.At) || !yield(d) {
				return
			}
		}
		if looking {
			p.lookUntil(ctx, p.until)
		}
	}
}

// lookUntil lets the watch beat and look at each step up to an instant; it says
// false where that failed.
func (p *demoPast) lookUntil(ctx context.Context, to time.Time) bool {
	for ; p.next.Before(to); p.next = p.next.Add(time.Hour) {
		if p.off(p.next) {
			continue
		}
		if err := p.lookAt(ctx, p.next); err != nil {
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

// off says whether the story has Garner switched off at an instant.
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
