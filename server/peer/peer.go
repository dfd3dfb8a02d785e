// Package peer tells who is at the other end of a request, and how it came:
// directly, or through a proxy whose headers count.
package peer

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Peer is the other end of a request.
type Peer struct {
	// Addr is the client's address: that of the connection or, behind a trusted
	// proxy, the one that the proxy names. It is invalid if a trusted proxy
	// names none.
	Addr netip.Addr
	// Local is the address of this machine that was connected to.
	Local netip.Addr
	// HTTPS reports whether the client used TLS, with us or with a trusted proxy.
	HTTPS bool
	// Host is the name that the client asked for: lower case, without port and
	// brackets.
	Host string
	// Proxied reports whether the request has headers that proxies set. Anyone
	// can send them.
	Proxied bool
	// Trusted reports whether it came through a trusted proxy.
	Trusted bool
}

type key struct{}

// With puts the Peer of each request into its context. Headers of proxies count
// if the connection comes from a trusted network. Then the request's Host is
// the one that the proxy was asked for, too.
func With(trusted []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, host := read(r, trusted)
		r = r.WithContext(context.WithValue(r.Context(), key{}, p))
		r.Host = host
		next.ServeHTTP(w, r)
	})
}

// Of returns the Peer of a request by its context; the zero Peer, which is
// neither loopback nor private, without With.
func Of(ctx context.Context) Peer {
	p, _ := ctx.Value(key{}).(Peer)
	return p
}

// Loopback reports whether a request comes from this machine, directly.
func (p Peer) Loopback() bool {
	return p.Addr.IsLoopback() && loopbackHost(p.Host) && !p.Proxied
}

// Private reports whether the client is on this machine or in a private network.
// A client behind a proxy that is not trusted is unknown, so it is not.
func (p Peer) Private() bool {
	return p.near(p.Addr) && (p.Trusted || !p.Proxied)
}

// PublicHost reports whether Host is none that only this machine or a private
// network knows: it is not loopback, a private address, a single label, nor
// under .local or .home.arpa.
func (p Peer) PublicHost() bool {
	if addr, err := netip.ParseAddr(p.Host); err == nil {
		return !p.near(addr.Unmap().WithZone(""))
	}
	name := p.Host
	for _, suffix := range []string{".local", ".home.arpa"} {
		name = strings.TrimSuffix(name, suffix)
	}
	if name != p.Host { // names under these have any number of labels
		name = strings.ReplaceAll(name, ".", "-")
	}
	return name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != ""
}

// shared is the space for addresses behind a provider's NAT, which VPNs such as
// Tailscale use as well.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// near reports whether an address is on this machine or in a private network. An
// address behind a provider's NAT is a neighbor only where we have one, too.
func (p Peer) near(addr netip.Addr) bool {
	return addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() ||
		shared.Contains(addr) && shared.Contains(p.Local)
}

// Public reports whether the internet can reach an address.
func Public(addr netip.Addr) bool {
	return addr.IsGlobalUnicast() && !addr.IsPrivate() && !shared.Contains(addr)
}

func loopbackHost(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// read returns the Peer of a request, and the Host as the client sent it.
func read(r *http.Request, trusted []netip.Prefix) (p Peer, host string) {
	p = Peer{Addr: Addr(r.RemoteAddr), HTTPS: r.TLS != nil, Proxied: proxied(r.Header)}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		p.Local = Addr(local.String())
	}
	host = r.Host
	p.Trusted = p.Proxied && Contains(trusted, p.Addr)
	if p.Trusted {
		p.Addr = client(items(r.Header, "X-Forwarded-For"), trusted)
		if proto := last(items(r.Header, "X-Forwarded-Proto")); proto != "" {
			p.HTTPS = strings.EqualFold(proto, "https") // TLS between the proxy and us protects no client
		}
		if name := last(items(r.Header, "X-Forwarded-Host")); name != "" {
			host = name
		}
	}
	p.Host = name(host)
	return p, host
}

// client is the rightmost address that is not a trusted proxy: what stands left of
// it may be made up. If all are trusted, it is the first.
func client(passed []string, trusted []netip.Prefix) (addr netip.Addr) {
	for _, text := range slices.Backward(passed) {
		if addr = Addr(text); !Contains(trusted, addr) {
			break
		}
	}
	return addr
}

// Addr returns the address in a text such as 192.0.2.1, 192.0.2.1:80 or
// [2001:db8::1]:80, without a zone; invalid if there is none.
func Addr(text string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone("")
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// Block is the network that counts as one client: an IPv4 address, or the /64 of an
// IPv6 address, of which each customer has at least all addresses. It is invalid for
// no address.
func Block(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	block, _ := addr.Prefix(bits) // the bits are valid for the address
	return block
}

// Contains reports whether an address is in one of several networks.
func Contains(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// items returns the values of a header that is a list, from all its lines.
func items(h http.Header, name string) (out []string) {
	for _, line := range h.Values(name) {
		for item := range strings.SplitSeq(line, ",") {
			out = append(out, strings.TrimSpace(item))
		}
	}
	return out
}

// last is the item that the nearest proxy added.
func last(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return items[len(items)-1]
}

// name is a Host header without port and brackets.
func name(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.Trim(strings.ToLower(host), "[]")
}

// proxied reports whether a request has headers by which proxies and tunnels tell
// of themselves.
func proxied(h http.Header) bool {
	for name := range h {
		switch name {
		case "Forwarded", "Via", "X-Real-Ip", "Cf-Connecting-Ip":
			return true
		}
		if strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}
