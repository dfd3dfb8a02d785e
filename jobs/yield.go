package jobs

import (
	"context"
	"time"
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

func (d *Drain) yield(ctx context.Context, worked time.Duration) {
	if d.Receiving == nil {
		return
	}
	busy := d.busy.rate(time.Now(), d.Receiving.Puts()) >= busyRate || d.Receiving.Queued() > 0
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

// oneAtATime runs f alone among the drain's steps while receiving is busy.
func (d *Drain) oneAtATime(f func() error) error {
	if d.gentle.Load() {
		d.turn.Lock()
		defer d.turn.Unlock()
	}
	return f()
}
