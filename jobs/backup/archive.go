package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// archive writes the entries of a backup.
type archive struct {
	tar    *tar.Writer
	layers []io.Closer // outermost last
	at     time.Time
	sums   []sum
}

// newArchive begins a backup; it is encrypted if there are recipients.
func newArchive(to io.Writer, at time.Time, recipients ...age.Recipient) (*archive, error) {
	a := &archive{at: at}
	if len(recipients) > 0 {
		sealed, err := age.Encrypt(to, recipients...)
		if err != nil {
			return nil, err
		}
		a.layers, to = append(a.layers, sealed), sealed
	}
	packed, err := zstd.NewWriter(to, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(window))
	if err != nil {
		return nil, err
	}
	a.tar = tar.NewWriter(packed)
	a.layers = append([]io.Closer{a.tar, packed}, a.layers...)
	return a, nil
}

// window is that of the compression: reading needs as much memory.
const window = 1 << 20

// entry writes one entry of a known size.
func (a *archive) entry(name string, size int64, write func(io.Writer) error) error {
	if err := a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600,
		ModTime: a.at}); err != nil {
		return err
	}
	hash := sha256.New()
	if err := write(io.MultiWriter(a.tar, hash)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	a.sums = append(a.sums, sum{name, size, hex.EncodeToString(hash.Sum(nil))})
	return nil
}

func (a *archive) bytes(name string, content []byte) error {
	return a.entry(name, int64(len(content)), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func (a *archive) json(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return a.bytes(name, text)
}

// close writes the end.
func (a *archive) close() error {
	if err := a.json(endFile, end{a.sums}); err != nil {
		return err
	}
	for _, layer := range a.layers {
		if err := layer.Close(); err != nil {
			return err
		}
	}
	return nil
}

// write writes everything of a source.
func (a *archive) write(ctx context.Context, s *source, between func(done, total int64) error) error {
	if err := a.json(manifestFile, s.manifest); err != nil {
		return err
	}
	p := &progress{total: s.manifest.Total(), between: between}
	if err := a.database(ctx, s.garner, p); err != nil {
		return err
	}
	for _, f := range s.files {
		if err := a.activityFile(f, p); err != nil {
			return err
		}
	}
	if err := a.database(ctx, s.inbox, p); err != nil {
		return err
	}
	for i, o := range s.manifest.Others {
		if err := errors.Join(a.bytes(o.Name, s.others[i]), p.add(o.Size)); err != nil {
			return err
		}
	}
	return a.close()
}

func (a *archive) database(ctx context.Context, d *database, p *progress) error {
	return a.entry(d.name, d.Size(), func(w io.Writer) error {
		before := int64(0)
		return d.Write(ctx, w, func(done, _ int64) error {
			n := done - before
			before = done
			return p.add(n)
		})
	})
}

// progress counts the bytes of several entries.
type progress struct {
	done, total int64
	between     func(done, total int64) error
}

func (p *progress) add(n int64) error {
	p.done += n
	return p.between(p.done, p.total)
}
