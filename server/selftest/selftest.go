// Package selftest tests the public address as Garmin reaches it: by its name, over
// https on the standard port, without following redirects.
package selftest

import (
	"context"
	"crypto/x509"
	"net/netip"
	"net/url"
	"sync"
	"time"
)

// Test is what a line is about.
type Test string

// The tests, in the order of a report.
const (
	// Name resolves, to addresses that the internet can reach.
	Name Test = "name"
	// Port 443 answers.
	Port Test = "port"
	// TLS is 1.2 or newer.
	TLS Test = "tls"
	// Certificate is valid for the name, and its chain is complete.
	Certificate Test = "certificate"
	// Health is /healthz, answered by a Garner.
	Health Test = "health"
	// Identity is that of the very Garner that tests.
	Identity Test = "identity"
	// Callbacks reach Garner, and nothing before it answers them.
	Callbacks Test = "callbacks"
	// Plain is port 80, which takes no callbacks.
	Plain Test = "plain"
)

var tests = []Test{Name, Port, TLS, Certificate, Health, Identity, Callbacks, Plain}

// State is the result of a test.
type State string

// The results. A Warning is a problem only in some set-ups, or one that cannot be
// told from inside the network.
const (
	OK      State = "ok"
	Failed  State = "failed"
	Warning State = "warning"
	Skipped State = "skipped"
)

// Line is one test with its result.
type Line struct {
	Test  Test
	State State
	// What is the fact, one sentence.
	What string
	// Do is what to do about it; empty if State is OK.
	Do string
}

// Report has a line for each test.
type Report struct{ Lines []Line }

// State is the result of one test.
func (r Report) State(test Test) State {
	for _, line := range r.Lines {
		if line.Test == test {
			return line.State
		}
	}
	return Skipped
}

// Options say what to test.
type Options struct {
	// URL is the public address, such as https://garner.example.org.
	URL string
	// Roots are the authorities to trust; nil for those of the system.
	Roots *x509.CertPool
	// Probe is a token of Prober.New; empty to skip Identity.
	Probe string
}

const (
	// within limits the whole test.
	within = 10 * time.Second
	// dialWithin limits the wait for a connection.
	dialWithin = 4 * time.Second
)

// Run tests the public address. It connects only to the host of the address, and
// takes at most 10 seconds.
func Run(ctx context.Context, opts Options) Report { return run(ctx, opts, internet) }

func run(ctx context.Context, opts Options, on network) Report {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	t := &trial{opts: opts, on: on, found: map[Test]Line{}}
	if u, err := url.Parse(opts.URL); err != nil || u.Scheme != "https" || u.Hostname() == "" {
		t.say(Port, Failed, "The public address is not an https address, and Garmin calls no other.",
			"Set public_url to an address such as https://garner.example.org.")
	} else {
		t.base, t.host, t.port = "https://"+u.Host, u.Hostname(), u.Port()
		if t.port == "" {
			t.port = "443"
		}
		t.all(ctx)
	}
	return t.report()
}

// trial is one test of the address.
type trial struct {
	opts Options
	on   network
	// base is the address without a path.
	base, host, port string
	addrs            []netip.Addr
	// addr is the one of addrs that is used once one has answered.
	addr netip.Addr

	mu    sync.Mutex
	found map[Test]Line
}

// all runs the tests, each as far as those before it allow.
func (t *trial) all(ctx context.Context) {
	if !t.resolve(ctx) {
		return
	}
	var plain sync.WaitGroup
	plain.Go(func() { t.plain(ctx) })
	defer plain.Wait()
	if t.connect(ctx) && t.handshake(ctx) {
		t.requests(ctx)
	}
}

func (t *trial) say(test Test, state State, what, do string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.found[test] = Line{test, state, what, do}
}

func (t *trial) report() (r Report) {
	for _, test := range tests {
		line, ok := t.found[test]
		if !ok {
			line = Line{test, Skipped, skipped[test] + " was not tested, because an earlier test failed.",
				"Solve that first, then test again."}
		}
		r.Lines = append(r.Lines, line)
	}
	return r
}

// skipped names the tests in the sentence about those that were not run.
var skipped = map[Test]string{
	Name: "The name", Port: "The port", TLS: "The version of TLS", Certificate: "The certificate",
	Health: "Whether Garner answers", Identity: "Which Garner answers", Callbacks: "The way of callbacks",
	Plain: "Port 80",
}
