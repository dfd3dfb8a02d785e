package jobs

import (
	"context"
	"time"
)

// Receiving comes first: while bodies come in faster than busyRate a second,
// the drain rests restShare times as long as it worked, but never longer than
// longestRest, so that it always gets on.
const (
	busyRate    = 200
	restShare   = 4
	longestRest = 400 * time.Millisecond
)

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
	if d.busy.rate(time.Now(), d.Inbox.Puts()) < busyRate && d.Inbox.Queued() == 0 {
		return
	}
	timer := time.NewTimer(min(restShare*worked, longestRest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
