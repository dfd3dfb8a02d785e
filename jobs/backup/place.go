package backup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"garner/db"
	"garner/db/durable"
)

// lockFile is locked while a backup is made or unpacked: only one at a time is.
const lockFile = "backup.lock"

func lock(dataDir string) (release func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dataDir, lockFile), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = ErrRunning
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// full adds db.ErrFull to an error of a disk without space.
func full(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return errors.Join(db.ErrFull, err)
	}
	return err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copyTo copies a backup to the second place. Until the copy was read back there is nothing
// of its name.
func (m *Maker) copyTo(ctx context.Context, file string, between Between) error {
	if err := os.MkdirAll(m.SecondDir, 0o700); err != nil {
		return err
	}
	if err := tidy(m.SecondDir); err != nil {
		return err
	}
	partial := filepath.Join(m.SecondDir, partialPrefix+rand.Text())
	err := m.copyFile(ctx, file, partial, between)
	if err == nil {
		err = errors.Join(os.Rename(partial, filepath.Join(m.SecondDir, filepath.Base(file))), durable.SyncDir(m.SecondDir))
	}
	if err != nil {
		return errors.Join(full(err), removeIfThere(partial))
	}
	m.did("copied")
	return nil
}

func (m *Maker) copyFile(ctx context.Context, file, partial string, between Between) error {
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	st, err := from.Stat()
	if err != nil {
		return err
	}
	to, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	step := m.watched(ctx, m.SecondDir, "copying", between)
	written, err := inSteps(to, from, st.Size(), step)
	err = errors.Join(err, to.Sync())
	if err == nil {
		_, err = to.Seek(0, io.SeekStart)
	}
	var kept [sha256.Size]byte
	if err == nil {
		kept, err = inSteps(io.Discard, to, st.Size(), m.watched(ctx, m.SecondDir, "comparing", between))
	}
	if err = errors.Join(err, to.Close()); err == nil && kept != written {
		err = fmt.Errorf("%w in the second place", ErrDamaged)
	}
	return err
}

// inSteps copies and returns the hash of what was copied.
func inSteps(to io.Writer, from io.Reader, total int64, between func(done, total int64) error) (out [sha256.Size]byte,
	err error) {
	hash := sha256.New()
	for done := int64(0); ; {
		n, err := io.CopyN(io.MultiWriter(to, hash), from, 1<<20)
		if err != nil && !errors.Is(err, io.EOF) {
			return out, err
		}
		done += n
		if stop := between(done, total); stop != nil {
			return out, stop
		}
		if err != nil {
			return [sha256.Size]byte(hash.Sum(nil)), nil
		}
	}
}
