package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"garner/db"
	"garner/db/filestore"
)

// source is everything that a backup contains, as of one instant.
type source struct {
	manifest      Manifest
	garner, inbox *database
	recipient     string // of the recovery key; empty for none
	files         []storedFile
	missing       int // activity files that garner.db names and that are not there
	others        [][]byte
}

type database struct {
	*db.Copying
	name string
}

// storedFile is an activity file on disk.
type storedFile struct {
	name, path string
	size       int64
}

// open opens a data directory for a backup. The databases are read as of now: garner.db
// first, so that inbox.db has every delivery that garner.db knows of.
func open(ctx context.Context, dataDir, version string, now time.Time) (*source, error) {
	s := &source{manifest: Manifest{Format: format, Version: version, Time: now.UTC().Truncate(time.Second),
		Databases: map[string]Database{}}}
	if err := s.read(ctx, dataDir); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *source) read(ctx context.Context, dataDir string) (err error) {
	if s.garner, err = s.begin(ctx, dataDir, db.GarnerFile); err != nil {
		return err
	}
	if s.inbox, err = s.begin(ctx, dataDir, db.InboxFile); err != nil {
		return err
	}
	if s.recipient, err = s.garner.Setting(ctx, db.SettingRecipient); err != nil {
		return err
	}
	s.manifest.Secrets = s.recipient != ""
	if err := s.findFiles(ctx, dataDir); err != nil {
		return err
	}
	return s.readOthers(dataDir)
}

func (s *source) begin(ctx context.Context, dataDir, name string) (*database, error) {
	c, err := db.Copy(ctx, filepath.Join(dataDir, name))
	if err != nil {
		return nil, err
	}
	rows, err := c.Counts(ctx)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	s.manifest.Databases[name] = Database{c.Schema, c.Size(), rows}
	return &database{c, name}, nil
}

// Close ends the reading of the databases.
func (s *source) Close() error {
	var err error
	for _, d := range []*database{s.garner, s.inbox} {
		if d != nil {
			err = errors.Join(err, d.Close())
		}
	}
	s.garner, s.inbox = nil, nil
	return err
}

// findFiles finds the activity files that garner.db names. One that is not there, or goes
// with an erasure, is left out.
func (s *source) findFiles(ctx context.Context, dataDir string) error {
	list, err := s.garner.Files(ctx)
	if err != nil {
		return err
	}
	store := filestore.In(dataDir)
	for _, f := range list {
		file := storedFile{path: store.Path(f.Person, f.SHA256)}
		file.name = path.Join("files", filepath.Base(filepath.Dir(file.path)), filepath.Base(file.path))
		st, err := os.Lstat(file.path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !st.Mode().IsRegular() {
			s.missing++
			continue
		}
		if err != nil {
			return err
		}
		file.size = st.Size()
		s.files = append(s.files, file)
		s.manifest.Files.Count++
		s.manifest.Files.Size += file.size
	}
	return nil
}

// readOthers reads the small files: the mark of a demo, and the secrets where the backup
// is encrypted.
func (s *source) readOthers(dataDir string) error {
	names := []string{DemoFile}
	if s.manifest.Secrets {
		names = append(names, KeysFile, CallbackFile)
		certificates, err := filesIn(dataDir, CertificatesDir)
		if err != nil {
			return err
		}
		names = append(names, certificates...)
	}
	s.manifest.Others = []Other{}
	for _, name := range names {
		if err := s.readOther(dataDir, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *source) readOther(dataDir, name string) error {
	f, err := os.Open(filepath.Join(dataDir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	content, err := io.ReadAll(io.LimitReader(f, maxOther+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if len(content) > maxOther || !s.manifest.mayBe(name) {
		return fmt.Errorf("%s cannot be in a backup: it has over 1 MiB, or a name that it should not have", name)
	}
	s.manifest.Others = append(s.manifest.Others, Other{name, int64(len(content))})
	s.others = append(s.others, content)
	return nil
}

// filesIn are the regular files in a folder of the data directory, with its name.
func filesIn(dataDir, folder string) (names []string, err error) {
	err = fs.WalkDir(os.DirFS(dataDir), folder, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && entry.IsDir() && name == CertificatesDir+"/locks" {
			return fs.SkipDir // of processes that run now
		}
		if err == nil && entry.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// activityFile writes one. A file that went since it was found is an empty entry: then it
// was erased, and a reader leaves it out.
func (a *archive) activityFile(f storedFile, p *progress) error {
	content, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.Join(a.bytes(f.name, nil), p.add(f.size))
	}
	if err != nil {
		return err
	}
	err = a.entry(f.name, f.size, func(w io.Writer) error {
		_, err := io.CopyN(w, content, f.size)
		return err
	})
	return errors.Join(err, content.Close(), p.add(f.size))
}
