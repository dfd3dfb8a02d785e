package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// connectWithin limits dialling, and the handshake of TLS.
const connectWithin = 10 * time.Second

// allowlist dials the configured hosts, by host:port, and no other.
type allowlist map[string]*net.Dialer

func newAllowlist(addresses ...*url.URL) allowlist {
	a := allowlist{}
	for _, u := range addresses {
		accept := global
		if loopback(u.Hostname()) {
			accept = netip.Addr.IsLoopback
		}
		a[hostPort(u)] = &net.Dialer{Timeout: connectWithin, ControlContext: only(accept)}
	}
	return a
}

func (a allowlist) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer, ok := a[strings.ToLower(address)]
	if !ok {
		return nil, errors.New("refused to connect to a host that is not configured")
	}
	return dialer.DialContext(ctx, network, address)
}

// only refuses addresses just before connecting: a name can resolve to any, and to
// another the next time.
func only(accept func(netip.Addr) bool) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !accept(at.Addr()) {
			return fmt.Errorf("refused to connect to %s", address)
		}
		return nil
	}
}

// special are ranges that belong to no host on the internet, or that lead to IPv4
// addresses past the check of these (IANA, special-purpose address registries).
var special = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32",
	"2001:db8::/32", "2002::/16", "fec0::/10")

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// nat64 holds IPv4 addresses in its last four bytes (RFC 6052). Networks without
// IPv4 reach Garmin through it.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// global reports whether an address is one on the internet.
func global(ip netip.Addr) bool {
	if nat64.Contains(ip) {
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	if ip.Is4In6() || ip.Zone() != "" || !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, prefix := range special {
		if prefix.Contains(ip) {
			return false
		}
	}
	return true
}
