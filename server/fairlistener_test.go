package server

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"garner/server/peer"
)

// fair accepts on loopback and returns the connections that it lets through.
func fair(t *testing.T, exempt func(netip.Addr) bool) (*fairListener, <-chan net.Conn) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, accepted := newFairListener(inner, exempt), make(chan net.Conn, inTotal)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	}()
	t.Cleanup(func() { l.Close() })
	return l, accepted
}

// dialFrom connects from an address of loopback.
func dialFrom(t *testing.T, l net.Listener, address string) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	conn, err := dialer.DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil { // only a broken listener takes so long
		t.Fatal(err)
	}
	return conn
}

// closed waits until the other side closes a connection.
func closed(conn net.Conn) bool {
	_, err := conn.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

func TestOneAddressHoldsSoManyConnectionsAndOthersAreStillServed(t *testing.T) {
	t.Parallel()
	l, accepted := fair(t, func(addr netip.Addr) bool { return addr == netip.MustParseAddr("127.0.0.3") })
	var held net.Conn
	for range perAddress {
		dialFrom(t, l, "127.0.0.2")
		held = <-accepted
	}
	if !closed(dialFrom(t, l, "127.0.0.2")) {
		t.Error("one connection too many is not closed")
	}
	dialFrom(t, l, "127.0.0.1")
	if got := peer.Addr((<-accepted).RemoteAddr().String()).String(); got != "127.0.0.1" {
		t.Errorf("accepted %s", got)
	}
	for range perAddress + 10 {
		dialFrom(t, l, "127.0.0.3")
		if got := peer.Addr((<-accepted).RemoteAddr().String()).String(); got != "127.0.0.3" {
			t.Fatalf("accepted %s", got)
		}
	}
	for range 2 { // a second Close gives back nothing
		_ = held.Close()
	}
	dialFrom(t, l, "127.0.0.2")
	if got := peer.Addr((<-accepted).RemoteAddr().String()).String(); got != "127.0.0.2" {
		t.Errorf("accepted %s", got)
	}
	if !closed(dialFrom(t, l, "127.0.0.2")) {
		t.Error("a place was given back twice")
	}
}

func TestAllAddressesTogetherHoldSoManyConnections(t *testing.T) {
	t.Parallel()
	l := newFairListener(nil, nil)
	for i := range inTotal {
		if !l.take(peer.Block(netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)}))) {
			t.Fatalf("connection %d is refused", i)
		}
	}
	last := peer.Block(netip.MustParseAddr("198.51.100.1"))
	if l.take(last) {
		t.Error("one more is let through")
	}
	l.release(peer.Block(netip.AddrFrom4([4]byte{203, 0, 0, 0})))
	if !l.take(last) || l.take(last) {
		t.Error("a place that was given back is not taken once")
	}
}

func TestAnAddressBlockIsOneIPv4AddressOrAnIPv6Network(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{"203.0.113.5": "203.0.113.5/32", "2001:db8:1:2:3::4": "2001:db8:1:2::/64"} {
		if got := peer.Block(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

func TestOnlyThisMachineAndTrustedProxiesHoldAnyNumberOfConnections(t *testing.T) {
	t.Parallel()
	s := &Server{Options: Options{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}}}
	for addr, want := range map[string]bool{"127.0.0.1": true, "::1": true, "10.0.0.9": true, "10.0.1.9": false,
		"192.168.1.2": false, "203.0.113.5": false, "": false} {
		if got := s.exempt(peer.Addr(addr)); got != want {
			t.Errorf("%q: %v", addr, got)
		}
	}
}
