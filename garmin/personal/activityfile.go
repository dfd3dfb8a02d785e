package personal

import (
	"bytes"
	"errors"
)

// activityFile is a ZIP with a FIT file, or the FIT file itself. It has no elements: the
// drain takes the file out of it.
func (a *answer) activityFile() error {
	if !IsZIP(a.raw) && !isFIT(a.raw) {
		return errors.New("is neither a ZIP nor a FIT file")
	}
	a.found(a.From, Data)
	return nil
}

// IsZIP reports whether a file begins as a ZIP does.
func IsZIP(file []byte) bool { return bytes.HasPrefix(file, []byte("PK\x03\x04")) }

// isFIT reports whether a file has the mark of FIT in its header.
func isFIT(file []byte) bool { return len(file) > 12 && string(file[8:12]) == ".FIT" }
