package jobs

import (
	"context"
	"time"

	"garner/db"
)

// Receiving comes first: while bodies come in faster than busyRate a second,
// the drain rests restShare times as long as it worked, but never longer than
// longestRest, so that it always gets on.
const (
	busyRate    = 200
	restShare   = 4
	longestRest = 400 * time.Millisecond
)

// While receiving is busy the drain also takes one core at most, in small
// batches: whoever waits for a 200 must find a core free.
const busyRows = 32

// gauge measures how fast bodies come in.
type gauge struct {
	at   time.Time
	puts int64
}

// rate gives the puts a second since the last call.
func (g *gauge) rate(now time.Time, puts int64) float64 {
	passed := now.Sub(g.at).Seconds()
	grown := puts - g.puts
	g.at, g.puts = now, puts
	if passed <= 0 || passed > 60 {
		return 0
	}
	return float64(grown) / passed
}

func (d *Drain) yield(ctx context.Context, worked time.Duration) {
	busy := d.busy.rate(time.Now(), d.Inbox.Puts()) >= busyRate || d.Inbox.Queued() > 0
	d.gentle.Store(busy)
	if !busy {
		return
	}
	timer := time.NewTimer(min(restShare*worked, longestRest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// smallBody is a size below which no body makes so many versions that they go
// to the store in parts: the smallest element takes 50 bytes as text and under
// 600 in hand.
const smallBody = 256 << 10

// mayFlush says whether a delivery may be applied in parts.
func mayFlush(job db.Job) bool { return job.Size > smallBody || job.Encoding != "" }

// oneAtATime runs f alone among the drain's steps while receiving is busy.
func (d *Drain) oneAtATime(f func() error) error {
	if d.gentle.Load() {
		d.turn.Lock()
		defer d.turn.Unlock()
	}
	return f()
}
