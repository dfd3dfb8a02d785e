package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"garner/db"
	"garner/db/durable"
)

// Maker makes the backups of a data directory.
type Maker struct {
	DataDir string
	// Dir is where backups are kept.
	Dir string
	// SecondDir is a second folder for them, of this data directory only; empty for none.
	SecondDir string
	Keep      Keep
	Zone      *time.Location // of days, weeks and months
	Version   string         // of the program
	// MinFree is how many bytes of the disks stay free.
	MinFree int64

	// step, in tests, is called after each step that a kill may follow.
	step func(name string)
}

// Result is a backup that was made and verified.
type Result struct {
	File     string // its path
	Size     int64  // bytes
	Manifest Manifest
	// Began and Ended are when it was made.
	Began, Ended time.Time
	// CopyFault is why it is not in the second place.
	CopyFault error
	// Warnings say what is missing in it, or could not be tidied.
	Warnings []string
}

// Between is called after each step, with the name of the work, and how many bytes of it
// are done. Its error ends the work.
type Between func(doing string, done, total int64) error

// Run makes a backup and verifies it. The backup gets a name by its time in Dir, and is
// copied to SecondDir; older ones are deleted by Keep. With a file, a path or a folder, it
// is put there instead, without a copy. Until it is verified there is no file of its name.
// A store, which may be nil, gets a record of it. Errors are ErrRunning, db.ErrFull,
// db.ErrNotSetUp and others.
func (m *Maker) Run(ctx context.Context, store *db.Store, cause Cause, file string, between Between) (r Result,
	err error) {
	release, err := lock(m.DataDir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, release()) }()
	began := time.Now()
	var id int64
	if store != nil {
		if id, err = store.BeginBackup(ctx, db.Backup{Cause: string(cause), File: file, Began: began}); err != nil {
			return r, err
		}
	}
	r, err = m.run(ctx, began, file, between)
	r.Began, r.Ended = began, time.Now()
	interrupted := ctx.Err() != nil && (err != nil || r.CopyFault != nil)
	if store != nil && !interrupted { // what was interrupted has no end
		entry := r.entry(id)
		if err != nil {
			entry.File, entry.Fault = file, err.Error()
		}
		err = errors.Join(err, store.EndBackup(ctx, entry))
	}
	return r, err
}

// Record records a backup that was made without a store.
func Record(ctx context.Context, store *db.Store, cause Cause, r Result) error {
	id, err := store.BeginBackup(ctx, db.Backup{Cause: string(cause), File: r.File, Began: r.Began})
	if err != nil {
		return err
	}
	return store.EndBackup(ctx, r.entry(id))
}

// entry is the record of a backup.
func (r *Result) entry(id int64) db.Backup {
	entry := db.Backup{ID: id, File: r.File, Ended: r.Ended, Size: r.Size, Secrets: r.Manifest.Secrets}
	if r.CopyFault != nil {
		entry.CopyFault = r.CopyFault.Error()
	}
	return entry
}

// run makes a backup without recording it.
func (m *Maker) run(ctx context.Context, now time.Time, file string, between Between) (r Result, err error) {
	dir, partial, err := m.begin(file)
	if err != nil {
		return r, err
	}
	r, err = m.write(ctx, now, partial, between)
	if err == nil {
		m.did("verified")
		if r.File = file; file == "" || dir == file {
			r.File = filepath.Join(dir, Name(now, r.Manifest.Secrets))
		}
		if err = os.Rename(partial, r.File); err == nil {
			m.did("renamed")
			err = durable.SyncDir(dir)
		}
	}
	if err != nil {
		return r, errors.Join(err, removeIfThere(partial))
	}
	if file == "" {
		m.afterwards(ctx, &r, between)
	}
	return r, nil
}

// begin returns the folder of a backup and the file that it is first written to, and
// deletes what killed runs have left. A folder of others may have partial files of others.
func (m *Maker) begin(file string) (dir, partial string, err error) {
	if err := tidy(m.DataDir); err != nil {
		return "", "", err
	}
	if file == "" {
		dir = m.Dir
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", "", err
		}
		return dir, filepath.Join(dir, partialPrefix+rand.Text()), tidy(dir)
	}
	if st, err := os.Stat(file); err == nil && st.IsDir() {
		dir, partial = file, filepath.Join(file, partialPrefix+rand.Text())
	} else {
		if err := replaceable(file); err != nil {
			return "", "", err
		}
		dir = filepath.Dir(file)
		partial = filepath.Join(dir, "."+filepath.Base(file)+".partial")
	}
	return dir, partial, removeIfThere(partial)
}

// replaceable returns ErrOther for a file that is there and is not a backup.
func replaceable(path string) error {
	st, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return fmt.Errorf("%s: %w", path, ErrOther)
	}
	b, err := Open(path)
	switch {
	case err == nil:
		return b.Close()
	case errors.Is(err, ErrNotBackup):
		return fmt.Errorf("%s: %w", path, ErrOther)
	case isReadFault(err):
		return nil // one that is damaged, of another version, or encrypted
	}
	return err
}

// write writes a backup to a file and verifies it.
func (m *Maker) write(ctx context.Context, now time.Time, partial string, between Between) (r Result, err error) {
	src, err := open(ctx, m.DataDir, m.Version, now)
	if err != nil {
		return r, err
	}
	r.Manifest, r.Warnings = src.manifest, src.warnings()
	keys, verifying, err := keysOf(src.recipient)
	if err == nil {
		err = m.roomToVerify(&src.manifest) // before anything is written
	}
	if err == nil {
		err = m.writeFile(ctx, src, partial, keys, between)
	}
	// Until here the logs of the databases could not restart.
	if err = errors.Join(err, src.Close()); err != nil {
		return r, err
	}
	m.did("written")
	b, err := Open(partial, verifying...)
	if err != nil {
		return r, fmt.Errorf("verify the backup: %w", err)
	}
	r.Size = b.Size
	if err := errors.Join(m.verify(ctx, b, between), b.Close()); err != nil {
		return r, fmt.Errorf("verify the backup: %w", err)
	}
	return r, nil
}

// keysOf returns the keys that a backup is encrypted to: the recovery key, and one that
// exists only until it has verified the file. Without a recovery key there are none.
func keysOf(recovery string) (to []age.Recipient, verifying []age.Identity, err error) {
	if recovery == "" {
		return nil, nil, nil
	}
	recipient, err := age.ParseX25519Recipient(recovery)
	if err != nil {
		return nil, nil, fmt.Errorf("the setting %s is not the recipient of a recovery key: make a new one by "+
			"garner recovery-key --replace", db.SettingRecipient)
	}
	once, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, nil, err
	}
	return []age.Recipient{recipient, once.Recipient()}, []age.Identity{once}, nil
}

func (m *Maker) writeFile(ctx context.Context, src *source, partial string, keys []age.Recipient,
	between Between) error {
	f, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	m.did("begun")
	a, err := newArchive(f, src.manifest.Time, keys...)
	if err == nil {
		err = a.write(ctx, src, m.watched(ctx, filepath.Dir(partial), "writing", between))
	}
	if err == nil {
		err = f.Sync()
	}
	return full(errors.Join(err, f.Close()))
}

// watched is between with a look at the free space of a folder's disk.
func (m *Maker) watched(ctx context.Context, dir, doing string, between Between) func(done, total int64) error {
	return func(done, total int64) error {
		m.did(doing)
		if free, err := db.Free(dir); err == nil && free < m.MinFree {
			return fmt.Errorf("%w: %s has %d MB left, and limits.min_free_bytes are to stay free", db.ErrFull, dir, free>>20)
		}
		return errors.Join(ctx.Err(), between(doing, done, total))
	}
}

// roomToVerify returns db.ErrFull if there is not the space to unpack a backup.
func (m *Maker) roomToVerify(of *Manifest) error {
	return roomFor("to verify a backup, Garner unpacks it, which", m.DataDir, of.Total()+m.MinFree)
}

// verify unpacks a backup into a folder that is private and temporary.
func (m *Maker) verify(ctx context.Context, b *Backup, between Between) error {
	if err := m.roomToVerify(&b.Manifest); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(m.DataDir, partialPrefix) // of mode 0700
	if err != nil {
		return err
	}
	err = b.Unpack(ctx, dir, m.watched(ctx, dir, "verifying", between))
	return full(errors.Join(err, os.RemoveAll(dir)))
}

// afterwards copies a backup to the second place, and deletes those that need not stay.
func (m *Maker) afterwards(ctx context.Context, r *Result, between Between) {
	if m.SecondDir != "" {
		r.CopyFault = m.copyTo(ctx, r.File, between)
	}
	if err := m.rotate(m.Dir); err != nil {
		r.Warnings = append(r.Warnings, "older backups were not deleted: "+err.Error())
	}
	if m.SecondDir != "" && r.CopyFault == nil {
		if err := m.rotate(m.SecondDir); err != nil {
			r.Warnings = append(r.Warnings, "older backups were not deleted: "+err.Error())
		}
	}
}

// rotate deletes the backups of a folder that need not stay.
func (m *Maker) rotate(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	for _, name := range Obsolete(names, m.Keep, m.zone()) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return err
		}
		m.did("deleted")
	}
	return durable.SyncDir(dir)
}

func (m *Maker) zone() *time.Location {
	if m.Zone == nil {
		return time.Local
	}
	return m.Zone
}

func (m *Maker) did(name string) {
	if m.step != nil {
		m.step(name)
	}
}

// warnings are what a backup lacks.
func (s *source) warnings() (out []string) {
	if !s.manifest.Secrets {
		out = append(out, "There is no recovery key, so the backup is not encrypted and no secret is in it: not the keys, "+
			"the callback secret, or certificates. After a restore everyone must reconnect. Make a recovery key by "+
			"garner recovery-key.")
	}
	if s.missing > 0 {
		out = append(out, fmt.Sprintf("%d activity files were missing in the data directory.", s.missing))
	}
	return out
}

// partialPrefix begins the names of what is not complete: a file that is being written, or
// a folder that a backup is unpacked into.
const partialPrefix = ".garner-backup-"

// tidyUnpacked deletes what killed runs have left in the data directory. An unpacked backup
// has people who were erased since. ErrRunning means that a run needs it.
func (m *Maker) tidyUnpacked() (err error) {
	release, err := lock(m.DataDir)
	if err != nil {
		return err
	}
	return errors.Join(tidy(m.DataDir), release())
}

// tidy deletes what killed runs have left in a folder.
func tidy(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), partialPrefix) {
			if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
