package certs

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// pair is a certificate and its key in files.
type pair struct {
	certFile, keyFile string
	every             time.Duration
	notes             *notes
	current           atomic.Pointer[tls.Certificate]
	seen              [sha256.Size]byte // of what the files contained
}

func newPair(opts *Options, notes *notes) *pair {
	p := &pair{certFile: opts.CertFile, keyFile: opts.KeyFile, every: opts.or(10 * time.Second), notes: notes}
	p.load()
	return p
}

func (p *pair) protocols() []string { return []string{"http/1.1"} }

func (p *pair) challenge(next http.Handler) http.Handler { return next }

// run reads the files again and again: comparing their contents finds every change,
// also behind links and within the resolution of file times.
func (p *pair) run(ctx context.Context) {
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.load()
		}
	}
}

// load takes the certificate if the files changed. If they do not contain a certificate
// and its key, the old one stays.
func (p *pair) load() {
	cert, err := os.ReadFile(p.certFile)
	key, keyErr := os.ReadFile(p.keyFile)
	err = errors.Join(err, keyErr)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%v", cert, key, err))
	if sum == p.seen {
		return
	}
	p.seen = sum
	var loaded tls.Certificate
	if err == nil {
		loaded, err = tls.X509KeyPair(cert, key)
	}
	if err != nil {
		p.notes.failed(anyName, fmt.Errorf("load %s and %s: %w", p.certFile, p.keyFile, err))
		return
	}
	p.current.Store(&loaded)
	p.notes.succeeded(anyName)
	p.notes.log.Info("certificate loaded", "file", p.certFile, "names", loaded.Leaf.DNSNames,
		"not_after", loaded.Leaf.NotAfter)
}

// get returns the certificate for the names it covers. A client that names none
// connected to an address.
func (p *pair) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := hello.ServerName
	if name == "" {
		host, _, err := net.SplitHostPort(hello.Conn.LocalAddr().String())
		if err != nil {
			return nil, err
		}
		name = host
	}
	current := p.current.Load()
	if current == nil {
		return nil, errors.New("no certificate is loaded")
	}
	return current, current.Leaf.VerifyHostname(name)
}

func (p *pair) leaf(name string) *x509.Certificate {
	if c := p.current.Load(); c != nil && c.Leaf.VerifyHostname(name) == nil {
		return c.Leaf
	}
	return nil
}

func (p *pair) lacks(name string) string {
	if p.current.Load() == nil {
		return ""
	}
	return fmt.Sprintf("the certificate in %s is not for %s", p.certFile, name)
}

func (p *pair) found() (names []string) {
	c := p.current.Load()
	if c == nil {
		return []string{p.certFile}
	}
	names = append(names, c.Leaf.DNSNames...)
	for _, ip := range c.Leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}
