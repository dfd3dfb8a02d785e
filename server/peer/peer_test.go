package peer

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

var networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/24"),
	netip.MustParsePrefix("fd00:1::/64")}

// serve returns the Peer that a handler behind With sees, and its Host.
func serve(change func(*http.Request)) (p Peer, host string) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Host = "10.0.0.1:4000", "garner.example.org"
	change(r)
	With(networks, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		p, host = Of(r.Context()), r.Host
	})).ServeHTTP(httptest.NewRecorder(), r)
	return p, host
}

func TestTheClientIsTheRightmostAddressThatIsNoTrustedProxy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		remote  string
		passed  []string
		want    string
		trusted bool
	}{
		{"203.0.113.5:1", nil, "203.0.113.5", false},
		{"203.0.113.5:1", []string{"192.168.1.2"}, "203.0.113.5", false}, // forged
		{"127.0.0.2:1", []string{"192.168.1.2"}, "127.0.0.2", false},     // one address of loopback is trusted
		{"10.0.0.1:1", nil, "10.0.0.1", false},                           // the proxy's machine itself
		{"10.0.0.1:1", []string{"203.0.113.5"}, "203.0.113.5", true},
		{"10.0.0.1:1", []string{"127.0.0.1, 203.0.113.5"}, "203.0.113.5", true}, // forged by the client
		{"10.0.0.1:1", []string{"127.0.0.1", "203.0.113.5"}, "203.0.113.5", true},
		{"10.0.0.1:1", []string{"203.0.113.5, 10.0.0.7,127.0.0.1"}, "203.0.113.5", true},
		{"10.0.0.1:1", []string{"10.0.0.7, 127.0.0.1"}, "10.0.0.7", true},
		{"10.0.0.1:1", []string{"192.168.1.2, unknown"}, "", true},
		{"10.0.0.1:1", []string{"unknown, 192.168.1.2"}, "192.168.1.2", true},
		{"10.0.0.1:1", []string{""}, "", true},
		{"10.0.0.1:1", []string{"203.0.113.5:443"}, "203.0.113.5", true},
		{"10.0.0.1:1", []string{"[2001:db8::5]:443"}, "2001:db8::5", true},
		{"10.0.0.1:1", []string{"[2001:db8::5]"}, "2001:db8::5", true},
		{"[::ffff:10.0.0.1]:1", []string{"::ffff:203.0.113.5"}, "203.0.113.5", true},
		{"[fd00:1::9]:1", []string{"2001:db8::5"}, "2001:db8::5", true},
		{"[fe80::1%eth0]:1", nil, "fe80::1", false},
		{"", nil, "", false},
		{"@", []string{"127.0.0.1"}, "", false},
	} {
		p, _ := serve(func(r *http.Request) {
			r.RemoteAddr = c.remote
			r.Header["X-Forwarded-For"] = c.passed
			if c.passed == nil {
				r.Header.Del("X-Forwarded-For")
			}
		})
		want, _ := netip.ParseAddr(c.want)
		if p.Addr != want || p.Trusted != c.trusted {
			t.Errorf("%s with %q: %v, trusted %v; want %v, %v", c.remote, c.passed, p.Addr, p.Trusted, want, c.trusted)
		}
	}
}

func TestATrustedProxyThatNamesNoClientHasNone(t *testing.T) {
	t.Parallel()
	p, _ := serve(func(r *http.Request) { r.Header.Set("Via", "1.1 proxy") })
	if p.Addr.IsValid() || p.Private() {
		t.Errorf("%+v", p)
	}
}

func TestSchemeAndHostOfAProxyCountOnlyIfItIsTrusted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		remote, proto, passed string
		tls, https            bool
		host                  string
	}{
		{"203.0.113.5:1", "", "", false, false, "garner.example.org:8443"},
		{"203.0.113.5:1", "", "", true, true, "garner.example.org:8443"},
		{"203.0.113.5:1", "https", "localhost", false, false, "garner.example.org:8443"},
		{"203.0.113.5:1", "http", "localhost", true, true, "garner.example.org:8443"},
		{"10.0.0.1:1", "https", "Other.example:1", false, true, "Other.example:1"},
		{"10.0.0.1:1", "HTTPS", "", false, true, "garner.example.org:8443"},
		{"10.0.0.1:1", "https, http", "a.example, b.example", false, false, "b.example"}, // the nearest proxy's word
		{"10.0.0.1:1", "http", "", true, false, "garner.example.org:8443"},
		{"10.0.0.1:1", "", "b.example", true, true, "b.example"},
	} {
		p, host := serve(func(r *http.Request) {
			r.RemoteAddr, r.Host = c.remote, "garner.example.org:8443"
			if c.tls {
				r.TLS = &tls.ConnectionState{}
			}
			for header, value := range map[string]string{"X-Forwarded-Proto": c.proto, "X-Forwarded-Host": c.passed} {
				if value != "" {
					r.Header.Set(header, value)
				}
			}
		})
		if p.HTTPS != c.https || host != c.host || p.Host != name(c.host) {
			t.Errorf("%+v: %+v, Host %q", c, p, host)
		}
	}
}

func TestOnlyThisMachineWithoutAProxyIsLoopback(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		addr, host string
		proxied    bool
		want       bool
	}{
		{"127.0.0.1", "localhost", false, true}, {"127.8.8.8", "127.0.0.1", false, true}, {"::1", "::1", false, true},
		{"127.0.0.1", "localhost", true, false}, {"127.0.0.1", "garner.example.org", false, false},
		{"127.0.0.1", "garner", false, false}, {"192.168.1.2", "localhost", false, false}, {"", "localhost", false, false},
	} {
		p := Peer{Addr: Addr(c.addr), Host: c.host, Proxied: c.proxied}
		if p.Loopback() != c.want {
			t.Errorf("%+v: loopback is %v", p, p.Loopback())
		}
	}
}

func TestPrivateNetworksAreToldFromTheInternet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		addr, local string
		want        bool
	}{
		{"127.0.0.1", "127.0.0.1", true}, {"::1", "::1", true}, {"10.9.8.7", "10.0.0.1", true},
		{"172.16.0.1", "172.16.0.2", true}, {"172.32.0.1", "172.16.0.2", false}, {"192.168.255.1", "192.168.1.1", true},
		{"192.169.0.1", "192.168.1.1", false}, {"169.254.1.1", "169.254.1.2", true}, {"fe80::1", "fe80::2", true},
		{"fd12::1", "fd12::2", true}, {"2001:db8::1", "fd12::2", false}, {"8.8.8.8", "192.168.1.1", false},
		{"100.64.0.1", "192.168.1.1", false}, {"100.64.0.1", "100.127.255.255", true}, {"100.128.0.1", "100.64.0.2", false},
		{"0.0.0.0", "192.168.1.1", false}, {"", "192.168.1.1", false},
	} {
		p := Peer{Addr: Addr(c.addr), Local: Addr(c.local)}
		if p.Private() != c.want {
			t.Errorf("%s at %s: private is %v", c.addr, c.local, p.Private())
		}
		p.Proxied = true
		if p.Private() {
			t.Errorf("%s at %s through a proxy that is not trusted is private", c.addr, c.local)
		}
		p.Trusted = true
		if p.Private() != c.want {
			t.Errorf("%s at %s through a trusted proxy: private is %v", c.addr, c.local, p.Private())
		}
	}
}

func TestHostsOfPrivateNetworksAreToldFromPublicOnes(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": false, "127.0.0.1": false, "::1": false, "::ffff:10.0.0.1": false, "192.168.1.2": false,
		"10.0.0.1": false, "fd00::1": false, "fe80::1": false, "fe80::1%eth0": false, "garner": false, "my-box_2": false,
		"garner.local": false, "garner.home.arpa": false, "a.b.local": false,
		"garner.example.org": true, "8.8.8.8": true, "2001:db8::1": true, "100.64.0.1": true, "0.0.0.0": true, "::": true,
		"": true, ".": true, ".local": true, "local.example.org": true, "home.arpa": true, "garner.local.evil.example": true,
		"localhost.": true, "localhost/": true, "user@localhost": true, "localhost:80:80": true, "evil/x.local": true,
		"xlocal": false, "gärner": true, "127.0.0.1.evil.example": true,
	} {
		if p := (Peer{Host: host, Local: Addr("192.168.1.1")}); p.PublicHost() != want {
			t.Errorf("%q: public is %v", host, p.PublicHost())
		}
	}
	if p := (Peer{Host: "100.64.0.1", Local: Addr("100.64.0.1")}); p.PublicHost() {
		t.Error("an address of our own VPN is public")
	}
}
