// Package acmetest is an ACME authority in the process of a test.
package acmetest

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// Options are how a CA validates and issues.
type Options struct {
	// HTTPPort and TLSPort are where it connects to for the challenges HTTP-01 and
	// TLS-ALPN-01, on 127.0.0.1 for every name.
	HTTPPort, TLSPort int
	// Validity is of the certificates; 0 for 90 days.
	Validity time.Duration
}

// CA is Pebble, Let's Encrypt's authority for tests, on loopback.
type CA struct {
	// Directory is its URL, RootFile a file with the certificate that its own TLS is
	// verified by.
	Directory, RootFile string
	// Roots verify the certificates that it issues.
	Roots *x509.CertPool

	server *httptest.Server
	orders atomic.Int64
	down   atomic.Bool
	held   sync.RWMutex
}

// Orders is how many orders it received.
func (c *CA) Orders() int { return int(c.orders.Load()) }

// SetDown makes it close every connection, or accept them again.
func (c *CA) SetDown(down bool) {
	c.down.Store(down)
	c.server.CloseClientConnections()
}

// Hold makes it answer nothing until release is called, or the test ends.
func (c *CA) Hold(t testing.TB) (release func()) {
	c.held.Lock()
	release = sync.OnceFunc(c.held.Unlock)
	t.Cleanup(release)
	return release
}

// New starts an authority, which ends with the test.
func New(t testing.TB, opts Options) *CA {
	t.Helper()
	for key, value := range map[string]string{"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0",
		"PEBBLE_AUTHZREUSE": "0"} {
		if err := os.Setenv(key, value); err != nil { // not t.Setenv: tests may run in parallel
			t.Fatal(err)
		}
	}
	if opts.Validity == 0 {
		opts.Validity = 90 * 24 * time.Hour
	}
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1,
		map[string]ca.Profile{"default": {ValidityPeriod: uint64(opts.Validity / time.Second)}})
	validator := va.New(quiet, opts.HTTPPort, opts.TLSPort, false, resolver(t), store)
	front := wfe.New(quiet, store, validator, issuer, []string{"ca.example"}, false, false, 1, 1)
	c := &CA{Roots: x509.NewCertPool(), RootFile: filepath.Join(t.TempDir(), "ca.pem")}
	c.Roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	handler := front.Handler()
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/order-plz") && r.Method == http.MethodPost {
			c.orders.Add(1)
		}
		c.held.RLock()
		defer c.held.RUnlock()
		handler.ServeHTTP(w, r)
	}))
	c.server.Listener = &listener{c.server.Listener, &c.down}
	c.server.Config.ErrorLog = quiet
	c.server.StartTLS()
	t.Cleanup(c.server.Close)
	c.Directory = c.server.URL + wfe.DirectoryPath
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.server.Certificate().Raw})
	if err := os.WriteFile(c.RootFile, root, 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// listener closes what it accepts while it is down.
type listener struct {
	net.Listener
	down *atomic.Bool
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || !l.down.Load() {
			return conn, err
		}
		conn.Close() //nolint:errcheck // it is down
	}
}

// resolver is a DNS server by which every name is this machine; it returns its address.
func resolver(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
		answer := new(dns.Msg).SetReply(query)
		if q := query.Question[0]; q.Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{A: net.IPv4(127, 0, 0, 1),
				Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}}}
		}
		w.WriteMsg(answer) //nolint:errcheck // the asker went away
	})}
	go server.ActivateAndServe()            //nolint:errcheck // it ends with the test
	t.Cleanup(func() { server.Shutdown() }) //nolint:errcheck // the same
	return l.Addr().String()
}
