// Package certs has the TLS certificates: obtained and renewed by ACME, or read
// from files. Certificates are only for configured names, never on demand, and
// the server starts before it has one.
package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"
)

// The modes.
const (
	ACME  = "acme"
	Files = "files"
)

// Options are where certificates come from.
type Options struct {
	// Mode is ACME or Files.
	Mode string
	// Names are the host names, without ports. In the mode ACME each gets a certificate.
	// In the mode Files they only are what Status reports; empty for the names of the
	// certificate.
	Names []string
	// Email is the contact for the authority; empty for none.
	Email string
	// CA is the directory URL of the authority; empty for Let's Encrypt. CARoot is
	// a PEM file with the certificate that the authority's own TLS is verified by;
	// empty for the system's.
	CA, CARoot string
	// Dir is the folder of accounts, keys and certificates of the mode ACME.
	Dir string
	// CertFile and KeyFile are PEM files, for the mode Files.
	CertFile, KeyFile string
	// HTTPPort and TLSALPNPort are the ports of this machine on which challenges arrive;
	// 0 for 80 and 443.
	HTTPPort, TLSALPNPort int
	// Every is how often files are read and certificates are checked for renewal, and the
	// wait after a first failure. 0 for 10 seconds, 10 minutes, and a minute.
	Every time.Duration
}

// or is Every, or else what holds without it.
func (o *Options) or(usual time.Duration) time.Duration {
	if o.Every > 0 {
		return o.Every
	}
	return usual
}

// Manager has the certificates. It answers handshakes from the start, and obtains,
// renews and reloads while Run runs.
type Manager struct {
	names []string
	from  source
	notes *notes
}

// source is one of the modes.
type source interface {
	// protocols are those offered by ALPN.
	protocols() []string
	// get returns the certificate for a handshake, or an error.
	get(hello *tls.ClientHelloInfo) (*tls.Certificate, error)
	challenge(next http.Handler) http.Handler
	// run returns when ctx ends.
	run(ctx context.Context)
	shelf
}

// shelf is where certificates are.
type shelf interface {
	// leaf returns the certificate for a name; nil for none.
	leaf(name string) *x509.Certificate
	// lacks says why there is none; empty if a failure does.
	lacks(name string) string
	// found are the names to report where none are configured.
	found() []string
}

// New makes a Manager. It contacts no one; a certificate that cannot be read yet
// is reported by Status.
func New(opts Options, log *slog.Logger) (*Manager, error) {
	m := &Manager{names: lower(opts.Names), notes: newNotes(log)}
	switch opts.Mode {
	case Files:
		m.from = newPair(&opts, m.notes)
		return m, nil
	case ACME:
		if len(m.names) == 0 {
			return nil, errors.New("no name to obtain a certificate for")
		}
		if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of certificates: %w", err)
		}
		from, err := newAuthority(&opts, m.names, m.notes)
		if err != nil {
			return nil, err
		}
		m.from = from
		return m, nil
	}
	return nil, fmt.Errorf("unknown mode of certificates %q", opts.Mode)
}

func lower(names []string) (out []string) {
	for _, name := range names {
		out = append(out, strings.ToLower(name))
	}
	return out
}

// TLSConfig is for a listener: TLS 1.2 or newer and HTTP/1.1. A handshake with
// a name that has no certificate fails.
func (m *Manager) TLSConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: m.from.protocols(), GetCertificate: m.from.get}
}

// Challenge answers HTTP-01 challenges and leaves all other requests to next.
func (m *Manager) Challenge(next http.Handler) http.Handler { return m.from.challenge(next) }

// Run obtains, renews and reloads certificates until ctx ends, and then returns nil.
// It runs once.
func (m *Manager) Run(ctx context.Context) error {
	m.from.run(ctx)
	return nil
}
