package jobs

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"garner/db"
	"garner/health/alert"
	"garner/jobs/notify"
)

// The clock in here is the bubble's own: half an hour passes at once.
func TestItBeatsAndLooksAsLongAsItRunsHoweverOftenItLooks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for _, every := range []time.Duration{time.Second, time.Minute, 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			g := newGuarded(t)
			g.w.Every = every
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			began := time.Now()
			go func() { ended <- g.w.Run(ctx) }()
			time.Sleep(30*time.Minute + time.Second)
			synctest.Wait()
			ran, err := g.w.Store.UptimeIntervals(ctx, db.Up, time.Time{})
			if err != nil || len(ran) != 1 || ran[0].To.Sub(began) < 29*time.Minute {
				t.Errorf("every %s: it ran %v, %v", every, ran, err)
			}
			if err := g.w.Stalled(time.Now()); err != nil {
				t.Errorf("every %s: %v", every, err)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAWatchThatNoLongerLooksIsNotTrusted(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	if err := g.w.Stalled(time.Now()); err != nil {
		t.Errorf("before it began: %v", err)
	}
	g.look()
	if err := g.w.Stalled(time.Now().Add(12 * time.Minute)); err != nil {
		t.Errorf("after 12 minutes: %v", err)
	}
	if err := g.w.Stalled(time.Now().Add(15 * time.Minute)); err == nil {
		t.Error("after 15 minutes it is still trusted")
	}
	if err := g.w.Well(t.Context(), time.Now().Add(15*time.Minute)); err == nil {
		t.Error("and the heartbeat goes on")
	}
}

func TestAnEndIsToldThoughOnlyAReminderWasHeld(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, func(p *Dispatcher) { p.Quiet = notify.QuietHours{From: 22 * 60, To: 7 * 60} })
	day := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	f := &alert.Facts{}
	e := alert.Incident{Subject: alert.Subject{Kind: alert.DiskLow}, Since: day, Opened: day}
	put := func(now time.Time, ev alert.Event) {
		t.Helper()
		f.Now = now
		changes := []alert.Change{{Incident: e, Events: []alert.Event{ev}}}
		if err := p.Store.PutIncidents(t.Context(), now, changes, p.composer(t.Context(), f).compose); err != nil {
			t.Fatal(err)
		}
		e = changes[0].Incident
	}
	put(day, alert.Opened)
	send(t, p, day)
	night := day.Add(11 * time.Hour)
	put(night, alert.Reminded)
	e.Closed = night.Add(time.Hour)
	put(night.Add(2*time.Hour), alert.Recovered)
	send(t, p, day.Add(24*time.Hour))
	if got := box.subjects(); len(got) != 2 || got[1] != "[Garner] Over: The disk is nearly full" {
		t.Errorf("told %q", got)
	}
}

func TestAClockThatWasAheadMutesNoPlace(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, nil)
	ahead := friday.AddDate(1, 0, 0)
	for i := range p.PerHour {
		written(t, p, ahead, i, 1)
		send(t, p, ahead)
	}
	written(t, p, ahead, 90, 1) // waits, due in a year
	written(t, p, friday, 100, 1)
	send(t, p, friday)
	if n := len(box.got); n != p.PerHour+2 {
		t.Errorf("%d told, want %d: %q", n, p.PerHour+2, box.subjects())
	}
}
