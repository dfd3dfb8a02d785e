package cli

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/health/alert"
	"garner/server/certs/acmetest"
)

// certified is a configuration for ACME, and the listener that answers its challenges.
func certified(t *testing.T) (config.Config, net.Listener) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	ca := acmetest.New(t, acmetest.Options{HTTPPort: 1, TLSPort: port})
	cfg := config.Default()
	cfg.DataDir, cfg.PublicURL = t.TempDir(), "https://garner.example.org"
	cfg.Hosts = []string{"www.example.org", "nas", "nas.local", "192.168.1.2", "Garner.example.org"}
	cfg.ListenHTTPS, cfg.ListenHTTP = l.Addr().String(), l.Addr().String()
	cfg.TLS = config.TLS{Mode: "acme", CA: ca.Directory, CARoot: ca.RootFile}
	return cfg, l
}

func said(list []finding) string {
	var out strings.Builder
	for _, f := range list {
		fmt.Fprintln(&out, f.mark, f.text)
	}
	return out.String()
}

func TestCheckReadsTheCertificatesThatServeObtained(t *testing.T) {
	t.Parallel()
	cfg, l := certified(t)
	now := time.Now()
	if got := said(checkCertificate(cfg, now)); !strings.Contains(got, "for garner.example.org, www.example.org\n") ||
		strings.Count(got, "ok certificate for ") != 2 || strings.Count(got, "none yet; garner serve obtains it") != 2 {
		t.Errorf("before: %s", got)
	}
	if left, err := os.ReadDir(cfg.DataDir); err != nil || len(left) > 0 {
		t.Errorf("check left %v, %v", left, err)
	}
	m, status, err := certificates(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: tls.NewListener(l, m.TLSConfig()), Config: &http.Server{
		Handler: http.NotFoundHandler(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}}
	server.Start()
	defer server.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	for slices.ContainsFunc(status(), func(c alert.Certificate) bool { return c.NotAfter.IsZero() }) {
		<-time.After(10 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]string{
		1:  "ok certificate for www.example.org: ends ",
		70: "days left: 19; it should have been renewed: check that the DNS entry",
		91: "!! certificate for garner.example.org: the certificate expired at ",
	} {
		if got := said(checkCertificate(cfg, now.Add(12*time.Hour).AddDate(0, 0, days))); !strings.Contains(got, want) {
			t.Errorf("after %d days it lacks %q: %s", days, want, got)
		}
	}
	if facts := status(); len(facts) != 2 || facts[0].Name != "garner.example.org" {
		t.Errorf("%+v", facts)
	}
}

func TestCheckSaysWhatIsWrongWithTheCertificatesFiles(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.PublicURL = "https://garner.example.org"
	cfg.TLS = config.TLS{Mode: "files", CertFile: filepath.Join(t.TempDir(), "none.pem"), KeyFile: "none"}
	got := said(checkCertificate(cfg, time.Now()))
	if !strings.Contains(got, "!! certificate for garner.example.org: load "+cfg.TLS.CertFile) ||
		!strings.Contains(got, "replace tls.cert_file") {
		t.Error(got)
	}
	cfg.TLS.Mode = "off"
	if m, status, err := certificates(cfg, slog.New(slog.DiscardHandler)); m != nil || status != nil || err != nil {
		t.Errorf("off: %v, %v", m, err)
	}
	if got := said(checkCertificate(cfg, time.Now())); !strings.HasPrefix(got, "ok tls.mode is off") {
		t.Error(got)
	}
}
