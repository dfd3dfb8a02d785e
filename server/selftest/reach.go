package selftest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"garner/server/peer"
)

// mostAddrs is how many addresses of the name are tested.
const mostAddrs = 8

// resolve looks the name up.
func (t *trial) resolve(ctx context.Context) bool {
	addrs, err := t.on.lookup(ctx, t.host)
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown) && unknown.IsNotFound, err == nil && len(addrs) == 0:
		t.say(Name, Failed, "The DNS has no address for "+t.host+".",
			"Add a DNS entry with the public address. A new one takes up to an hour to be seen everywhere.")
		return false
	case err != nil:
		t.say(Name, Failed, "The DNS does not answer for "+t.host+": "+reason(err)+".",
			"Check the internet connection and the DNS server of this machine.")
		return false
	}
	for _, addr := range addrs {
		if addr = addr.Unmap().WithZone(""); !slices.Contains(t.addrs, addr) && len(t.addrs) < mostAddrs {
			t.addrs = append(t.addrs, addr)
		}
	}
	private := slices.DeleteFunc(slices.Clone(t.addrs), peer.Public)
	if len(private) > 0 {
		t.say(Name, Warning, fmt.Sprintf("%s resolves to %s here, and Garmin cannot reach %s.", t.host, list(t.addrs),
			list(private)), "If only your own network gets this answer, test from a phone without Wi-Fi whether "+t.base+
			"/healthz opens. Otherwise let the DNS entry name the public address.")
		return true
	}
	t.say(Name, OK, t.host+" resolves to "+list(t.addrs)+".", "")
	return true
}

// list names addresses in a sentence.
func list(addrs []netip.Addr) string {
	var names []string
	for _, addr := range addrs {
		names = append(names, addr.String())
	}
	return strings.Join(names, " and ")
}

// connect tests whether the port answers on every address.
func (t *trial) connect(ctx context.Context) bool {
	var open, closed []netip.Addr
	var failure error
	for _, a := range t.try(ctx, t.port) {
		switch {
		case a.err == nil:
			open = append(open, a.addr)
		case noRoute(a.err) && len(t.addrs) > 1:
			// It says nothing about the address.
		default:
			closed, failure = append(closed, a.addr), a.err
		}
	}
	if len(open) > 0 {
		t.addr = open[0]
	}
	switch {
	case t.port != "443":
		t.say(Port, Failed, "The public address has port "+t.port+", and Garmin calls only port 443.",
			"Let the router, a proxy or a tunnel pass port 443 on, and remove the port from public_url.")
	case len(open) == 0:
		t.unanswered(closed, failure)
	case len(closed) > 0:
		t.say(Port, Warning, fmt.Sprintf("Port 443 answers on %s and not on %s: %s.", list(open), list(closed),
			reason(failure)), "Garmin may use either. Open the port there, too, or remove the address from the DNS.")
	default:
		t.say(Port, OK, "Port 443 answers on "+list(open)+".", "")
	}
	return len(open) > 0
}

// unanswered reports that no address answers. From behind a router this proves
// nothing.
func (t *trial) unanswered(closed []netip.Addr, failure error) {
	if len(closed) == 0 {
		t.say(Port, Failed, "This machine has no connection to "+list(t.addrs)+".", "Check its internet connection.")
		return
	}
	what := fmt.Sprintf("Port 443 does not answer on %s: %s.", list(closed), reason(failure))
	if slices.ContainsFunc(closed, t.behindRouter) {
		t.say(Port, Warning, what, "Forward port 443 of the router to this machine. Some routers cannot reach their own "+
			"public address from inside: test from a phone without Wi-Fi whether "+t.base+"/healthz opens.")
		return
	}
	t.say(Port, Failed, what, "Let garner serve or the proxy listen on port 443, and let the firewall pass it.")
}
