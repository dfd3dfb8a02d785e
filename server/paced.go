package server

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A sender may take ReadWithin for the first part of a body, and for the rest as long
// as it sends this many bytes a second.
const (
	slowestRate = 64 << 10
	pacedEvery  = 1 << 20
)

// pacedBody is a body whose deadline moves with what has arrived: a large one may
// take its time on a slow line, one that trickles is cut. The deadline of the response
// moves with it.
type pacedBody struct {
	io.Reader
	ctl    *http.ResponseController
	end    time.Time // without progress
	read   int64
	marked int64 // what was read when the deadline was last moved
}

func newPacedBody(w http.ResponseWriter, body io.Reader, within time.Duration) (*pacedBody, error) {
	b := &pacedBody{Reader: body, ctl: http.NewResponseController(w), end: time.Now().Add(within)}
	return b, b.move()
}

// Read reads a part, and moves the deadline with each MiB.
func (b *pacedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.read += int64(n); b.read-b.marked >= pacedEvery && err == nil {
		err = b.move()
	}
	return n, err
}

func (b *pacedBody) move() error {
	b.marked = b.read
	end := b.end.Add(time.Duration(b.read/slowestRate) * time.Second)
	err := b.ctl.SetReadDeadline(end)
	if b.read > 0 {
		err = errors.Join(err, b.ctl.SetWriteDeadline(end.Add(writeWithin)))
	}
	if errors.Is(err, http.ErrNotSupported) {
		return nil // of a writer without a connection
	}
	return err
}
