package notify

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// loopback reports whether a host's name means this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

// dialer dials with a time limit. With stay, for unencrypted connections, it refuses
// any address but loopback: it checks the address itself, since a name can
// resolve to any.
func dialer(within time.Duration, stay bool) *net.Dialer {
	d := &net.Dialer{Timeout: within}
	if stay {
		d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			if at, err := netip.ParseAddrPort(address); err != nil || !at.Addr().Unmap().IsLoopback() {
				return fmt.Errorf("%s is not this machine, and nothing is sent elsewhere without TLS", address)
			}
			return nil
		}
	}
	return d
}
