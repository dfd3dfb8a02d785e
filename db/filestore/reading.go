package filestore

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// ErrDamaged means that the content of a file differs from what was kept.
var ErrDamaged = errors.New("the activity file is damaged")

// reading is an open file.
type reading struct {
	file     *os.File
	unpacked *zstd.Decoder
	sum      hash.Hash
	want     []byte
}

// Read implements io.Reader.
func (r *reading) Read(p []byte) (int, error) {
	n, err := r.unpacked.Read(p)
	r.sum.Write(p[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, fmt.Errorf("%w: %w", ErrDamaged, err)
	case !bytes.Equal(r.sum.Sum(nil), r.want):
		return n, ErrDamaged
	}
	return n, io.EOF
}

// Close implements io.Closer.
func (r *reading) Close() error {
	r.unpacked.Close()
	return r.file.Close()
}
