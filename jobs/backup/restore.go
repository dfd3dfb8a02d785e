package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"garner/db"
	"garner/db/durable"
)

// ErrNotEmpty means that a folder to restore into has something in it.
var ErrNotEmpty = errors.New("the folder to restore into must be empty")

// restoringDir is in a data directory while a backup is restored into it. What else is
// there then is incomplete.
const restoringDir = "restoring"

// HalfRestored reports whether a restore into a data directory was not completed.
func HalfRestored(dataDir string) bool {
	_, err := os.Lstat(filepath.Join(dataDir, restoringDir))
	return err == nil
}

// Restorer restores a backup.
type Restorer struct {
	DataDir string
	// Backups is the folder of the backups: it stays if it is in DataDir.
	Backups string
	// Prepare makes the unpacked folder ready to be used.
	Prepare func(ctx context.Context, dir string) error
	Between Between

	// step, in tests, is called after each step that a kill may follow.
	step func(name string)
}

// mayStay are what an empty data directory may have besides the folder of the backups:
// none of it is restored.
var mayStay = []string{restoringDir, "lost+found", lockFile, WorkLockFile}

// stays reports whether an entry of an empty data directory may stay.
func (r *Restorer) stays(name string) bool {
	at := filepath.Join(r.DataDir, name)
	return slices.Contains(mayStay, name) || strings.HasPrefix(filepath.Clean(r.Backups)+"/", at+"/")
}

// Restore restores into the data directory, whose lock the caller holds. ErrNotEmpty
// refuses one that has something in it, other than what a restore that was not completed
// has left. If it is killed, HalfRestored reports it, and a restore can be repeated.
func (r *Restorer) Restore(ctx context.Context, b *Backup) error {
	if err := r.clear(); err != nil {
		return err
	}
	restoring := filepath.Join(r.DataDir, restoringDir)
	unpacked := filepath.Join(restoring, "new")
	if err := errors.Join(os.Mkdir(restoring, 0o700), os.Mkdir(unpacked, 0o700),
		durable.SyncDir(r.DataDir)); err != nil {
		return err
	}
	r.did("begun")
	err := r.unpack(ctx, b, unpacked)
	if err != nil {
		return errors.Join(full(err), os.RemoveAll(restoring), durable.SyncDir(r.DataDir))
	}
	if err := r.move(unpacked); err != nil {
		return fmt.Errorf("%w; run the restore again", err)
	}
	if err := os.RemoveAll(restoring); err != nil {
		return err
	}
	r.did("done")
	return durable.SyncDir(r.DataDir)
}

// Test does everything but moving, in a temporary folder of the data directory.
func (r *Restorer) Test(ctx context.Context, b *Backup) (err error) {
	release, err := lock(r.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := tidy(r.DataDir); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(r.DataDir, partialPrefix) // of mode 0700
	if err != nil {
		return err
	}
	return full(errors.Join(r.unpack(ctx, b, dir), os.RemoveAll(dir)))
}

func (r *Restorer) unpack(ctx context.Context, b *Backup, dir string) error {
	err := b.Unpack(ctx, dir, func(done, total int64) error {
		r.did("unpacking")
		return errors.Join(ctx.Err(), r.Between("unpacking", done, total))
	})
	if err != nil {
		return err
	}
	r.did("unpacked")
	err = r.Prepare(ctx, dir)
	r.did("prepared")
	return errors.Join(err, durable.SyncDir(dir))
}

// clear deletes what a restore that was not completed has left, the mark last; without
// one, there must be nothing.
func (r *Restorer) clear() error {
	entries, err := os.ReadDir(r.DataDir)
	if err != nil {
		return err
	}
	half := HalfRestored(r.DataDir)
	var left, others []string
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case r.stays(name):
		case strings.HasPrefix(name, partialPrefix) || half && isRestored(name):
			left = append(left, name)
		default:
			others = append(others, name)
		}
	}
	if len(others) > 0 {
		return fmt.Errorf("%w: %s has %s", ErrNotEmpty, r.DataDir, strings.Join(others[:min(3, len(others))], ", "))
	}
	for _, name := range left {
		if err := os.RemoveAll(filepath.Join(r.DataDir, name)); err != nil {
			return err
		}
		r.did("cleared")
	}
	return os.RemoveAll(filepath.Join(r.DataDir, restoringDir))
}

// isRestored reports whether a name of the data directory may come from a backup.
func isRestored(name string) bool {
	for _, database := range []string{db.GarnerFile, db.InboxFile} {
		if strings.HasPrefix(name, database) { // or its log
			return true
		}
	}
	return slices.Contains([]string{"files", KeysFile, CallbackFile, CertificatesDir, DemoFile}, name)
}

// move moves everything into the data directory.
func (r *Restorer) move(from string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		to := filepath.Join(r.DataDir, entry.Name())
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("%w: %s has appeared", ErrNotEmpty, to), err)
		}
		if err := os.Rename(filepath.Join(from, entry.Name()), to); err != nil {
			return err
		}
		r.did("moved")
	}
	return durable.SyncDir(r.DataDir)
}

func (r *Restorer) did(name string) {
	if r.step != nil {
		r.step(name)
	}
}
