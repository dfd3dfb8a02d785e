package certs

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
)

// PublicName reports whether a public authority may issue a certificate for a host
// name.
func PublicName(host string) bool {
	return strings.Contains(host, ".") && !strings.Contains(host, "*") && !certmagic.SubjectIsIP(host) &&
		certmagic.SubjectQualifiesForPublicCert(host)
}

// Stored returns the state of the certificates on disk as of now, for a process that
// does not serve them. It writes nothing.
func Stored(opts Options, now time.Time) Status {
	notes := newNotes(slog.New(slog.DiscardHandler))
	var from shelf
	if opts.Mode == Files {
		from = newPair(&opts, notes)
	} else {
		from = folder{opts.Dir, (&certmagic.ACMEIssuer{CA: directory(opts.CA)}).IssuerKey()}
	}
	return status(lower(opts.Names), from, notes, now)
}

// folder is what an authority stored.
type folder struct{ dir, issuer string }

func (f folder) read(name string) (*x509.Certificate, error) {
	file := filepath.Join(f.dir, filepath.FromSlash(certmagic.StorageKeys.SiteCert(f.issuer, name)))
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s contains no certificate", file)
	}
	return x509.ParseCertificate(block.Bytes)
}

func (f folder) leaf(name string) *x509.Certificate {
	leaf, err := f.read(name)
	if err != nil {
		return nil
	}
	return leaf
}

func (f folder) lacks(name string) string {
	if _, err := f.read(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err.Error()
	}
	return ""
}

func (f folder) found() []string { return nil }
