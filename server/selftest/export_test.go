package selftest

import (
	"context"
	"net"
	"net/netip"
)

// RunOn runs the test where the internet is what these say.
func RunOn(ctx context.Context, opts Options, lookup func(context.Context, string) ([]netip.Addr, error),
	dial func(ctx context.Context, network, address string) (net.Conn, error), own ...netip.Addr) Report {
	return run(ctx, opts, network{lookup, dial, func() []netip.Addr { return own }})
}
