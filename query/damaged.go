package query

import (
	"errors"

	"garner/db"
)

// Damaged reports whether an error is about one damaged record, after which the
// others can still be read.
func Damaged(err error) bool { return errors.Is(err, db.ErrDamaged) }
