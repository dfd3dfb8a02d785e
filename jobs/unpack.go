package jobs

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"garner/garmin"
)

// The maximum size of an unpacked body. Garmin documents no compression; the largest
// body that it asks us to take is 100 MB.
const maxUnpacked = 256 << 20

// unpacked decodes a Content-Encoding, up to a limit.
func unpacked(r io.Reader, encoding string) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		return &capped{r: &unzipped{from: &stored{r: r}}, left: maxUnpacked}, nil
	default:
		return nil, &garmin.UnreadableError{Err: fmt.Errorf("content encoding %q", encoding)}
	}
}

// stored keeps an error of the storage, which may be temporary, unlike a fault
// of the body.
type stored struct {
	r   io.Reader
	err error
}

func (s *stored) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// unzipped reads gzip. Its errors are faults of the body and permanent.
type unzipped struct {
	from *stored
	z    *gzip.Reader
}

func (u *unzipped) Read(p []byte) (n int, err error) {
	if u.z == nil {
		u.z, err = gzip.NewReader(u.from)
	}
	if err == nil {
		n, err = u.z.Read(p)
	}
	switch {
	case u.from.err != nil:
		return n, u.from.err
	case err == nil, err == io.EOF && u.z != nil:
		return n, err
	}
	return n, &garmin.UnreadableError{Err: fmt.Errorf("gzip: %w", plainly(err))}
}

// plainly rewords the error of an incomplete gzip.
func plainly(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the body ends too soon")
	}
	return err
}

// capped fails if a body unpacks to too much, instead of truncating it.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, &garmin.UnreadableError{Err: fmt.Errorf("unpacks to more than %d MiB", maxUnpacked>>20)}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left+1)]) // one more byte shows whether there is more
	if c.left -= int64(n); c.left < 0 {
		n--
	}
	return n, err
}
