package db

import (
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

// full says whether less than keep bytes are left beside path. Where it cannot
// be told, writing itself will tell.
func full(path string, keep int64) bool {
	free, err := Free(filepath.Dir(path))
	return err == nil && free < keep
}
