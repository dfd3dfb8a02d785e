package notify

import "errors"

// failure is why a notification was not delivered. It wraps only the error of
// the context: another one may contain an address or a password.
type failure struct {
	text      string
	uncertain bool
	ended     error
}

// Error implements error.
func (f *failure) Error() string { return f.text }

// Unwrap returns the context's error if that was the cause.
func (f *failure) Unwrap() error { return f.ended }

// Uncertain reports whether an error came after the whole notification was sent, so
// that it may have arrived anyway. A refusal is certain.
func Uncertain(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.uncertain
}
