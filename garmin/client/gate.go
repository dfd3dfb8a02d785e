package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// mostHeader is how many bytes the header of an answer may have, and how many of the body
// of an unsuccessful answer are read.
const mostHeader = 64 << 10

// Gate is the only way out to one of Garmin's APIs: every request passes its limits and
// the circuit of its host. It follows no redirect, repeats no request, and reaches no
// host but its own: none on private networks, unless the address is literally loopback.
// It is safe for concurrent use.
type Gate struct {
	limits    Limits
	limiter   *rate.Limiter
	places    chan struct{} // one for each call at the same time; nil for any number
	transport http.RoundTripper
	circuits  map[string]*circuit // by host
	agent     string
}

// NewGate makes the way to the hosts of addresses. The log gets the changes of their
// circuits.
func NewGate(limits Limits, log *slog.Logger, addresses ...*url.URL) *Gate {
	g := &Gate{
		limits:   limits,
		limiter:  rate.NewLimiter(rate.Limit(limits.PerSecond), limits.Burst),
		circuits: map[string]*circuit{},
		agent:    agent(),
		transport: &http.Transport{
			DialContext:         newAllowlist(addresses...).dial, // and Proxy stays nil
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: connectWithin,
			// On a reused connection, the transport may repeat a request by itself. Garmin
			// counts requests of history and serves a file once.
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: mostHeader,
		},
	}
	if limits.Parallel > 0 {
		g.places = make(chan struct{}, limits.Parallel)
	}
	for _, u := range addresses {
		if g.circuits[u.Host] == nil {
			g.circuits[u.Host] = newCircuit(u.Host, log)
		}
	}
	return g
}

// agent is the User-Agent of all requests.
func agent() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return "Garner/" + info.Main.Version
	}
	return "Garner/development"
}

// Answer is a response of 2xx that was read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// ContentType is the media type in lower case, without parameters; empty if there is
// none.
func (a *Answer) ContentType() string {
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return "" // what it is shows in the bytes
	}
	return kind
}

// Send returns the whole answer, which must come within a time. The errors are a
// *StatusError if the answer is not 2xx, which includes redirects, ErrTooLarge if it has
// more than most bytes, unpacked, and ErrOpen. Others mean that no answer came: see
// MaybeSent. No text of an error has the address or a secret of the request.
func (g *Gate) Send(req *http.Request, within time.Duration, most int64) (*Answer, error) {
	c, ok := g.circuits[req.URL.Host]
	if !ok {
		return nil, notSent("refused to call a host that is not configured")
	}
	if err := g.enter(req.Context()); err != nil {
		return nil, err
	}
	defer g.leave()
	return c.run(func() (*Answer, error) { return g.exchange(req, within, most) })
}

// exchange sends the request once, and uses the transport itself: an http.Client
// would follow redirects and put the address into its errors.
func (g *Gate) exchange(req *http.Request, within time.Duration, most int64) (*Answer, error) {
	ctx, cancel := context.WithTimeout(req.Context(), within)
	defer cancel()
	var connected atomic.Bool
	out := req.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}))
	out.Header.Set("User-Agent", g.agent)
	a, err := g.receive(out, most)
	var status *StatusError
	if err == nil || errors.Is(err, ErrTooLarge) || errors.As(err, &status) {
		return a, err
	}
	text := clean(err.Error(), secretsOf(req))
	if ctx.Err() != nil && req.Context().Err() == nil {
		text = fmt.Sprintf("no complete answer within %s", within)
	}
	return nil, &callError{text: req.URL.Host + ": " + text, sent: connected.Load(), ended: req.Context().Err()}
}

// receive reads the answer. Its body comes from the transport unpacked.
func (g *Gate) receive(req *http.Request, most int64) (*Answer, error) {
	res, err := g.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		// What is missing of an error's text is missing in the message.
		body, _ := io.ReadAll(io.LimitReader(res.Body, mostHeader))
		return nil, newStatusError(res.StatusCode, res.Header, body, secretsOf(req))
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	switch {
	case int64(len(body)) > most:
		return nil, fmt.Errorf("%w: over %d bytes", ErrTooLarge, most)
	case err != nil:
		return nil, err
	}
	return &Answer{res.StatusCode, res.Header, body}, nil
}
