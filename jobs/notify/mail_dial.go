package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"
)

// mostSaid is how many bytes a server may say in all; a usual session has a
// few thousand.
const mostSaid = 1 << 20

// errSaid ends a session with a server that says more.
var errSaid = errors.New("the server said more than 1 MiB")

// timed is a connection whose end is the context's and no one else's. The
// library sets the deadline anew at each step, so that a slow server could
// stretch a mail for ever. Nor does the library bound a reply, so that one
// without end would take all memory: what is read has a limit here.
type timed struct {
	net.Conn
	left int // bytes that may still be read
}

// Read implements net.Conn.
func (t *timed) Read(p []byte) (int, error) {
	if t.left <= 0 {
		return 0, errSaid
	}
	n, err := t.Conn.Read(p[:min(len(p), t.left)])
	t.left -= n
	return n, err
}

// SetDeadline implements net.Conn, and does nothing.
func (*timed) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn, and does nothing.
func (*timed) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn, and does nothing.
func (*timed) SetWriteDeadline(time.Time) error { return nil }

// endIn ends the connection after some time, if its context does not earlier.
func (t *timed) endIn(after time.Duration) {
	_ = t.Conn.SetDeadline(time.Now().Add(after)) // a broken one ends by itself
}

// dial connects to the server, with TLS from the start where that is asked
// for. When ctx ends, what is read or written fails at once.
func (m Mail) dial(ctx context.Context, config *tls.Config) (net.Conn, *timed, error) {
	raw, err := dialer(mailWithin, m.tls() == tlsNone).DialContext(ctx, "tcp",
		net.JoinHostPort(m.Host, strconv.Itoa(m.Port)))
	if err != nil {
		return nil, nil, err
	}
	context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) }) // one that is closed needs none
	conn := &timed{Conn: raw, left: mostSaid}
	if m.tls() != tlsImplicit {
		return conn, conn, nil
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, nil, errors.Join(err, raw.Close())
	}
	return secure, conn, nil
}
