package selftest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"garner/server/selftest"
)

func TestAGarnerThatGarminCanReachPassesEveryTest(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.run()
	if len(r.Lines) != 8 {
		t.Errorf("%d lines", len(r.Lines))
	}
	for _, l := range r.Lines {
		if l.State != selftest.OK || l.What == "" || l.Do != "" {
			t.Errorf("%+v", l)
		}
	}
	b.line(r, selftest.Name, selftest.OK, name+" resolves to "+address, "")
	b.line(r, selftest.TLS, selftest.OK, "TLS 1.3", "")
	b.line(r, selftest.Certificate, selftest.OK, "days left: 60", "")
}

func TestEveryLineThatIsNotOKSaysWhatToDo(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, breakIt := range []func(){
		func() { b.serve(status(http.StatusBadGateway)) },
		func() { b.to = nil },
		func() { b.dns = &net.DNSError{IsNotFound: true} },
		func() { b.opts.URL = "http://" + name },
	} {
		breakIt()
		r := b.run()
		for _, l := range r.Lines {
			if (l.State == selftest.OK) != (l.Do == "") || !strings.HasSuffix(l.What, ".") {
				t.Errorf("%+v", l)
			}
		}
	}
}

func TestOnlyAnHTTPSAddressIsTested(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, address := range []string{"http://" + name, "garner.example.org", "https://", "::"} {
		b.opts.URL = address
		r := b.run()
		b.line(r, selftest.Port, selftest.Failed, "not an https address", "https://")
		b.line(r, selftest.Name, selftest.Skipped, "", "")
	}
}

func TestANameWithoutAnAddressEndsTheTest(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.dns = &net.DNSError{Err: "no such host", IsNotFound: true}
	r := b.run()
	b.line(r, selftest.Name, selftest.Failed, "no address for "+name, "Add a DNS entry")
	for _, test := range []selftest.Test{selftest.Port, selftest.TLS, selftest.Certificate, selftest.Health,
		selftest.Identity, selftest.Callbacks, selftest.Plain} {
		b.line(r, test, selftest.Skipped, "earlier test failed", "")
	}
	b.dns, b.addrs = nil, nil
	b.line(b.run(), selftest.Name, selftest.Failed, "no address for "+name, "")
	b.dns = &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	b.line(b.run(), selftest.Name, selftest.Failed, "does not answer", "DNS server of this machine")
}

func TestAPrivateAddressIsAWarningAndTheRestIsTested(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, private := range []string{"192.168.1.5", "10.0.0.1", "100.64.0.9", "fd00::1", "::ffff:192.168.1.5", "127.0.0.1",
		"fe80::1%eth0", "169.254.1.1"} {
		addr := netip.MustParseAddr(private)
		plain := addr.Unmap().WithZone("")
		b.to[net.JoinHostPort(plain.String(), "443")] = b.to[address+":443"]
		b.addrs = []netip.Addr{addr}
		r := b.run()
		b.line(r, selftest.Name, selftest.Warning, "Garmin cannot reach "+plain.String(), "phone without Wi-Fi")
		b.line(r, selftest.Identity, selftest.OK, "", "")
	}
}

func TestAnotherPortIsTestedAndReported(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.opts.URL = "https://" + name + ":8443"
	b.to[address+":8443"] = b.to[address+":443"]
	delete(b.to, address+":443")
	r := b.run()
	b.line(r, selftest.Port, selftest.Failed, "port 8443, and Garmin calls only port 443", "remove the port")
	b.line(r, selftest.Callbacks, selftest.OK, "", "")
}

func TestAClosedPortBehindARouterProvesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, c := range []struct {
		addr, own string
		state     selftest.State
		do        string
	}{
		{address, "192.168.1.5", selftest.Warning, "Some routers cannot reach their own public address from inside"},
		{"2001:db8::1", "203.0.113.9", selftest.Warning, "phone without Wi-Fi"},
		{address, address, selftest.Failed, "firewall"},
		{address, "203.0.113.9", selftest.Failed, "firewall"}, // the entry is wrong, or that machine is off
		{"192.168.1.7", "192.168.1.5", selftest.Failed, "firewall"},
	} {
		b.to, b.addrs = nil, []netip.Addr{netip.MustParseAddr(c.addr)}
		b.own = []netip.Addr{netip.MustParseAddr(c.own)}
		r := b.run()
		b.line(r, selftest.Port, c.state, "does not answer on "+c.addr+": it refuses", c.do)
		b.line(r, selftest.TLS, selftest.Skipped, "", "")
	}
}

func TestOneOfTwoAddressesThatDoesNotAnswerIsFound(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.addrs = []netip.Addr{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr(address)}
	r := b.run()
	b.line(r, selftest.Port, selftest.Warning, "answers on "+address+" and not on 2001:db8::1: it refuses", "remove")
	b.line(r, selftest.Identity, selftest.OK, "", "")
}

func TestAServerThatNeverAnswersEndsTheTestInTime(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.to = map[string]string{address + ":443": "", address + ":80": ""}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := selftest.RunOn(t.Context(), b.opts, b.lookup, b.dial)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("a silent port: %v", took)
		}
		b.line(r, selftest.Port, selftest.Warning, "it does not answer in time", "")
	})
	synctest.Test(t, func(t *testing.T) {
		silent := func(context.Context, string, string) (net.Conn, error) {
			here, _ := net.Pipe() // never answers
			return here, nil
		}
		began := time.Now()
		r := selftest.RunOn(t.Context(), b.opts, b.lookup, silent)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("a silent server: %v", took)
		}
		b.line(r, selftest.TLS, selftest.Failed, "it does not answer in time", "")
	})
}

func TestCertificatesThatNoClientAcceptsAreToldApart(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	between := b.root.sub(t, "between")
	keep := func(*x509.Certificate) {}
	for _, c := range []struct {
		config   *tls.Config
		what, do string
	}{
		{b.config(between, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }, between.cert),
			"expired on", "the clock of this machine is wrong: it says"},
		{b.config(between, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }, between.cert),
			"not valid before", "the clock of this machine is wrong: it says"},
		{b.config(between, func(c *x509.Certificate) { c.DNSNames = []string{"other.example.org"} }, between.cert),
			"is for other.example.org, not for " + name, "Obtain one for " + name},
		{b.config(nil, keep), "signed by itself", "public authority"},
		{b.config(between, keep), "CN=between, which signed it, is not known", "fullchain.pem"},
	} {
		b.serveTLS(b.site.Server.Handler(), c.config)
		r := b.run()
		b.line(r, selftest.Certificate, selftest.Failed, c.what, c.do)
		b.line(r, selftest.Health, selftest.Skipped, "", "")
	}
	foreign := (*authority)(nil).sub(t, "foreign")
	middle := foreign.sub(t, "middle")
	b.serveTLS(b.site.Server.Handler(), b.config(middle, keep, middle.cert))
	b.line(b.run(), selftest.Certificate, selftest.Failed, "comes from CN=foreign", "public authority")
}

func TestACertificateThatShouldHaveBeenRenewedIsAWarning(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.serveTLS(b.site.Server.Handler(), b.config(b.root, func(c *x509.Certificate) {
		c.NotAfter = time.Now().Add(3*24*time.Hour + time.Hour)
	}))
	r := b.run()
	b.line(r, selftest.Certificate, selftest.Warning, "days left: 3", "renewed")
	b.line(r, selftest.Callbacks, selftest.OK, "", "")
}

func TestOldTLSAndNoTLSAreFound(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	old := b.good()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	b.serveTLS(b.site.Server.Handler(), old)
	b.line(b.run(), selftest.TLS, selftest.Failed, "nothing newer than TLS 1.1", "TLS 1.2")

	b.servePlain("443", b.site.Server.Handler())
	b.line(b.run(), selftest.TLS, selftest.Failed, "without TLS", "proxy")

	b.serveTLS(b.site.Server.Handler(), &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("none yet") },
		Certificates:   nil,
	})
	b.line(b.run(), selftest.TLS, selftest.Failed, "handshake fails", "no certificate for the name yet")
}

func TestWhateverAnswersInPlaceOfGarnerIsFound(t *testing.T) {
	t.Parallel()
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	cut := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	b := newBox(t)
	for _, c := range []struct {
		by       http.Handler
		what, do string
	}{
		{status(http.StatusMovedPermanently), "redirected to https://login.example.com (301)", "A redirect loses"},
		{status(http.StatusUnauthorized), "refused (401)", "exempt /garmin/"},
		{status(http.StatusForbidden), "refused (403)", "exempt /garmin/"},
		{status(http.StatusNotFound), "another server answers (404)", "pass /garmin/ on"},
		{status(http.StatusOK), "another server answers (200)", "pass /garmin/ on"},
		{ok, "another server answers (200)", "pass /garmin/ on"},
		{status(http.StatusBadGateway), "answers 502", "does not reach Garner"},
		{status(http.StatusMisdirectedRequest), "this name (421)", "hosts"},
		{cut, "it ends the connection", "garner serve runs"},
	} {
		b.serve(c.by)
		r := b.run()
		b.line(r, selftest.Callbacks, selftest.Failed, c.what, c.do)
		b.line(r, selftest.Identity, selftest.Failed, "", "")
		if !strings.Contains(c.what, "(200)") {
			b.line(r, selftest.Health, selftest.Failed, c.what, "")
		}
	}
}

func TestAProxyInTheWayOfCallbacksAloneIsFound(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/garmin/") {
			status(http.StatusFound).ServeHTTP(w, r)
			return
		}
		b.site.Server.Handler().ServeHTTP(w, r)
	}))
	r := b.run()
	b.line(r, selftest.Callbacks, selftest.Failed, "redirected", "")
	b.line(r, selftest.Identity, selftest.OK, "", "")
}

func TestAProxyThatPassesOnlyCallbacksOnIsRight(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/garmin/") {
			b.site.Server.Handler().ServeHTTP(w, r)
			return
		}
		status(http.StatusForbidden).ServeHTTP(w, r)
	}))
	r := b.run()
	b.line(r, selftest.Callbacks, selftest.OK, "reaches Garner", "")
	b.line(r, selftest.Health, selftest.Warning, "/healthz does not: access is refused (403)", "only /garmin/")
	b.line(r, selftest.Identity, selftest.Skipped, "only callbacks are passed on", "")
}

func TestAnotherGarnerIsNotThisOne(t *testing.T) {
	t.Parallel()
	b, other := newBox(t), newBox(t)
	b.opts.Probe = other.site.Server.Prober.New()
	b.line(b.run(), selftest.Identity, selftest.Failed, "Another Garner answers", "lead to this machine")
	b.opts.Probe = ""
	b.line(b.run(), selftest.Identity, selftest.Skipped, "not tested", "set-up page")
}

func TestAServerThatRepeatsWhatItIsAskedIsNotThisGarner(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "ok ", r.URL.Path) }))
	b.line(b.run(), selftest.Identity, selftest.Failed, "does not answer", "")
}

func TestCallbacksOverPort80AreFound(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, c := range []struct {
		by    http.Handler
		state selftest.State
		what  string
	}{
		{status(http.StatusForbidden), selftest.OK, "refuses callbacks (403)"},
		{status(http.StatusNotFound), selftest.OK, "refuses callbacks (404)"},
		{status(http.StatusPermanentRedirect), selftest.Warning, "redirects callbacks to https://login.example.com"},
		{status(http.StatusOK), selftest.Warning, "another server answers callbacks with 200"},
		{b.site.Server.Handler(), selftest.Failed, "passes callbacks on to Garner without encryption"},
	} {
		b.servePlain("80", c.by)
		r := b.run()
		do := ""
		if c.state != selftest.OK {
			do = "refuse /garmin/"
		}
		b.line(r, selftest.Plain, c.state, c.what, do)
	}
}

func TestNothingButTheHostOfTheAddressIsDialled(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
	t.Setenv("HTTP_PROXY", "http://proxy.example.com:3128")
	b := newBox(t)
	b.serve(status(http.StatusFound))
	b.servePlain("80", status(http.StatusFound))
	var mu sync.Mutex
	dialled := map[string]bool{}
	selftest.RunOn(t.Context(), b.opts, b.lookup, func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		dialled[address] = true
		return b.dial(ctx, network, address)
	})
	if len(dialled) != 2 || !dialled[address+":443"] || !dialled[address+":80"] {
		t.Errorf("dialled %v", dialled)
	}
}

// A test of the real way, without hooks: the system's resolver and dialer.
func TestALoopbackAddressIsTestedForReal(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	s := httptest.NewTLSServer(b.site.Server.Handler())
	t.Cleanup(s.Close)
	b.opts.URL, b.opts.Roots = s.URL, x509.NewCertPool()
	b.opts.Roots.AddCert(s.Certificate())
	r := selftest.Run(t.Context(), b.opts)
	b.line(r, selftest.Name, selftest.Warning, "127.0.0.1", "")
	b.line(r, selftest.Port, selftest.Failed, "only port 443", "")
	for _, test := range []selftest.Test{selftest.TLS, selftest.Certificate, selftest.Health, selftest.Identity,
		selftest.Callbacks} {
		b.line(r, test, selftest.OK, "", "")
	}
}

func TestAProxyBeforeGarnerChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	behind := httptest.NewServer(b.site.Server.Handler())
	t.Cleanup(behind.Close)
	to, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	b.serve(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
		r.Out.Host = r.In.Host
	}})
	for _, l := range b.run().Lines {
		if l.State != selftest.OK {
			t.Errorf("%+v", l)
		}
	}
}

func TestATokenIsAnsweredForAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p selftest.Prober
		if _, ok := p.Answer(""); ok {
			t.Error("it answers before there is a token")
		}
		first := p.New()
		second := p.New()
		one, ok := p.Answer(first)
		two, also := p.Answer(second)
		if !ok || !also || slices.Contains([]string{two, first, second}, one) {
			t.Errorf("%q and %q are answered %q and %q", first, second, one, two)
		}
		time.Sleep(time.Minute + time.Second)
		if _, ok := p.Answer(first); ok {
			t.Error("it answers after a minute")
		}
	})
}
