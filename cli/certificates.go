package cli

import (
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/config"
	"garner/health/alert"
	"garner/jobs/backup"
	"garner/server/certs"
)

// certificates are where certificates come from, and their state as of now; both nil
// if tls.mode is off.
func certificates(cfg config.Config, log *slog.Logger) (from certificateSource, status func() []alert.Certificate,
	err error) {
	if cfg.TLS.Mode == "off" {
		return nil, nil, nil
	}
	m, err := certs.New(certificateOptions(cfg), log)
	if err != nil {
		return nil, nil, err
	}
	return m, func() []alert.Certificate { return certificateFacts(m.Status()) }, nil
}

// testRoots are the authorities that the self-test of the public address trusts; nil
// for those of the system.
func testRoots(cfg config.Config) (*x509.CertPool, error) {
	if cfg.TLS.Mode == "off" {
		return nil, nil
	}
	return certs.Roots(cfg.TLS.CARoot)
}

func certificateOptions(cfg config.Config) certs.Options {
	return certs.Options{Mode: cfg.TLS.Mode, Names: certificateNames(cfg), Email: cfg.TLS.Email, CA: cfg.TLS.CA,
		CARoot: cfg.TLS.CARoot, Dir: filepath.Join(cfg.DataDir, backup.CertificatesDir),
		CertFile: cfg.TLS.CertFile, KeyFile: cfg.TLS.KeyFile,
		HTTPPort: portOf(cfg.ListenHTTP), TLSALPNPort: portOf(cfg.ListenHTTPS)}
}

// certificateNames are the host of public_url and, where an authority issues what is
// asked for, the hosts that are public names.
func certificateNames(cfg config.Config) (names []string) {
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Hostname() != "" {
		names = append(names, strings.ToLower(u.Hostname()))
	}
	for _, host := range cfg.Hosts {
		host = strings.ToLower(host)
		if cfg.TLS.Mode == certs.ACME && certs.PublicName(host) && !slices.Contains(names, host) {
			names = append(names, host)
		}
	}
	return names
}

// portOf is the port of an address to listen on; 0 for none.
func portOf(address string) int {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return 0
	}
	return n
}

// certificateFacts is the state of the certificates as the watch needs it.
func certificateFacts(status certs.Status) (out []alert.Certificate) {
	for _, n := range status.Names {
		out = append(out, alert.Certificate{Name: n.Name, NotBefore: n.NotBefore, NotAfter: n.NotAfter,
			Missing: n.Missing, Error: n.Error})
	}
	return out
}

// checkCertificate reads the certificates that are on disk. It obtains none.
func checkCertificate(cfg config.Config, now time.Time) []finding {
	opts := certificateOptions(cfg)
	var out []finding
	todo := ""
	switch cfg.TLS.Mode {
	case certs.ACME:
		ca := cfg.TLS.CA
		if ca == "" {
			ca = "Let's Encrypt"
		}
		if len(opts.Names) == 0 {
			return []finding{{bad, "tls.mode is acme, and there is no name to obtain a certificate for: set public_url"}}
		}
		out = append(out, finding{good, "certificates by ACME from " + ca + " for " + strings.Join(opts.Names, ", ")})
		todo = "check that the DNS entry points here and that port 80 or 443 can be reached from outside; the log of " +
			"garner serve has the reason"
	case certs.Files:
		out = append(out, finding{good, "certificate from " + opts.CertFile})
		todo = "replace tls.cert_file and tls.key_file; Garner loads them without a restart"
	default:
		return []finding{{good, "tls.mode is off: HTTPS is left to a proxy or a tunnel"}}
	}
	for _, c := range certificateFacts(certs.Stored(opts, now)) {
		out = append(out, checkOne(cfg, c, now, todo))
	}
	return out
}

func checkOne(cfg config.Config, c alert.Certificate, now time.Time, todo string) finding {
	what := "certificate for " + c.Name + ": "
	if c.Error != "" {
		return finding{bad, what + c.Error + "; " + todo}
	}
	if c.NotAfter.IsZero() {
		if serves, err := served(cfg.DataDir); serves || err != nil {
			return finding{bad, what + "none yet; " + todo}
		}
		return finding{good, what + "none yet; garner serve obtains it"}
	}
	what += fmt.Sprintf("ends %s, days left: %d", c.NotAfter.UTC().Format(time.RFC3339),
		int(c.NotAfter.Sub(now).Hours())/24)
	if now.Before(c.Due()) {
		return finding{good, what}
	}
	return finding{bad, what + "; it should have been renewed: " + todo}
}
