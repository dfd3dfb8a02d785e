package personal

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"garner/garmin/client"
)

// KeyFault says in words, for people, why an exchange of a key failed.
func KeyFault(err error, now time.Time) string {
	var status *client.StatusError
	switch {
	case errors.Is(err, ErrNotAKey):
		return strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."
	case errors.Is(err, ErrKeyRefused):
		return "Garmin refuses this key. It is mistyped, has ended, was deleted, or was replaced by a newer one."
	case errors.Is(err, ErrNoBearer):
		return "Garmin's answer cannot be read by this version of Garner."
	case errors.Is(err, client.ErrOpen):
		return "Garmin has not answered of late, so calls are paused for some minutes. Try again then."
	case !errors.As(err, &status):
		return "Garmin cannot be reached from this machine. Check its internet connection, and try again."
	case status.Status == http.StatusTooManyRequests:
		again := now.Add(max(status.RetryAfter, time.Minute)).UTC().Format("15:04")
		return "Garmin says that there were too many calls. Try again after " + again + " UTC."
	}
	return "Garmin answers with an error (" + strconv.Itoa(status.Status) + "). Try again later."
}
