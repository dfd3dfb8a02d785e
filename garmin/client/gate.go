package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	// mostHeader is how many bytes the header of an answer may have, and how many
	// of the body of an unsuccessful answer are read.
	mostHeader = 64 << 10
	// patience is how long a call waits for its turn before it is refused.
	patience = 5 * time.Second
)

// gate is the only way out: every request passes its limiter and the circuit of
// its host.
type gate struct {
	transport http.RoundTripper
	limiter   *rate.Limiter
	circuits  map[string]*circuit // by host
	agent     string
}

func newGate(log *slog.Logger, addresses ...*url.URL) *gate {
	g := &gate{
		// Ten calls a second are far more than live data need, and keep the fetches
		// after a long downtime from coming all at once.
		limiter:  rate.NewLimiter(10, 20),
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

// answer is a response of 2xx that was read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send returns the whole answer, or an error: a *StatusError if it is not 2xx, which
// includes redirects. The limit of bytes is for the unpacked body.
func (g *gate) send(req *http.Request, within time.Duration, most int64) (*answer, error) {
	c, ok := g.circuits[req.URL.Host]
	if !ok {
		return nil, notSent("refused to call a host that is not configured")
	}
	if err := g.wait(req.Context()); err != nil {
		return nil, err
	}
	return c.run(func() (*answer, error) { return g.exchange(req, within, most) })
}

// wait waits for the request's turn.
func (g *gate) wait(ctx context.Context) error {
	turn := g.limiter.Reserve()
	delay := turn.Delay()
	if delay > patience {
		turn.Cancel()
		return &OpenError{Until: time.Now().Add(delay)}
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		turn.Cancel()
		return &callError{text: "not called: " + ctx.Err().Error(), ended: ctx.Err()}
	}
}

// exchange sends the request once, and uses the transport itself: an http.Client
// would follow redirects and put the address into its errors.
func (g *gate) exchange(req *http.Request, within time.Duration, most int64) (*answer, error) {
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
func (g *gate) receive(req *http.Request, most int64) (*answer, error) {
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
	return &answer{res.StatusCode, res.Header, body}, nil
}
