// Package filestore keeps activity files in the data directory: compressed, one folder
// for each person, named by the SHA-256 of their content.
package filestore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/klauspost/compress/zstd"

	"garner/db/durable"
)

// Store is the folder of all files.
type Store struct{ dir string }

// In returns the files of a data directory.
func In(dataDir string) Store { return Store{filepath.Join(dataDir, "files")} }

// Folder is where the files of a person are.
func (s Store) Folder(person int64) string {
	return filepath.Join(s.dir, strconv.FormatInt(person, 10))
}

// Path is where a file of a person is, by the hash of its content.
func (s Store) Path(person int64, sum []byte) string {
	return filepath.Join(s.Folder(person), hex.EncodeToString(sum)+".zst")
}

// Kept describes a file.
type Kept struct {
	SHA256 []byte // of its content
	Size   int64  // of its content
	Stored int64  // on disk
}

// Put keeps the content of a file of a person: it survives a loss of power when Put
// returns. The same content again is the same file.
func (s Store) Put(person int64, content io.Reader) (kept Kept, err error) {
	folder := s.Folder(person)
	if err := s.make(folder); err != nil {
		return Kept{}, fmt.Errorf("keep a file: %w", err)
	}
	tmp, err := os.CreateTemp(folder, "new-*") // of mode 0600
	if err != nil {
		return Kept{}, fmt.Errorf("keep a file: %w", err)
	}
	kept, err = pack(tmp, content)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), s.Path(person, kept.SHA256))
	}
	if err == nil {
		err = durable.SyncDir(folder)
	} else {
		err = errors.Join(err, os.Remove(tmp.Name()))
	}
	if err != nil {
		return Kept{}, fmt.Errorf("keep a file: %w", err)
	}
	return kept, nil
}

// make makes the folder of a person durable.
func (s Store) make(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return errors.Join(durable.SyncDir(s.dir), durable.SyncDir(filepath.Dir(s.dir)))
}

// pack writes the content compressed.
func pack(to *os.File, content io.Reader) (Kept, error) {
	packed, err := zstd.NewWriter(to, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return Kept{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(packed, sum), content)
	if err = errors.Join(err, packed.Close()); err != nil {
		return Kept{}, err
	}
	info, err := to.Stat()
	if err != nil {
		return Kept{}, err
	}
	return Kept{SHA256: sum.Sum(nil), Size: size, Stored: info.Size()}, nil
}

// Open reads the content of a file of a person. The error is fs.ErrNotExist if there is
// none. The content is compared with its hash at the end: reading one that has changed
// ends with ErrDamaged.
func (s Store) Open(person int64, sum []byte) (io.ReadCloser, error) {
	f, err := os.Open(s.Path(person, sum))
	if err != nil {
		return nil, err
	}
	unpacked, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &reading{file: f, unpacked: unpacked, sum: sha256.New(), want: sum}, nil
}
