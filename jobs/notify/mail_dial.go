package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"
)

// timed is a connection whose end is the context's and nobody else's. The
// library sets the deadline anew at each step, so that a slow server could
// stretch a mail for ever.
type timed struct{ net.Conn }

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
	raw, err := dialer(mailWithin, m.tls() == tlsNone).DialContext(ctx, "tcp", net.JoinHostPort(m.Host, strconv.Itoa(m.Port)))
	if err != nil {
		return nil, nil, err
	}
	context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) }) // one that is closed needs none
	conn := &timed{raw}
	if m.tls() != tlsImplicit {
		return conn, conn, nil
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, nil, errors.Join(err, raw.Close())
	}
	return secure, conn, nil
}
