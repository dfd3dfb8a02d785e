package connect

import (
	"errors"
	"math/rand/v2"
	"time"

	"garner/garmin/client"
)

// wait is the time until the next try of what has failed since an instant: half of
// the time that it has failed, at least a minute and at most most, and up to a
// quarter more, so that connections do not call all at once.
func wait(now, since time.Time, most time.Duration) time.Duration {
	d := min(max(now.Sub(since)/2, time.Minute), most)
	return d + rand.N(d/4)
}

// asked is how long Garmin, or the client, asks to wait after an error.
func asked(err error, now time.Time) time.Duration {
	var status *client.StatusError
	if errors.As(err, &status) {
		return status.RetryAfter
	}
	var open *client.OpenError
	if errors.As(err, &open) {
		return open.Until.Sub(now)
	}
	return 0
}

// longest is how far ahead a due time is believed: longer waits come from a clock
// that was wrong.
const longest = client.MostRetryAfter

// waits reports whether a due time is still to come.
func waits(now, due time.Time) bool { return due.After(now) && due.Sub(now) <= longest }

// recent reports whether an instant is less than d ago. One in the future is not:
// the clock has been set back since.
func recent(now, at time.Time, d time.Duration) bool {
	ago := now.Sub(at)
	return !at.IsZero() && ago >= 0 && ago < d
}
