package db

import "golang.org/x/sys/unix"

// Free is the space in bytes that an ordinary user may still take on the file
// system of dir.
func Free(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
