package selftest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"

	"garner/server/peer"
)

// network is what a test needs of the network.
type network struct {
	lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	// own are the addresses of this machine.
	own func() []netip.Addr
}

var internet = network{
	lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	},
	dial: new(net.Dialer).DialContext,
	own:  ownAddrs,
}

// ownAddrs are the addresses of the interfaces; none if they cannot be read.
func ownAddrs() (out []netip.Addr) {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range list {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			out = append(out, prefix.Addr().Unmap())
		}
	}
	return out
}

// behindRouter reports whether an address can only be that of a router before this
// machine, which itself has none that the internet can reach.
func (t *trial) behindRouter(addr netip.Addr) bool {
	return peer.Public(addr) && !slices.ContainsFunc(t.on.own(), func(own netip.Addr) bool {
		return own.Is4() == addr.Is4() && peer.Public(own)
	})
}

// attempt is a connection to one address.
type attempt struct {
	addr netip.Addr
	err  error
}

// try connects to a port of each address, and ends the connections.
func (t *trial) try(ctx context.Context, port string) []attempt {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	out := make([]attempt, len(t.addrs))
	var all sync.WaitGroup
	for i, addr := range t.addrs {
		all.Go(func() {
			conn, err := t.on.dial(ctx, "tcp", net.JoinHostPort(addr.String(), port))
			if err == nil {
				err = conn.Close()
			}
			out[i] = attempt{addr, err}
		})
	}
	all.Wait()
	return out
}

// reply is the answer to a request, or err.
type reply struct {
	status   int
	location string // the host that it redirects to
	body     string // its beginning
	err      error
}

// mostBody is how many bytes of an answer, and of its header, are read.
const mostBody = 64 << 10

// client returns a client that connects to one address for every name, uses no
// proxy and follows no redirects.
func (t *trial) client(addr netip.Addr) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				_, port, err := net.SplitHostPort(address)
				if err != nil {
					return nil, err
				}
				return t.on.dial(ctx, network, net.JoinHostPort(addr.String(), port))
			},
			TLSClientConfig:        &tls.Config{RootCAs: t.opts.Roots, MinVersion: tls.VersionTLS12},
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: mostBody,
		},
	}
}

// ask sends a request.
func ask(ctx context.Context, client *http.Client, method, address, body string) reply {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return reply{err: err}
	}
	req.Header.Set("User-Agent", "garner")
	if body != "" {
		req.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	res, err := client.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer res.Body.Close()
	// An answer that ends early still has a status, which is all that most tests need.
	text, _ := io.ReadAll(io.LimitReader(res.Body, mostBody))
	r := reply{status: res.StatusCode, body: string(text), location: "another address"}
	if to, err := res.Location(); err == nil && to.Host != "" {
		r.location = to.Scheme + "://" + to.Host
	}
	return r
}

// reason is why a connection failed, in words.
func reason(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var op *net.OpError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return "it does not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "it refuses the connection"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "it ends the connection"
	case errors.As(err, &op):
		return op.Err.Error()
	}
	return err.Error()
}

func timedOut(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// noRoute reports whether this machine itself has no way to an address, such as
// one without IPv6.
func noRoute(err error) bool {
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) ||
		errors.Is(err, syscall.EAFNOSUPPORT)
}
