// Package durable writes small files that must survive a loss of power whole or
// not at all.
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Create writes a file that only its owner may read. An existing one stays as
// it is, and the error is then fs.ErrExist.
func Create(path, text string) error {
	return write(path, text, os.Link)
}

// Replace writes a file that only its owner may read in place of the one that
// may be there: readers see either the old or the new text.
func Replace(path, text string) error {
	return write(path, text, os.Rename)
}

// write makes the text durable under another name before publish gives it the
// right one.
func write(path, text string, publish func(from, to string) error) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, filepath.Base(path)+"-*") // of mode 0600
	if err != nil {
		return err
	}
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = publish(tmp.Name(), path)
	}
	if gone := os.Remove(tmp.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	if err != nil {
		return err
	}
	return SyncDir(dir)
}

// SyncDir makes the list of files in a folder durable.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
