package client

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrInvalidGrant means that a code or refresh token is no longer valid: the
	// person must connect again.
	ErrInvalidGrant = errors.New("the grant is no longer valid at Garmin")
	// ErrCanceled means that the person did not consent at Garmin.
	ErrCanceled = errors.New("the person did not consent")
	// ErrTooLarge means that an answer has more bytes than the caller takes.
	ErrTooLarge = errors.New("answer is too large")
	// ErrOpen means that the call was not made, because Garmin does not work or too
	// many calls wait. It comes as an *OpenError.
	ErrOpen = errors.New("calls to Garmin are paused")
)

// OpenError is ErrOpen with the time after which to call again.
type OpenError struct{ Until time.Time }

func (e *OpenError) Error() string {
	return fmt.Sprintf("%v until %s", ErrOpen, e.Until.UTC().Format(time.RFC3339))
}

// Unwrap returns ErrOpen.
func (e *OpenError) Unwrap() error { return ErrOpen }

// callError is a call without an answer.
type callError struct {
	text  string // without addresses' queries and tokens
	sent  bool   // the request may have reached Garmin
	ended error  // of the caller's context
}

func (e *callError) Error() string { return e.text }

// Unwrap returns why the caller's context ended, and nothing else: the text of a
// network error may repeat what the server sent.
func (e *callError) Unwrap() error { return e.ended }

func notSent(text string) error { return &callError{text: text} }

// ended returns why the caller's context ended, if that ended the call.
func ended(err error) error {
	var call *callError
	if errors.As(err, &call) {
		return call.ended
	}
	return nil
}

// MaybeSent reports whether a call that returned err may have reached Garmin. It is
// false only if that is certain, such as where no connection was made.
func MaybeSent(err error) bool {
	var call *callError
	if errors.As(err, &call) {
		return call.sent
	}
	var refused *RefusedError
	return !errors.As(err, &refused) && !errors.Is(err, ErrOpen)
}
