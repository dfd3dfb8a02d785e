package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Files of a data directory besides the databases.
const (
	lockFile   = "lock"
	secretFile = "callback-secret"
	demoMarker = "demo"
)

// openDataDir makes sure that dir is there, is ours and is private, and that a
// demo's folder and a real one are never mixed up.
func openDataDir(dir string, demo bool) error {
	// SQLite creates its files with what the umask leaves.
	syscall.Umask(0o077)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	if err := checkOwner(dir); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(dir, demoMarker))
	marked := err == nil
	_, err = os.Stat(filepath.Join(dir, "inbox.db"))
	used := err == nil
	switch {
	case demo && used && !marked:
		return fmt.Errorf("%s holds real data; give the demo a folder of its own with --data", dir)
	case !demo && marked:
		return fmt.Errorf("%s holds a demo; choose another data_dir for real data", dir)
	case demo && !marked:
		return os.WriteFile(filepath.Join(dir, demoMarker), []byte("This folder belongs to a demo. All in it is made up.\n"), 0o600)
	}
	return nil
}

func checkOwner(dir string) error {
	var st unix.Stat_t
	if err := unix.Stat(dir, &st); err != nil {
		return fmt.Errorf("data_dir %s: %w", dir, err)
	}
	if int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("data_dir %s belongs to user %d and this is user %d; run garner as its owner", dir, st.Uid, os.Geteuid())
	}
	return nil
}

// errServed means that another process holds the lock of the data directory.
var errServed = errors.New("another garner serves this data directory")

// lockDataDir takes the lock that serve and restore hold. It is a file of its
// own: locks on the databases are SQLite's.
func lockDataDir(dir string) (release func() error, err error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		pid, _ := os.ReadFile(path)
		return nil, errors.Join(fmt.Errorf("%w: %s (process %s)", errServed, dir, strings.TrimSpace(string(pid))), f.Close())
	}
	if err := f.Truncate(0); err == nil {
		_, err = fmt.Fprintf(f, "%d\n", os.Getpid())
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f.Close, nil
}

// File systems on which SQLite's locks or fsync are not to be trusted, by
// their number in statfs(2).
var doubtful = map[int64]string{
	0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2", 0x794c7630: "an overlay (a container without a volume)",
}

// fileSystemWarning says what is doubtful about the file system of dir; empty
// where nothing is.
func fileSystemWarning(dir string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return ""
	}
	if name, bad := doubtful[int64(st.Type)]; bad {
		return dir + " lies on " + name + ": deliveries may be lost there; use a local disk"
	}
	return ""
}
