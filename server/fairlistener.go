package server

import (
	"net"
	"net/netip"
	"sync"

	"garner/server/peer"
)

// The most connections that one address, and all of them, may hold. More are
// closed at once, so that they neither keep others waiting nor use up what
// files and databases need.
const (
	perAddress = 256
	inTotal    = 4096
)

// fairListener limits how many connections are open.
type fairListener struct {
	net.Listener
	exempt func(netip.Addr) bool

	mu   sync.Mutex
	held map[netip.Prefix]int
	all  int
}

func newFairListener(l net.Listener, exempt func(netip.Addr) bool) *fairListener {
	return &fairListener{Listener: l, exempt: exempt, held: map[netip.Prefix]int{}}
}

// Accept implements net.Listener.
func (l *fairListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr := peer.Addr(conn.RemoteAddr().String())
		if l.exempt(addr) {
			return conn, nil
		}
		from := peer.Block(addr)
		if l.take(from) {
			return &heldConn{Conn: conn, release: sync.OnceFunc(func() { l.release(from) })}, nil
		}
		conn.Close() //nolint:errcheck // nothing was sent
	}
}

func (l *fairListener) take(from netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[from] >= perAddress || l.all >= inTotal {
		return false
	}
	l.held[from]++
	l.all++
	return true
}

func (l *fairListener) release(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.held[from]--; l.held[from] == 0 {
		delete(l.held, from)
	}
}

// heldConn gives its place back when it is closed.
type heldConn struct {
	net.Conn
	release func()
}

// Close implements net.Conn.
func (c *heldConn) Close() error {
	c.release()
	return c.Conn.Close()
}
