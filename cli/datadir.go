package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"garner/jobs/backup"
)

// Files of a data directory other than the databases.
const (
	workLockFile = backup.WorkLockFile
	secretFile   = backup.CallbackFile
	keysFile     = backup.KeysFile
	demoMarker   = backup.DemoFile
)

// openDataDir makes sure that dir exists, is ours and is private, and that a
// demo's folder and a real one are never confused.
func openDataDir(dir string, demo bool, log *slog.Logger) error {
	if err := makeDataDir(dir, log); err != nil {
		return err
	}
	if backup.HalfRestored(dir) {
		return fmt.Errorf("a restore into %s was not completed; run garner restore again, with the same backup or "+
			"another one", dir)
	}
	marked := ofDemo(dir)
	_, err := os.Stat(filepath.Join(dir, "inbox.db"))
	used := err == nil
	switch {
	case demo && used && !marked:
		return fmt.Errorf("%s contains real data; choose another folder for the demo with --data", dir)
	case !demo && marked:
		return fmt.Errorf("%s contains a demo; choose another data_dir for real data", dir)
	case demo && !marked:
		return os.WriteFile(filepath.Join(dir, demoMarker), []byte("This folder belongs to a demo. All in it is made up.\n"),
			0o600)
	}
	return nil
}

// makeDataDir makes sure that dir exists, is ours and is private.
func makeDataDir(dir string, log *slog.Logger) error {
	// SQLite creates its files with permissions by the umask.
	syscall.Umask(0o077)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	if err := checkOwner(dir); err != nil {
		return err
	}
	return makePrivate(dir, log)
}

// ofDemo reports whether a folder belongs to a demo.
func ofDemo(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, demoMarker))
	return err == nil
}

func checkOwner(dir string) error {
	var st unix.Stat_t
	if err := unix.Stat(dir, &st); err != nil {
		return fmt.Errorf("data_dir %s: %w", dir, err)
	}
	if int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("data_dir %s belongs to user %d and this is user %d; run garner as its owner", dir, st.Uid,
			os.Geteuid())
	}
	return nil
}

// makePrivate removes other users' permissions on the data directory, and refuses
// files that others may have put into it before.
func makePrivate(dir string, log *slog.Logger) error {
	st, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	mode := st.Mode().Perm()
	if mode&0o077 != 0 {
		if err := os.Chmod(dir, mode&0o700); err != nil {
			return fmt.Errorf("data_dir %s is accessible to other users (mode %04o), and that cannot be changed: %w",
				dir, mode, err)
		}
		log.Warn("data_dir was accessible to other users; it is now private", "data_dir", dir,
			"was", fmt.Sprintf("%04o", mode), "is",
			fmt.Sprintf("%04o", mode&0o700))
	}
	for _, name := range []string{"inbox.db", "inbox.db-wal", "inbox.db-shm", "garner.db", "garner.db-wal",
		"garner.db-shm", secretFile, keysFile, workLockFile} {
		if err := checkRegular(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func checkRegular(path string) error {
	st, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file (%s); remove it or put the real file there", path, st.Mode().Type())
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); ok && int(sys.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to user %d and this is user %d", path, sys.Uid, os.Geteuid())
	}
	return nil
}

// errServed means that another process holds the lock of the data directory.
var errServed = errors.New("another garner serves this data directory")

// lockDataDir takes the lock that serve and restore hold, and with it the right
// to create, migrate and clean up. The lock is on the directory itself: there is no
// file that could be removed, linked elsewhere or overwritten. Locks on the
// databases are SQLite's.
func lockDataDir(dir string) (release func() error, err error) {
	return flockDataDir(dir, unix.LOCK_EX)
}

func flockDataDir(dir string, how int) (release func() error, err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s", errServed, dir), f.Close())
	}
	return f.Close, nil
}

// lockPatience is how long serve waits for the lock: a command holds it
// briefly to create the databases, or to check whether Garner is running.
const lockPatience = 3 * time.Second

// lockToServe takes the lock of the data directory. Long work of commands does
// not hold it: receiving comes first.
func lockToServe(ctx context.Context, dir string) (release func() error, err error) {
	return lockPatiently(ctx, dir, unix.LOCK_EX)
}

// lockToStore keeps others from serving while a command stores one delivery. The command has
// the right to work, so there is one such command at a time. The lock is a shared one: to
// others, and to itself, the command does not look like one that serves.
func lockToStore(ctx context.Context, dir string) (release func() error, err error) {
	return lockPatiently(ctx, dir, unix.LOCK_SH)
}

func lockPatiently(ctx context.Context, dir string, how int) (release func() error, err error) {
	for end := time.Now().Add(lockPatience); ; {
		release, err = flockDataDir(dir, how)
		if !errors.Is(err, errServed) || time.Now().After(end) {
			return release, err
		}
		if !pause(ctx, 50*time.Millisecond) {
			return nil, ctx.Err()
		}
	}
}

// pause waits; it returns false if ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// served reports whether another process holds the lock, which none
// does where there is no directory. It checks with a shared
// lock, so that processes that only check do not look like one that serves.
func served(dir string) (bool, error) {
	f, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	return err != nil, f.Close()
}

// errWorking means that another process processes and rederives.
var errWorking = errors.New("another garner works on this data directory")

// lockWork takes the right to process deliveries and to rederive: one process
// at a time does. A command gives it up as soon as serve starts.
func lockWork(dir string) (release func() error, err error) {
	path := filepath.Join(dir, workLockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(errWorking, f.Close())
	}
	return f.Close, nil
}

// waitToWork takes the right to process and waits for the process that has it; told
// is called once if there is one.
func waitToWork(ctx context.Context, dir string, told func()) (release func() error, err error) {
	for first := true; ; first = false {
		release, err = lockWork(dir)
		if !errors.Is(err, errWorking) {
			return release, err
		}
		if first {
			told()
		}
		if !pause(ctx, 100*time.Millisecond) {
			return nil, ctx.Err()
		}
	}
}

// File systems on which SQLite's locks or fsync are unreliable, by their number in
// statfs(2).
var doubtful = map[int64]string{
	0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2",
	0x794c7630: "an overlay (a container without a volume)",
}

// fileSystemWarning returns what is unreliable about the file system of dir; empty
// for nothing.
func fileSystemWarning(dir string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return ""
	}
	if name, bad := doubtful[int64(st.Type)]; bad {
		return dir + " is on " + name + ": deliveries may be lost there; use a local disk"
	}
	return ""
}
