package selftest_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"garner/server"
	"garner/server/selftest"
	"garner/server/servertest"
)

const (
	name    = "garner.example.org"
	address = "203.0.113.5"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// sign makes a certificate; a nil authority makes one that is signed by itself.
func (a *authority) sign(t *testing.T, change func(*x509.Certificate)) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "leaf"}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-30 * 24 * time.Hour), NotAfter: time.Now().Add(60*24*time.Hour + time.Hour)}
	change(c)
	parent, signer := c, key
	if a != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func (a *authority) sub(t *testing.T, name string) *authority {
	t.Helper()
	cert, key := a.sign(t, func(c *x509.Certificate) {
		c.Subject, c.DNSNames, c.IsCA, c.BasicConstraintsValid = pkix.Name{CommonName: name}, nil, true, true
	})
	return &authority{cert, key}
}

// box is an installation whose name leads to listeners on loopback.
type box struct {
	t     *testing.T
	root  *authority
	site  *servertest.Site
	opts  selftest.Options
	addrs []netip.Addr
	// to are the listeners by host:port; the rest refuses.
	to  map[string]string
	own []netip.Addr
	dns error
}

// newBox makes one that works: Garner answers on 443, and nothing on 80.
func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{t: t, root: (*authority)(nil).sub(t, "root"), addrs: []netip.Addr{netip.MustParseAddr(address)},
		to: map[string]string{}}
	public := &url.URL{Scheme: "https", Host: name}
	b.site = servertest.Open(t, servertest.Limits(), func(o *server.Options) { o.PublicURL = public })
	roots := x509.NewCertPool()
	roots.AddCert(b.root.cert)
	b.opts = selftest.Options{URL: "https://" + name, Roots: roots, Probe: b.site.Server.Prober.New()}
	b.serve(b.site.Server.Handler())
	return b
}

// serve answers on 443 with a good certificate.
func (b *box) serve(h http.Handler) { b.serveTLS(h, b.good()) }

func (b *box) good() *tls.Config {
	between := b.root.sub(b.t, "between")
	return b.config(between, func(*x509.Certificate) {}, between.cert)
}

// config has a certificate of a, sent along with others.
func (b *box) config(a *authority, change func(*x509.Certificate), others ...*x509.Certificate) *tls.Config {
	b.t.Helper()
	cert, key := a.sign(b.t, change)
	pair := tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
	for _, c := range others {
		pair.Certificate = append(pair.Certificate, c.Raw)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

func (b *box) serveTLS(h http.Handler, config *tls.Config) {
	s := httptest.NewUnstartedServer(h)
	s.TLS = config
	s.Config.ErrorLog = nil
	s.StartTLS()
	b.t.Cleanup(s.Close)
	b.to[address+":443"] = s.Listener.Addr().String()
}

// servePlain answers on a port without TLS.
func (b *box) servePlain(port string, h http.Handler) {
	s := httptest.NewServer(h)
	b.t.Cleanup(s.Close)
	b.to[address+":"+port] = s.Listener.Addr().String()
}

func (b *box) lookup(context.Context, string) ([]netip.Addr, error) { return b.addrs, b.dns }

func (b *box) dial(ctx context.Context, network, address string) (net.Conn, error) {
	to, ok := b.to[address]
	switch {
	case !ok:
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	case to == "":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return new(net.Dialer).DialContext(ctx, network, to)
}

func (b *box) run() selftest.Report {
	b.t.Helper()
	return selftest.RunOn(b.t.Context(), b.opts, b.lookup, b.dial, b.own...)
}

// line wants a result, with a part of its sentence and of what to do.
func (b *box) line(r selftest.Report, test selftest.Test, state selftest.State, what, do string) {
	b.t.Helper()
	for _, l := range r.Lines {
		if l.Test != test {
			continue
		}
		if l.State != state || !strings.Contains(l.What, what) || !strings.Contains(l.Do, do) {
			b.t.Errorf("got %+v, want %s, %q, %q", l, state, what, do)
		}
		return
	}
	b.t.Errorf("no line about %s in %+v", test, r)
}

// status answers everything with one status.
func status(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if code >= 300 && code <= 399 {
			w.Header().Set("Location", "https://login.example.com"+r.URL.Path)
		}
		w.WriteHeader(code)
	})
}
