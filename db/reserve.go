package db

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// mostReserve is the largest reserve.
const mostReserve = 64 << 20

// reserveFile is its name in the data directory.
const reserveFile = "reserve"

// Reserve is a file that takes space until the disk is full. On a full disk not even
// a deletion can be written; once the file is given up, pruning and erasing can.
type Reserve struct {
	path          string
	size, minFree int64
}

// NewReserve returns the reserve of a data directory in which bodies leave minFree
// bytes free. The reserve is a quarter of that at most: bodies cannot take the space
// of one that was given up. Without minFree there is none.
func NewReserve(dir string, minFree int64) *Reserve {
	return &Reserve{path: filepath.Join(dir, reserveFile), size: min(minFree/4, mostReserve), minFree: minFree}
}

// ReserveChange is what Adjust did.
type ReserveChange uint8

// The changes.
const (
	ReserveKept ReserveChange = iota
	ReserveMade
	ReserveGivenUp
)

// Adjust gives the reserve up when less than its size is free, and makes it again when
// there is room for it and twice its size beyond what bodies leave free.
func (r *Reserve) Adjust() (ReserveChange, error) {
	free, err := Free(filepath.Dir(r.path))
	if err != nil {
		return ReserveKept, fmt.Errorf("free disk space: %w", err)
	}
	st, err := os.Lstat(r.path)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ReserveKept, err
	}
	switch {
	case there && (free < r.size || r.size == 0):
		return ReserveGivenUp, os.Remove(r.path)
	case there && st.Size() == r.size || r.size == 0 || free < r.minFree+3*r.size:
		return ReserveKept, nil
	}
	if err := r.make(); err != nil {
		return ReserveKept, errors.Join(err, os.Remove(r.path))
	}
	return ReserveMade, nil
}

func (r *Reserve) make() error {
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	err = unix.Fallocate(int(f.Fd()), 0, 0, r.size)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		// Zeros would take no space where the file system compresses.
		_, err = io.CopyN(f, rand.Reader, r.size)
	}
	return errors.Join(err, f.Close())
}
