// Package backup makes backups of a data directory and reads them back: one file with
// both databases, the activity files and, only where it is encrypted, the secrets.
//
// A backup is a tar archive in zstd, in age where there is a recovery key. Its first
// entry is the manifest, its last the list of all entries with their hashes: a file
// without that is half a backup.
package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Cause is why a backup is made.
type Cause string

// The causes.
const (
	Scheduled Cause = "schedule"
	Command   Cause = "command"
	Page      Cause = "page"
	Upgrade   Cause = "upgrade" // of the schema
)

// What a data directory contains besides the databases and the activity files.
const (
	KeysFile        = "keys"
	CallbackFile    = "callback-secret"
	CertificatesDir = "certificates"
	DemoFile        = "demo" // not a secret: marks the folder of a demo
	WorkLockFile    = "work.lock"
)

// Why there is no backup, or why one cannot be read.
var (
	// ErrHalf means that the end of a file is missing.
	ErrHalf = errors.New("this is only a part of a backup: its end is missing")
	// ErrDamaged means that a file is not what was written.
	ErrDamaged = errors.New("the backup is damaged, or its end is missing")
	// ErrNotBackup means that a file is something else.
	ErrNotBackup = errors.New("this is not a backup of garner")
	// ErrNeedsKey means that a backup is encrypted and no key was given.
	ErrNeedsKey = errors.New("the backup is encrypted, and its recovery key is needed")
	// ErrWrongKey means that a backup is encrypted to another key.
	ErrWrongKey = errors.New("the backup is encrypted to another recovery key")
	// ErrNewerFormat means that a newer program has written a backup.
	ErrNewerFormat = errors.New("the backup was written by a newer garner; install that version first")
	// ErrNewerSchema means that the databases of a backup are those of a newer program.
	ErrNewerSchema = errors.New("the databases of the backup are of a newer garner; install that version first")
	// ErrOther means that a backup would replace a file that is none.
	ErrOther = errors.New("there is another file of this name, which is not a backup")
	// ErrRunning means that another backup or restore test runs.
	ErrRunning = errors.New("another backup or restore test is running")
)

// typed are the errors that say already what is wrong with a backup.
var typed = []error{ErrHalf, ErrDamaged, ErrNotBackup, ErrNeedsKey, ErrWrongKey, ErrNewerFormat, ErrNewerSchema}

// readFault says what an error of reading a backup means for it. Errors of the disk stay
// what they are.
func readFault(err error) error {
	for _, known := range typed {
		if errors.Is(err, known) {
			return err
		}
	}
	var disk *fs.PathError
	switch {
	case err == nil || errors.As(err, &disk):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return ErrHalf
	}
	return fmt.Errorf("%w (%w)", ErrDamaged, err)
}
