package notify

import "errors"

// failure says why a notification was not delivered. It wraps no error but that
// of the context: another one may contain an address or a password.
type failure struct {
	text      string
	uncertain bool
	ended     error
}

// Error implements error.
func (f *failure) Error() string { return f.text }

// Unwrap returns the context's error where that was the end of it.
func (f *failure) Unwrap() error { return f.ended }

// Uncertain says that an error came after the whole notification was sent, so
// that it may have arrived all the same. An answer that refuses is certain.
func Uncertain(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.uncertain
}
