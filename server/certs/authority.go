package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// authority obtains certificates by ACME. Every field of certmagic that falls back
// to a global of its package is set.
type authority struct {
	names  []string
	wait   time.Duration // after a first failure
	cache  *certmagic.Cache
	config *certmagic.Config
	issuer *certmagic.ACMEIssuer
	notes  *notes
}

func newAuthority(opts *Options, names []string, notes *notes) (*authority, error) {
	roots, err := Roots(opts.CARoot)
	if err != nil {
		return nil, err
	}
	a := &authority{names: names, wait: opts.or(time.Minute), notes: notes}
	logger := zap.New(&core{log: notes.log})
	a.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return a.config, nil },
		RenewCheckInterval: opts.or(10 * time.Minute), Logger: logger,
	})
	a.config = certmagic.New(a.cache, certmagic.Config{
		RenewalWindowRatio: certmagic.DefaultRenewalWindowRatio, Storage: &certmagic.FileStorage{Path: opts.Dir},
		KeySource: certmagic.StandardKeyGenerator{KeyType: certmagic.P256}, Issuers: []certmagic.Issuer{},
		OnEvent: a.event, OCSP: certmagic.OCSPConfig{DisableStapling: true}, Logger: logger,
	})
	a.issuer = certmagic.NewACMEIssuer(a.config, certmagic.ACMEIssuer{
		CA: directory(opts.CA), TestCA: rehearsal(opts.CA), Email: contact(opts.Email), Agreed: true,
		TrustedRoots: roots, AltHTTPPort: opts.HTTPPort, AltTLSALPNPort: opts.TLSALPNPort, Logger: logger,
		HTTPProxy: func(*http.Request) (*url.URL, error) { return nil, nil },
	})
	a.config.Issuers = []certmagic.Issuer{a.issuer}
	return a, nil
}

func directory(ca string) string {
	if ca == "" {
		return certmagic.LetsEncryptProductionCA
	}
	return ca
}

// rehearsal is where a retry is tried first, so that failures do not use up what
// Let's Encrypt allows; empty for other authorities.
func rehearsal(ca string) string {
	if directory(ca) == certmagic.LetsEncryptProductionCA {
		return certmagic.LetsEncryptStagingCA
	}
	return ""
}

// contact is an address in the form of certmagic, which asks on standard input
// if there is none; it removes the space.
func contact(email string) string {
	if email == "" {
		return " "
	}
	return email
}

// Roots reads the certificates in a file to trust; nil, for those of the system, if it
// is empty.
func Roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the authority's root certificate: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s contains no certificate", file)
	}
	return pool, nil
}

// protocols has that of the TLS-ALPN-01 challenge.
func (a *authority) protocols() []string { return []string{"http/1.1", "acme-tls/1"} }

func (a *authority) challenge(next http.Handler) http.Handler {
	return a.issuer.HTTPChallengeHandler(next)
}

// get refuses foreign names before certmagic looks for them.
func (a *authority) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if !slices.Contains(a.names, strings.ToLower(hello.ServerName)) {
		return nil, fmt.Errorf("no certificate for the server name %q", hello.ServerName)
	}
	return a.config.GetCertificate(hello)
}

func (a *authority) leaf(name string) (newest *x509.Certificate) {
	for _, c := range a.cache.AllMatchingCertificates(name) {
		if newest == nil || c.Leaf.NotAfter.After(newest.NotAfter) {
			newest = c.Leaf
		}
	}
	return newest
}

func (a *authority) lacks(string) string { return "" }

func (a *authority) found() []string { return a.names }

// run loads or obtains a certificate for each name. The cache renews what it has.
func (a *authority) run(ctx context.Context) {
	defer a.cache.Stop()
	var all sync.WaitGroup
	for _, name := range a.names {
		all.Go(func() { a.obtain(ctx, name) })
	}
	all.Wait()
	<-ctx.Done()
}

// longestWait is how long a retry is delayed at most. certmagic's own retries wait
// six times as long and end after 30 days.
const longestWait = time.Hour

// obtain returns once there is a certificate or ctx ended.
func (a *authority) obtain(ctx context.Context, name string) {
	a.discardTorn(ctx, name)
	attempt, wait := 0, a.wait
	ctx = context.WithValue(ctx, certmagic.AttemptsCtxKey, &attempt) // a retry goes to the rehearsal first
	for ; ; attempt++ {
		err := a.config.ManageSync(ctx, []string{name})
		if err == nil {
			a.notes.succeeded(name)
			return
		}
		if ctx.Err() != nil {
			return
		}
		a.notes.failed(name, err, "retry_in", wait.String())
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, longestWait)
	}
}

// discardTorn deletes what is stored for a name if it does not belong together: its files
// are written one by one, and power may fail in between. certmagic would fail to
// load it for ever.
func (a *authority) discardTorn(ctx context.Context, name string) {
	issuer, keys := a.issuer.IssuerKey(), certmagic.StorageKeys
	cert, err := a.config.Storage.Load(ctx, keys.SiteCert(issuer, name))
	key, keyErr := a.config.Storage.Load(ctx, keys.SitePrivateKey(issuer, name))
	meta, metaErr := a.config.Storage.Load(ctx, keys.SiteMeta(issuer, name))
	if err != nil || keyErr != nil || metaErr != nil {
		return // an incomplete one is obtained again
	}
	if _, err = tls.X509KeyPair(cert, key); err == nil && json.Valid(meta) {
		return
	}
	a.notes.log.Warn("a stored certificate is torn; a new one is obtained", "name", name, "err", err)
	if err := a.config.Storage.Delete(ctx, keys.CertsSitePrefix(issuer, name)); err != nil {
		a.notes.failed(name, fmt.Errorf("delete a torn certificate: %w", err))
	}
}

// event records what becomes of renewals, which happen in the background.
func (a *authority) event(_ context.Context, event string, data map[string]any) error {
	name, _ := data["identifier"].(string)
	renewal, _ := data["renewal"].(bool)
	switch event {
	case "cert_obtained":
		a.notes.log.Info("certificate obtained", "name", name, "renewal", renewal)
		a.notes.succeeded(name)
	case "cert_failed":
		if err, ok := data["error"].(error); ok && renewal && !errors.Is(err, context.Canceled) {
			a.notes.failed(name, fmt.Errorf("renew: %w", err))
		}
	}
	return nil
}
