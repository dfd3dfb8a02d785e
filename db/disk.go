package db

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Free is the space in bytes that an ordinary user may still take on the file
// system of dir.
func Free(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// FileSize is the size of a database in bytes, and that of its log, which has what
// checkpoints have not moved yet.
type FileSize struct {
	Name       string
	Bytes, Log int64
}

// FileSize is that of garner.db.
func (s *Store) FileSize() (FileSize, error) { return s.f.size() }

// FileSize is that of inbox.db.
func (in *InboxReader) FileSize() (FileSize, error) { return in.f.size() }

func (f *file) size() (FileSize, error) {
	out := FileSize{Name: filepath.Base(f.path)}
	st, err := os.Stat(f.path)
	if err != nil {
		return out, err
	}
	out.Bytes = st.Size()
	log, err := os.Stat(f.path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err == nil {
		out.Log = log.Size()
	}
	return out, err
}

// DiskFree is Free where inbox.db is.
func (in *InboxReader) DiskFree() (int64, error) { return Free(filepath.Dir(in.f.path)) }
