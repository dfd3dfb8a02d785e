package db

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The faults that callers distinguish.
var (
	// ErrFull means that the disk, or the part of it that may be used, is
	// full. It ends by itself when there is space.
	ErrFull = errors.New("disk full")
	// ErrBusy means that a bounded queue has no room or that it took too long.
	ErrBusy = errors.New("busy")
	// ErrBroken means that the file can no longer be trusted with a write
	// (an I/O error or damage); only opening it again may help.
	ErrBroken = errors.New("storage broken")
	// ErrNotSetUp means that a file is missing, empty, or of the schema of
	// another version: only the owner of the data directory may set it up.
	ErrNotSetUp = errors.New("not set up by this version of garner")
	// ErrDamaged means that stored data is damaged.
	ErrDamaged = errors.New("stored data is damaged")
	// ErrNotFound means that there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrTaken means that a name or id is in use already.
	ErrTaken = errors.New("already in use")
	// ErrLinked means that what is in use is a Garmin user id or access token,
	// or a person who has an account.
	ErrLinked = fmt.Errorf("%w: linked to a person", ErrTaken)
	// ErrLastAdmin means that no admin would be left who can sign in.
	ErrLastAdmin = errors.New("the last admin")
	// ErrHasAdmin means that there is an admin, so no first one can be created.
	ErrHasAdmin = errors.New("there is an admin already")
)

// fault adds the kind of fault to an error of the driver, by its result code.
func fault(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return errors.Join(ErrFull, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return errors.Join(ErrBusy, err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_READONLY:
		return errors.Join(ErrBroken, err)
	case sqlite3.SQLITE_CONSTRAINT:
		if e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
			return errors.Join(ErrTaken, err)
		}
	}
	return err
}

// isCorrupt reports whether SQLite found the content of a file damaged.
func isCorrupt(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// isPlainError distinguishes SQLite's errors of use from failures of the
// storage.
func isPlainError(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_ERROR
}
