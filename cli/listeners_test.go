package cli

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/db"
)

// ownCertificate is a certificate source with a self-signed certificate.
type ownCertificate struct {
	config *tls.Config
	ran    chan struct{} // closed when Run has ended
}

func newOwnCertificate(t *testing.T) *ownCertificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"garner.example.org"},
		NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return &ownCertificate{&tls.Config{Certificates: []tls.Certificate{certificate}}, make(chan struct{})}
}

func (c *ownCertificate) TLSConfig() *tls.Config { return c.config }

func (c *ownCertificate) Challenge(next http.Handler) http.Handler { return next }

func (c *ownCertificate) Run(ctx context.Context) error {
	<-ctx.Done()
	close(c.ran)
	return nil
}

// tlsConfig listens on three free ports.
func tlsConfig() config.Config {
	cfg := config.Default()
	cfg.Listen, cfg.ListenHTTPS, cfg.ListenHTTP = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	cfg.TLS.Mode = "acme"
	return cfg
}

func TestNothingListensIfOneAddressCannotBeOpened(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := tlsConfig()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Listen, cfg.ListenHTTP = free.Addr().String(), taken.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := listen(cfg, newOwnCertificate(t)); err == nil || !strings.Contains(err.Error(), cfg.ListenHTTP) {
		t.Errorf("got %v", err)
	}
	again, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		t.Fatalf("the first address is still open: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestHTTPSIsNotOpenedWithoutCertificates(t *testing.T) {
	t.Parallel()
	if _, err := listen(tlsConfig(), nil); err == nil || !strings.Contains(err.Error(), "no certificates") {
		t.Errorf("got %v", err)
	}
}

func TestAFullDiskIsAnsweredOverHTTPSTooAndTheListenersArePassedOn(t *testing.T) {
	t.Parallel()
	source := newOwnCertificate(t)
	l, err := listen(tlsConfig(), source)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := l.certify(t.Context(), slog.New(slog.DiscardHandler))
	roots := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(source.config.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(leaf)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "garner.example.org"}}}
	statusOf := func(url string) int {
		resp, err := client.Post(url, "", strings.NewReader("{}"))
		if err != nil {
			t.Error(err)
			return 0
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		return resp.StatusCode
	}
	tries := 0
	err = whenRoom(t.Context(), tlsConfig(), l, slog.New(slog.DiscardHandler), func() error {
		if tries++; tries == 1 {
			return db.ErrFull
		}
		for _, url := range []string{l.address(), "https://" + l.tls.Addr().String()} {
			if status := statusOf(url + "/garmin/x/dailies"); status != http.StatusServiceUnavailable {
				t.Errorf("%s: %d", url, status)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// The next server takes over the same listeners.
	on := l.open()
	srv := &http.Server{Handler: http.NotFoundHandler(), TLSConfig: on.Config, ReadHeaderTimeout: time.Second}
	ended := make(chan error, 2)
	go func() { ended <- srv.Serve(on.Plain) }()
	go func() { ended <- srv.ServeTLS(on.TLS, "", "") }()
	for _, url := range []string{l.address(), "https://" + l.tls.Addr().String()} {
		if status := statusOf(url); status != http.StatusNotFound {
			t.Errorf("%s afterwards: %d", url, status)
		}
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	<-ended
	<-ended
	done()
	<-source.ran
}

func TestCheckTriesEveryAddress(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := tlsConfig()
	cfg.DataDir, cfg.ListenHTTPS = t.TempDir(), taken.Addr().String()
	got := checkPorts(cfg)
	if len(got) != 3 || got[0].mark != good || got[1].mark != bad || got[2].mark != good ||
		!strings.Contains(got[1].text, "choose another listen_https") {
		t.Errorf("got %+v", got)
	}
}

// A command for the service has its user and not its privilege.
func TestCheckOfAPrivilegedPortAsksWhetherGarnerHoldsIt(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := tlsConfig()
	cfg.DataDir = t.TempDir()
	check := func() finding { return checkPrivileged(cfg, "listen_https", l.Addr().String()) }
	if got := check(); got.mark != unset || !strings.Contains(got.text, "CAP_NET_BIND_SERVICE") {
		t.Errorf("before the start: %+v", got)
	}
	release, err := lockToServe(t.Context(), cfg.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	if got := check(); got.mark != good {
		t.Errorf("while garner serves: %+v", got)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if got := check(); got.mark != bad || !strings.Contains(got.text, "restart") {
		t.Errorf("with an address that garner does not use yet: %+v", got)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
}

func TestLocalAddressesOfAnyListenerCanBeReached(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", ":8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://127.0.0.1:80",
		"[::]:8080": "http://127.0.0.1:8080", "192.168.1.2:8080": "http://192.168.1.2:8080", "[::1]:1": "http://[::1]:1",
	} {
		if got := localURL(config.Config{Listen: listen}); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}
