package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// Backup is a backup that is being read.
type Backup struct {
	Manifest Manifest
	// Size is that of the file in bytes.
	Size int64

	file     *os.File
	unpacked *zstd.Decoder
	tar      *tar.Reader
	sums     []sum
}

// The first bytes of a backup.
var (
	magicAge  = []byte("age-encryption.org/v1\n")
	magicZstd = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// Open opens a backup and reads its manifest. Errors are ErrHalf, ErrDamaged,
// ErrNotBackup, ErrNeedsKey, ErrWrongKey, ErrNewerFormat, ErrNewerSchema, or those of the
// disk.
func Open(path string, keys ...age.Identity) (*Backup, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b := &Backup{file: f}
	if err := b.begin(keys); err != nil {
		return nil, errors.Join(readFault(err), b.Close())
	}
	return b, nil
}

func (b *Backup) begin(keys []age.Identity) error {
	st, err := b.file.Stat()
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return ErrNotBackup
	}
	b.Size = st.Size()
	plain, err := decrypt(b.file, keys)
	if err != nil {
		return err
	}
	if b.unpacked, err = zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(8*window)); err != nil {
		return err
	}
	b.tar = tar.NewReader(b.unpacked)
	var text bytes.Buffer
	head, err := b.next(func(h *tar.Header) error {
		if h.Name != manifestFile || h.Size > maxManifest {
			return ErrNotBackup
		}
		return nil
	}, &text)
	if err != nil {
		return err
	}
	if head == nil {
		return ErrHalf
	}
	// A newer format may have another manifest.
	var form struct{ Format int }
	if err := json.Unmarshal(text.Bytes(), &form); err != nil {
		return fmt.Errorf("%w (manifest)", ErrDamaged)
	}
	if form.Format > format {
		return ErrNewerFormat
	}
	if err := json.Unmarshal(text.Bytes(), &b.Manifest); err != nil {
		return fmt.Errorf("%w (manifest)", ErrDamaged)
	}
	return b.Manifest.check()
}

// decrypt is the content of a file, decrypted where it is encrypted.
func decrypt(f *os.File, keys []age.Identity) (io.Reader, error) {
	head := make([]byte, len(magicAge))
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, magicZstd):
		return f, nil
	case !bytes.Equal(head, magicAge):
		if bytes.HasPrefix(magicAge, head) || bytes.HasPrefix(magicZstd, head) {
			return nil, ErrHalf // even of its first bytes
		}
		return nil, ErrNotBackup
	case len(keys) == 0:
		return nil, ErrNeedsKey
	}
	plain, err := age.Decrypt(f, keys...)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, ErrWrongKey
	}
	return plain, err
}

// Close closes the file.
func (b *Backup) Close() error {
	if b.unpacked != nil {
		b.unpacked.Close()
	}
	return b.file.Close()
}

// next reads the next entry into to, if accept takes it; nil at the end of the archive.
func (b *Backup) next(accept func(*tar.Header) error, to io.Writer) (*tar.Header, error) {
	head, err := b.tar.Next()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, readFault(err)
	}
	if head.Typeflag != tar.TypeReg || head.Size < 0 {
		return nil, fmt.Errorf("%w (an entry that is not a file)", ErrDamaged)
	}
	if err := accept(head); err != nil {
		return nil, err
	}
	hash := sha256.New()
	n, err := b.pass(to, hash)
	if err == nil && n != head.Size {
		err = ErrHalf
	}
	b.sums = append(b.sums, sum{head.Name, n, hex.EncodeToString(hash.Sum(nil))})
	return head, err
}

// pass passes an entry on. Only errors of reading are those of the backup.
func (b *Backup) pass(to io.Writer, hash hash.Hash) (n int64, err error) {
	buffer := make([]byte, 64<<10)
	for {
		read, err := b.tar.Read(buffer)
		hash.Write(buffer[:read])
		if _, failed := to.Write(buffer[:read]); failed != nil {
			return n, failed
		}
		n += int64(read)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, readFault(err)
		}
	}
}

// finish reads what comes after the last entry, so that the whole file was read and its
// hashes were compared.
func (b *Backup) finish(ctx context.Context) error {
	switch _, err := b.tar.Next(); {
	case err == nil:
		return fmt.Errorf("%w (something follows its end)", ErrDamaged)
	case !errors.Is(err, io.EOF):
		return readFault(err)
	}
	n, err := io.Copy(io.Discard, b.unpacked)
	if err != nil {
		return readFault(err)
	}
	if n > 0 {
		return fmt.Errorf("%w (something follows its end)", ErrDamaged)
	}
	return ctx.Err()
}
