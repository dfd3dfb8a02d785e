package fit

import (
	"cmp"
	"math"
	"slices"
)

// clocks are the three times of a sample, in seconds since the start: without
// pauses, by the wall clock, and without standing still.
type clocks struct{ timer, clock, moving int64 }

// pause is while the timer stood.
type pause struct{ from, to uint32 }

// pauses are from each stop to the next start, and what follows the last stop.
func pauses(switches []toggle) (all []pause) {
	slices.SortStableFunc(switches, func(a, b toggle) int { return cmp.Compare(a.at, b.at) })
	stopped := false
	for _, s := range switches {
		switch {
		case stopped && s.on:
			all[len(all)-1].to = s.at
		case !stopped && !s.on:
			all = append(all, pause{s.at, math.MaxUint32})
		}
		stopped = !s.on
	}
	return all
}

// stopwatch tells the times of samples in their order. A device that stands still
// records a speed of 0; until the next sample it does not move. Garmin's own rule for
// this is not documented.
type stopwatch struct {
	start  uint32
	pauses []pause // not over yet
	before int64   // seconds of the pauses that are over
	last   clocks
	still  bool
}

func (w *stopwatch) read(s *sample) clocks {
	for len(w.pauses) > 0 && w.pauses[0].to <= s.at {
		w.before += w.pauses[0].seconds(w.start, w.pauses[0].to)
		w.pauses = w.pauses[1:]
	}
	now := clocks{clock: int64(s.at) - int64(w.start), moving: w.last.moving}
	now.timer = now.clock - w.before
	if len(w.pauses) > 0 {
		now.timer -= w.pauses[0].seconds(w.start, s.at)
	}
	if !w.still {
		now.moving += now.timer - w.last.timer
	}
	w.last, w.still = now, s.speed == 0
	return now
}

// seconds is how much of a pause is between two times.
func (p pause) seconds(from, to uint32) int64 {
	return max(0, int64(min(p.to, to))-int64(max(p.from, from)))
}
