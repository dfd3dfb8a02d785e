package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"garner/db"
	"garner/db/durable"
)

// Unpack unpacks the backup into an empty folder, and verifies everything: hashes, both
// databases as a whole, and how many rows they have. It can be called once. The files are
// durable when it returns. between is called now and then; its error ends it.
func (b *Backup) Unpack(ctx context.Context, dir string, between func(done, total int64) error) error {
	if err := roomFor("unpacking", dir, b.Manifest.Total()+spareBytes); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	u := &unpacking{Backup: b, root: root, folders: map[string]bool{".": true},
		progress: progress{total: b.Manifest.Total(), between: between}}
	err = errors.Join(u.all(ctx), root.Close())
	if err == nil {
		err = u.syncFolders(dir)
	}
	if err != nil {
		return err
	}
	for _, name := range []string{db.GarnerFile, db.InboxFile} {
		if err := b.Manifest.verify(ctx, dir, name); err != nil {
			return err
		}
	}
	return nil
}

// spareBytes are what unpacking leaves free.
const spareBytes = 16 << 20

// roomFor returns db.ErrFull if some work needs more bytes than the disk of a folder has
// free. If that cannot be read, writing fails when the disk is full.
func roomFor(work, dir string, need int64) error {
	if free, err := db.Free(dir); err == nil && free < need {
		return fmt.Errorf("%w: %s needs %d MB in %s, and %d MB are free", db.ErrFull, work, need>>20+1, dir, free>>20)
	}
	return nil
}

// verify compares a database with what is known of it.
func (m *Manifest) verify(ctx context.Context, dir, name string) error {
	version, rows, err := db.VerifyCopy(ctx, filepath.Join(dir, name))
	want := m.Databases[name]
	var newer *db.NewerSchemaError
	switch {
	case errors.As(err, &newer):
		return fmt.Errorf("%w (%s: %w)", ErrNewerSchema, name, err)
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case version != want.Schema || !maps.Equal(rows, want.Rows):
		return fmt.Errorf("%w (%s has not what its manifest says)", ErrDamaged, name)
	}
	return nil
}

// unpacking is the state of Unpack.
type unpacking struct {
	*Backup
	progress
	root      *os.Root
	folders   map[string]bool
	fileCount int
	fileBytes int64
}

func (u *unpacking) all(ctx context.Context) error {
	seen := map[string]bool{}
	for {
		last, err := u.entry(ctx, seen)
		if err != nil {
			return err
		}
		if last {
			break
		}
	}
	for name := range u.Manifest.Databases {
		if !seen[name] {
			return fmt.Errorf("%w (%s is missing)", ErrDamaged, name)
		}
	}
	for _, o := range u.Manifest.Others {
		if !seen[o.Name] {
			return fmt.Errorf("%w (%s is missing)", ErrDamaged, o.Name)
		}
	}
	if u.fileCount != u.Manifest.Files.Count {
		return fmt.Errorf("%w (%d of %d activity files)", ErrDamaged, u.fileCount, u.Manifest.Files.Count)
	}
	return u.finish(ctx)
}

// entry unpacks the next one, and reports whether it was the last.
func (u *unpacking) entry(ctx context.Context, seen map[string]bool) (last bool, err error) {
	to := &lazyFile{root: u.root}
	var text bytes.Buffer
	var into io.Writer = &progressWriter{to, &u.progress}
	before := len(u.sums)
	head, err := u.next(func(h *tar.Header) error {
		if h.Name == endFile {
			into = &text
			return u.acceptEnd(h)
		}
		if seen[h.Name] {
			return fmt.Errorf("%w (an entry comes twice)", ErrDamaged)
		}
		seen[h.Name] = true
		to.name = h.Name
		return errors.Join(ctx.Err(), u.accept(h))
	}, writerFunc(func(p []byte) (int, error) { return into.Write(p) }))
	switch {
	case err != nil:
		return false, errors.Join(err, to.discard())
	case head == nil:
		return false, ErrHalf
	case head.Name != endFile:
		return false, to.close(head.Size > 0 || !activityFile.MatchString(head.Name))
	}
	var e end
	if err := json.Unmarshal(text.Bytes(), &e); err != nil || !slices.Equal(e.Entries, u.sums[:before]) {
		return false, fmt.Errorf("%w (its entries are not those that were written)", ErrDamaged)
	}
	return true, nil
}

func (u *unpacking) acceptEnd(h *tar.Header) error {
	if h.Size > int64(len(u.sums)+1)*1024 {
		return fmt.Errorf("%w (list of entries)", ErrDamaged)
	}
	return nil
}

// accept takes an entry that the manifest knows, of its size, and makes its folder.
func (u *unpacking) accept(h *tar.Header) error {
	size, exact, ok := u.Manifest.sizeOf(h.Name)
	if !ok || h.Size > size || exact && h.Size != size {
		return fmt.Errorf("%w (%q is not in its manifest)", ErrDamaged, h.Name)
	}
	if !exact {
		u.fileCount++
		if u.fileBytes += h.Size; u.fileBytes > u.Manifest.Files.Size {
			return fmt.Errorf("%w (more activity files than in its manifest)", ErrDamaged)
		}
	}
	folder := path.Dir(h.Name)
	if u.folders[folder] {
		return nil
	}
	for dir := folder; !u.folders[dir]; dir = path.Dir(dir) {
		u.folders[dir] = true
	}
	return u.root.MkdirAll(filepath.FromSlash(folder), 0o700)
}

// syncFolders makes the lists of files durable.
func (u *unpacking) syncFolders(dir string) error {
	for folder := range u.folders {
		if err := durable.SyncDir(filepath.Join(dir, filepath.FromSlash(folder))); err != nil {
			return err
		}
	}
	return nil
}

// lazyFile is a new file that is made with its first byte, or when it is closed.
type lazyFile struct {
	root *os.Root
	name string
	f    *os.File
}

func (l *lazyFile) make() (err error) {
	if l.f == nil {
		l.f, err = l.root.OpenFile(filepath.FromSlash(l.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	return err
}

// Write implements io.Writer.
func (l *lazyFile) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := l.make(); err != nil {
		return 0, err
	}
	return l.f.Write(p)
}

// close makes the file durable; without keep there is none if nothing was written.
func (l *lazyFile) close(keep bool) error {
	if !keep && l.f == nil {
		return nil
	}
	if err := l.make(); err != nil {
		return err
	}
	return errors.Join(l.f.Sync(), l.f.Close())
}

func (l *lazyFile) discard() error {
	if l.f == nil {
		return nil
	}
	return l.f.Close()
}

type writerFunc func(p []byte) (int, error)

// Write implements io.Writer.
func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// progressWriter counts what is written.
type progressWriter struct {
	to io.Writer
	p  *progress
}

// Write implements io.Writer.
func (w *progressWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err == nil {
		err = w.p.add(int64(n))
	}
	return n, err
}
