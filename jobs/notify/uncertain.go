package notify

import "errors"

// failure is why a notice was not handed over. It keeps no inner error but
// that of the context, for an inner one may hold an address or password that
// is no one's business.
type failure struct {
	text      string
	uncertain bool
	ended     error
}

// Error implements error.
func (f *failure) Error() string { return f.text }

// Unwrap gives the context's error where that was the end of it.
func (f *failure) Unwrap() error { return f.ended }

// Uncertain says that an error came after the notice was handed over in full,
// so that it may have arrived all the same. An answer that refuses is certain.
func Uncertain(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.uncertain
}
