package certs_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"garner/server/certs"
	"garner/server/certs/acmetest"
)

// often is how often a Manager looks in tests.
const often = 50 * time.Millisecond

// doors are a machine's listeners for HTTP and TLS, with pages behind them and the
// certificates of the manager that runs.
type doors struct {
	plain, tls net.Listener
	running    atomic.Pointer[certs.Manager]
}

const page = "page"

func open(t *testing.T) *doors {
	t.Helper()
	d := &doors{plain: listen(t), tls: listen(t)}
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) })
	challenge := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.running.Load().Challenge(pages).ServeHTTP(w, r)
	})
	now := &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return d.running.Load().TLSConfig(), nil
	}}
	for _, s := range []*httptest.Server{{Listener: d.plain, Config: &http.Server{Handler: challenge}},
		{Listener: tls.NewListener(d.tls, now), Config: &http.Server{Handler: pages}}} {
		s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
		s.Start()
		t.Cleanup(s.Close)
	}
	return d
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// nowhere is a port on which nothing listens.
const nowhere = 1

func (d *doors) options(t *testing.T, ca *acmetest.CA, names ...string) certs.Options {
	return certs.Options{Mode: certs.ACME, Names: names, CA: ca.Directory, CARoot: ca.RootFile,
		Dir: filepath.Join(t.TempDir(), "certificates"), HTTPPort: port(d.plain), TLSALPNPort: port(d.tls), Every: often}
}

// start runs a new Manager behind both doors. stop ends it.
func (d *doors) start(t *testing.T, opts certs.Options) (m *certs.Manager, stop func()) {
	t.Helper()
	m, err := certs.New(opts, slog.New(slog.NewTextHandler(&testLog{t: t}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	d.running.Store(m)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return m, stop
}

// testLog writes to a test's log.
type testLog struct{ t *testing.T }

func (l *testLog) Write(p []byte) (int, error) {
	if l.t.Context().Err() == nil {
		l.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

// dial makes a handshake and returns its state.
func (d *doors) dial(ca *acmetest.CA, config *tls.Config) (tls.ConnectionState, error) {
	config.RootCAs = ca.Roots
	conn, err := tls.Dial("tcp", d.tls.Addr().String(), config)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	return conn.ConnectionState(), conn.Close()
}

// serial is that of the certificate for a name; an error if none is shown.
func (d *doors) serial(ca *acmetest.CA, name string) (string, error) {
	state, err := d.dial(ca, &tls.Config{ServerName: name})
	if err != nil {
		return "", err
	}
	return state.PeerCertificates[0].SerialNumber.String(), nil
}

// until asks until it holds, for a minute at most.
func until(t *testing.T, what string, holds func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		err := holds()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		case <-time.After(often):
		}
	}
}

// certificate waits for the certificate of a name and returns its serial.
func (d *doors) certificate(t *testing.T, ca *acmetest.CA, name string) (serial string) {
	t.Helper()
	until(t, "a certificate for "+name, func() (err error) {
		serial, err = d.serial(ca, name)
		return err
	})
	return serial
}

// state returns that of the only name.
func state(t *testing.T, m *certs.Manager) certs.Name {
	t.Helper()
	s := m.Status()
	if len(s.Names) != 1 {
		t.Fatal(fmt.Sprint(s))
	}
	return s.Names[0]
}
