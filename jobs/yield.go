package jobs

import (
	"context"
	"time"

	"garner/db"
)

// Receiving has priority: while bodies come in faster than busyRate a second,
// the drain rests restShare times as long as it worked, but never longer than
// longestRest, so that it always makes progress.
const (
	busyRate    = 200
	restShare   = 4
	longestRest = 400 * time.Millisecond
)

// While receiving is busy the drain also takes one core at most, in small
// batches: a core must be free for senders that wait for a 200.
const busyRows = 32

// gauge measures how fast bodies come in.
type gauge struct {
	at   time.Time
	puts int64
}

// rate returns the puts a second since the last call.
func (g *gauge) rate(now time.Time, puts int64) float64 {
	passed := now.Sub(g.at).Seconds()
	grown := puts - g.puts
	g.at, g.puts = now, puts
	if passed <= 0 || passed > 60 {
		return 0
	}
	return float64(grown) / passed
}

// Gentle lets other work than the drain's yield to receiving. One goroutine uses it.
type Gentle struct {
	// Receiving is the inbox that receives at the same time; nil if none does.
	Receiving *db.Inbox
	busy      gauge
}

// Rest rests while receiving is busy, after some work that took so long.
func (g *Gentle) Rest(ctx context.Context, worked time.Duration) {
	rest(ctx, g.Receiving, &g.busy, worked)
}

func (d *Drain) yield(ctx context.Context, worked time.Duration) {
	if d.Receiving != nil {
		d.gentle.Store(rest(ctx, d.Receiving, &d.busy, worked))
	}
}

// rest rests if receiving is busy, and reports whether it is.
func rest(ctx context.Context, receiving *db.Inbox, g *gauge, worked time.Duration) (busy bool) {
	if receiving == nil || g.rate(time.Now(), receiving.Puts()) < busyRate && receiving.Queued() == 0 {
		return false
	}
	sleep(ctx, nil, min(restShare*worked, longestRest))
	return true
}

// oneAtATime runs f alone among the drain's steps while receiving is busy.
func (d *Drain) oneAtATime(f func() error) error {
	if d.gentle.Load() {
		d.turn.Lock()
		defer d.turn.Unlock()
	}
	return f()
}
