package selftest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"garner/health/alert"
)

// handshake tests TLS and the certificate.
func (t *trial) handshake(ctx context.Context) bool {
	raw, err := t.on.dial(ctx, "tcp", net.JoinHostPort(t.addr.String(), t.port))
	if err != nil {
		t.say(TLS, Failed, "The port answered once, and then no more: "+reason(err)+".", "Test again.")
		return false
	}
	// Old versions are accepted to tell of them. Nothing is sent.
	conn := tls.Client(raw, &tls.Config{RootCAs: t.opts.Roots, ServerName: t.host, MinVersion: tls.VersionTLS10})
	defer conn.Close() //nolint:errcheck // nothing was sent
	err = conn.HandshakeContext(ctx)
	var invalid *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid):
		t.invalid(invalid)
		return false
	case err != nil:
		t.noTLS(err)
		return false
	}
	state := conn.ConnectionState()
	t.valid(state.PeerCertificates[0])
	if state.Version < tls.VersionTLS12 {
		t.say(TLS, Failed, "The server offers nothing newer than "+tls.VersionName(state.Version)+".",
			"Allow TLS 1.2 and 1.3 in the proxy.")
		return false
	}
	t.say(TLS, OK, "The connection uses "+tls.VersionName(state.Version)+".", "")
	return true
}

// noTLS reports a handshake that failed before there was a certificate.
func (t *trial) noTLS(err error) {
	var other tls.RecordHeaderError
	if errors.As(err, &other) {
		t.say(TLS, Failed, "Port "+t.port+" answers without TLS.",
			"Set [tls] in the configuration, or let the proxy use TLS on this port.")
		return
	}
	t.say(TLS, Failed, "The TLS handshake fails: "+reason(err)+".",
		"The server may have no certificate for the name yet: see the log of garner serve, or that of the proxy.")
}

// valid reports a certificate that a client accepts.
func (t *trial) valid(leaf *x509.Certificate) {
	now := time.Now()
	what := fmt.Sprintf("The certificate is valid until %s, days left: %d.", day(leaf.NotAfter),
		int(leaf.NotAfter.Sub(now).Hours())/24)
	if now.Before(alert.Certificate{NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter}.Due()) {
		t.say(Certificate, OK, what, "")
		return
	}
	t.say(Certificate, Warning, what, "It should have been renewed: see the log of what renews it.")
}

// invalid reports one that no client accepts.
func (t *trial) invalid(err *tls.CertificateVerificationError) {
	leaf, now := err.UnverifiedCertificates[0], time.Now()
	clock := " If the dates are right, the clock of this machine is wrong: it says " +
		now.UTC().Format("2006-01-02 15:04") + " UTC."
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	what, do := "The certificate is not valid: "+err.Err.Error()+".", "Replace it."
	switch {
	case now.After(leaf.NotAfter):
		what, do = "The certificate expired on "+day(leaf.NotAfter)+".", "Renew it."+clock
	case now.Before(leaf.NotBefore):
		what, do = "The certificate is not valid before "+day(leaf.NotBefore)+".", "Wait, or replace it."+clock
	case errors.As(err.Err, &name):
		what = "The certificate is for " + names(leaf) + ", not for " + t.host + "."
		do = "Obtain one for " + t.host + ", or correct public_url."
	case errors.As(err.Err, &authority):
		what, do = untrusted(err.UnverifiedCertificates)
	}
	t.say(Certificate, Failed, what, do)
}

// untrusted tells why a chain leads to no authority.
func untrusted(chain []*x509.Certificate) (what, do string) {
	leaf := chain[0]
	switch {
	case leaf.CheckSignatureFrom(leaf) == nil || leaf.Issuer.String() == leaf.Subject.String():
		return "The certificate is signed by itself, and Garmin trusts only public authorities.",
			"Obtain one from a public authority, such as by tls.mode acme."
	case len(chain) == 1:
		return "The server sends its certificate alone, and " + issuer(leaf) + ", which signed it, is not known.",
			"Let it send the whole chain: the file is often called fullchain.pem."
	}
	return "The certificate comes from " + issuer(chain[len(chain)-1]) + ", and Garmin trusts only public authorities.",
		"Obtain one from a public authority, such as by tls.mode acme."
}

// issuer names who signed a certificate.
func issuer(cert *x509.Certificate) string { return clip(cert.Issuer.String()) }

// names are those of a certificate.
func names(cert *x509.Certificate) string {
	if len(cert.DNSNames) == 0 {
		return "no name"
	}
	return clip(strings.Join(cert.DNSNames, ", "))
}

// clip shortens a text that the other side has chosen.
func clip(text string) string {
	const most = 100
	text = strings.ToValidUTF8(text, "?")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
