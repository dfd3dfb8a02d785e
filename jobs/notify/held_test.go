package notify

import (
	"testing"
	"time"

	"garner/health/alert"
)

func TestAnEndIsToldThoughOnlyAReminderWasHeld(t *testing.T) {
	t.Parallel()
	p, box := newPost(t, func(p *Dispatcher) { p.Quiet = QuietHours{From: 22 * 60, To: 7 * 60} })
	day := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	f := &alert.Facts{}
	e := alert.Incident{Subject: alert.Subject{Kind: alert.DiskLow}, Since: day, Opened: day}
	put := func(now time.Time, ev alert.Event) {
		t.Helper()
		f.Now = now
		record(t, p, f, &e, ev)
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
		notices(t, p, ahead, i, 1)
		send(t, p, ahead)
	}
	notices(t, p, ahead, 90, 1) // waits, due in a year
	notices(t, p, friday, 100, 1)
	send(t, p, friday)
	if n := len(box.got); n != p.PerHour+2 {
		t.Errorf("%d told, want %d: %q", n, p.PerHour+2, box.subjects())
	}
}
