package backfill

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"garner/db"
	"garner/garmin/client"
)

const (
	// rateWait is how long all calls wait after a 429 that names no time.
	rateWait = time.Minute
	// credentialWait is how long the windows of a connection wait that cannot be used.
	credentialWait = 5 * time.Minute
	// refusedWait is how long a window waits whose token Garmin refused twice.
	refusedWait = 15 * time.Minute
	// lostWait and lostAgainWait are how long a window waits after the first and
	// the second call whose answer was never learnt. After the third it is given up.
	lostWait      = time.Minute
	lostAgainWait = time.Hour
)

// answerOf is what a call for a window means (Health API, Backfill). err is nil for
// 202.
func answerOf(w *db.Window, err error, now time.Time) db.WindowAnswer {
	if err == nil {
		return db.WindowAnswer{State: db.WindowAccepted, Status: http.StatusAccepted}
	}
	var status *client.StatusError
	if !errors.As(err, &status) {
		if client.MaybeSent(err) {
			return lost(w, 0, err.Error(), now)
		}
		return db.WindowAnswer{State: db.WindowPlanned, Answer: err.Error(), Due: now.Add(notSentWait(w, err, now))}
	}
	a := db.WindowAnswer{State: db.WindowFailed, Status: status.Status, Answer: status.Message}
	switch {
	case status.Status == http.StatusConflict && w.Unknown > 0:
		a.State = db.WindowAccepted // by the call whose answer was lost
	case status.Status == http.StatusConflict:
		a.State = db.WindowDuplicate
	case status.Status == http.StatusBadRequest && status.Earliest.After(w.From):
		a.State, a.Earliest = db.WindowTooEarly, status.Earliest
	case status.Status == http.StatusUnauthorized:
		a.State, a.Due = db.WindowPlanned, now.Add(refusedWait)
	case status.Status == http.StatusForbidden || status.Status == http.StatusPreconditionFailed:
		a.State = db.WindowNotPermitted
	case status.Status == http.StatusTooManyRequests:
		a.State, a.Due = db.WindowPlanned, now.Add(cmp.Or(status.RetryAfter, rateWait))
	case status.Status >= http.StatusInternalServerError:
		a = lost(w, status.Status, status.Message, now)
		if wait := now.Add(status.RetryAfter); a.Due.Before(wait) {
			a.Due = wait
		}
	}
	return a
}

// lost is the answer for a call that may have reached Garmin and whose answer is not
// known.
func lost(w *db.Window, status int, text string, now time.Time) db.WindowAnswer {
	a := db.WindowAnswer{State: db.WindowPlanned, Status: status, Answer: text, Unknown: true}
	switch w.Unknown {
	case 0:
		a.Due = now.Add(lostWait)
	case 1:
		a.Due = now.Add(lostAgainWait)
	default:
		a.State = db.WindowFailed
	}
	return a
}

// notSentWait is how long a window waits that could not be sent: until the client
// calls again, or longer with each attempt, an hour at most.
func notSentWait(w *db.Window, err error, now time.Time) time.Duration {
	var open *client.OpenError
	if errors.As(err, &open) {
		return min(max(open.Until.Sub(now), time.Second), time.Hour)
	}
	return min(time.Minute<<min(w.Attempts, 6), time.Hour)
}
