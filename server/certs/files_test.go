package certs_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/server/certs"
	"garner/server/certs/acmetest"
)

// files is a pair of files with a certificate for garner.example.org and 127.0.0.1.
type files struct {
	cert, key string
	ca        *acmetest.CA // that verifies the newest
}

func newFiles(t *testing.T) *files {
	dir := t.TempDir()
	return &files{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), ca: new(acmetest.CA)}
}

func (f *files) options(names ...string) certs.Options {
	return certs.Options{Mode: certs.Files, Names: names, CertFile: f.cert, KeyFile: f.key, Every: often}
}

// put writes a new pair and returns its serial.
func (f *files) put(t *testing.T, from, to time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, NotBefore: from, NotAfter: to, IsCA: true,
		BasicConstraintsValid: true, DNSNames: []string{"garner.example.org"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	f.ca.Roots = x509.NewCertPool()
	f.ca.Roots.AppendCertsFromPEM(text)
	write(t, f.cert, string(text))
	write(t, f.key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	return serial.String()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const ours = "garner.example.org"

func TestNewFilesAreLoadedAndBrokenOnesKeepTheOldCertificate(t *testing.T) {
	t.Parallel()
	f, d := newFiles(t), open(t)
	now := time.Now()
	first := f.put(t, now, now.Add(time.Hour))
	m, _ := d.start(t, f.options(ours))
	if got := d.certificate(t, f.ca, ours); got != first {
		t.Errorf("serial %s, not %s", got, first)
	}
	write(t, f.cert, "-----BEGIN CERT")
	until(t, "the failure", func() error {
		if s := state(t, m); !strings.Contains(s.Error, f.cert) || !s.Served {
			return errors.New("status says nothing of it")
		}
		return nil
	})
	if got := d.certificate(t, f.ca, ours); got != first {
		t.Error("a broken file replaced the certificate")
	}
	second := f.put(t, now, now.Add(2*time.Hour))
	until(t, "the new certificate", func() error {
		got, err := d.serial(f.ca, ours)
		if err == nil && got != second {
			err = errors.New("the first is still shown")
		}
		return err
	})
	if s := state(t, m); s.Error != "" || s.NotAfter.Before(now.Add(119*time.Minute)) {
		t.Errorf("%+v", s)
	}
}

func TestWithoutFilesTheListenerStaysUpUntilTheyCome(t *testing.T) {
	t.Parallel()
	f, d := newFiles(t), open(t)
	m, _ := d.start(t, f.options(ours))
	if s := state(t, m); s.Served || s.Missing.IsZero() || !strings.Contains(s.Error, f.key) {
		t.Errorf("%+v", s)
	}
	now := time.Now()
	f.put(t, now, now.Add(time.Hour))
	d.certificate(t, f.ca, ours)
}

func TestTheFilesCertificateIsForTheNamesItCovers(t *testing.T) {
	t.Parallel()
	f, d := newFiles(t), open(t)
	now := time.Now()
	f.put(t, now, now.Add(time.Hour))
	m, _ := d.start(t, f.options(ours, "other.example.org"))
	for name, covered := range map[string]bool{ours: true, "127.0.0.1": true, "other.example.org": false} {
		_, err := d.serial(f.ca, name)
		if refused := err != nil && strings.Contains(err.Error(), "remote error: tls:"); refused == covered {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := m.Status()
	if !s.Names[0].Served || s.Names[1].Served || s.Names[1].Missing.IsZero() || s.Names[1].Error == "" {
		t.Errorf("%+v", s)
	}
	got, err := d.dial(f.ca, &tls.Config{ServerName: ours, NextProtos: []string{"h2", "acme-tls/1", "http/1.1"}})
	if err != nil || got.NegotiatedProtocol != "http/1.1" {
		t.Errorf("%q %v", got.NegotiatedProtocol, err)
	}
}

func TestACertificateThatIsNotValidByThisClockIsReported(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for says, span := range map[string][2]time.Duration{
		"not valid before": {time.Hour, 2 * time.Hour},
		"expired at":       {-2 * time.Hour, -time.Hour},
	} {
		f, d := newFiles(t), open(t)
		f.put(t, now.Add(span[0]), now.Add(span[1]))
		m, _ := d.start(t, f.options(ours))
		s := state(t, m)
		if s.Served || !strings.Contains(s.Error, says) || !strings.Contains(s.Error, "this machine's clock says") ||
			s.ErrorAt.IsZero() || s.NotAfter.IsZero() {
			t.Errorf("%s: %+v", says, s)
		}
	}
}
