package client

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// mostMessage is how many bytes of Garmin's words are kept.
const mostMessage = 300

// MostRetryAfter caps what Garmin asks to wait.
const MostRetryAfter = 24 * time.Hour

// StatusError is an answer that is not a success.
type StatusError struct {
	Status int
	// Message is Garmin's errorMessage: at most 300 bytes, without control
	// characters and without secrets of the request.
	Message string
	// RetryAfter is what a 429 or 503 asks to wait, at most MostRetryAfter.
	RetryAfter time.Duration
	// Earliest is the earliest start that a 400 names, rounded up to a whole second;
	// zero if none.
	Earliest time.Time
	// invalidGrant is OAuth's error of that name (RFC 6749, 5.2).
	invalidGrant bool
}

func (e *StatusError) Error() string {
	text := "Garmin answered " + strconv.Itoa(e.Status)
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

func newStatusError(status int, header http.Header, body []byte, secrets []string) *StatusError {
	e := &StatusError{Status: status}
	if v, err := readJSON(body); err == nil {
		refused := status == http.StatusBadRequest || status == http.StatusUnauthorized
		e.invalidGrant = refused && text(v.Get("error")) == "invalid_grant"
		for _, name := range []string{"errorMessage", "error_description", "message", "error"} {
			if e.Message = clean(text(v.Get(name)), secrets); e.Message != "" {
				break
			}
		}
	}
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		e.RetryAfter = retryAfter(header.Get("Retry-After"), time.Now())
	case http.StatusBadRequest:
		e.Earliest = earliest(e.Message)
	}
	return e
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func retryAfter(value string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(seconds, uint64(MostRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), MostRetryAfter)
}

var minStart = regexp.MustCompile(`before min start time of (\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d))`)

// earliest reads "start … before min start time of 2025-10-19T16:42:30.333Z". Requests
// have whole seconds, so it rounds up.
func earliest(message string) time.Time {
	match := minStart.FindStringSubmatch(message)
	if match == nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, match[1])
	if err != nil {
		return time.Time{}
	}
	return at.Add(time.Second - time.Nanosecond).Truncate(time.Second).UTC()
}

// readJSON reads the one value of a body.
func readJSON(body []byte) (element.Value, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	v, err := element.Read(dec, element.Limits{Depth: 8, Bytes: 4 * mostJSON})
	if err != nil {
		// Without err, which may repeat the body.
		return v, fmt.Errorf("the answer is not JSON")
	}
	return v, nil
}

// text is a string, or a number as it was sent.
func text(v element.Value) string {
	if k := v.Kind(); k != element.String && k != element.Number {
		return ""
	}
	return strings.TrimSpace(v.Text())
}
