package server_test

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"garner/server"
	"garner/server/servertest"
)

// behind is a server with a public address, another name and one trusted proxy,
// which is 127.0.0.9.
func behind(t *testing.T) *servertest.Site {
	t.Helper()
	return servertest.Open(t, servertest.Limits(), func(o *server.Options) {
		o.Hosts, o.PublicURL = []string{"garner.lan"}, &url.URL{Scheme: "https", Host: "garner.example.org:8443"}
		o.Trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}
	})
}

// from is a client with an address of loopback.
func from(address string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// request sends a request and returns the answer and its text. Headers are name
// and value in turn.
func request(t *testing.T, client *http.Client, method, url, host string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func TestPlainHTTPShowsPagesToPrivateNetworksUnderTheirNames(t *testing.T) {
	t.Parallel()
	s := behind(t)
	l := open(t)
	serve(t, s, server.Listeners{Plain: l})
	const direct, proxy, signIn = "127.0.0.1", "127.0.0.9", "/signin"
	const unknown, public, inTheClear = "a proxy that Garner does not know", "under a public name", "private networks only"
	passed := func(address, proto string) []string {
		return []string{"X-Forwarded-For", address, "X-Forwarded-Proto", proto}
	}
	for _, c := range []struct {
		from, host string
		headers    []string
		status     int
		says       string
	}{
		{direct, "localhost", nil, 303, signIn},
		{direct, "127.0.0.1:8080", nil, 303, signIn},
		{direct, "192.168.1.2", nil, 303, signIn},
		{direct, "garner", nil, 303, signIn},
		{direct, "garner.local", nil, 303, signIn},
		{direct, "garner.lan", nil, 403, public},
		{direct, "garner.example.org", nil, 403, public},
		{direct, "other.example.org", nil, 421, "does not answer to this name"},
		{direct, "8.8.8.8", nil, 421, ""},

		// Headers of a proxy that is not trusted do not count.
		{direct, "localhost", passed("127.0.0.1", "https"), 403, unknown},
		{direct, "localhost", []string{"Via", "1.1 proxy"}, 403, unknown},
		{direct, "garner.example.org", passed("192.168.1.5", "https"), 403, public},
		{direct, "evil.example", []string{"X-Forwarded-Host", "localhost"}, 421, ""},

		// One that is trusted is believed.
		{proxy, "localhost", nil, 303, signIn},
		{proxy, "garner.example.org", passed("203.0.113.5", "https"), 303, signIn},
		{proxy, "garner.example.org", passed("203.0.113.5", "http"), 403, public},
		{proxy, "localhost", passed("203.0.113.5", "http"), 403, inTheClear},
		{proxy, "garner", passed("203.0.113.5", "http"), 403, inTheClear},
		{proxy, "garner", passed("192.168.1.5", "http"), 303, signIn},
		{proxy, "garner", passed("100.64.0.5", "http"), 403, inTheClear},
		{proxy, "garner", passed("192.168.1.5, 203.0.113.5", "http"), 403, inTheClear}, // the first is made up
		{proxy, "localhost", []string{"X-Forwarded-Host", "evil.example"}, 421, ""},
		{proxy, "localhost", append(passed("203.0.113.5", "https"), "X-Forwarded-Host", "garner.lan"), 303, signIn},
	} {
		resp, text := request(t, from(c.from), http.MethodGet, "http://"+l.Addr().String()+"/people", c.host, c.headers...)
		if resp.StatusCode != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%+v: %d %.200q", c, resp.StatusCode, text)
		}
		// Callbacks and health checks come any way, under a name that is answered.
		for path, method := range map[string]string{"/healthz": http.MethodGet, "/readyz": http.MethodGet,
			"/garmin/" + servertest.Secret + "/dailies": http.MethodPost} {
			want := http.StatusOK
			if c.status == http.StatusMisdirectedRequest {
				want = c.status
			}
			resp, _ := request(t, from(c.from), method, "http://"+l.Addr().String()+path, c.host, c.headers...)
			if resp.StatusCode != want {
				t.Errorf("%s %s, %+v: %d", method, path, c, resp.StatusCode)
			}
		}
	}
}

func TestTheListenerForRedirectsNeverTakesACallbackAndRedirectsOnlyOurNames(t *testing.T) {
	t.Parallel()
	s := behind(t)
	plain, redirect := open(t), open(t)
	const challenge = "/.well-known/acme-challenge/"
	serve(t, s, server.Listeners{Plain: plain, Redirect: redirect, Challenge: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != challenge+"known" {
				next.ServeHTTP(w, r)
				return
			}
			if _, err := io.WriteString(w, "the key"); err != nil {
				t.Error(err)
			}
		})
	}})
	const ours, secret = "garner.example.org", "/garmin/" + servertest.Secret
	for _, c := range []struct {
		method, path, host string
		status             int
		to                 string
	}{
		{"GET", "/", ours, 308, "https://garner.example.org:8443/"},
		{"HEAD", "/people?a=b%2Fc&d", "GARNER.example.org:80", 308, "https://garner.example.org:8443/people?a=b%2Fc&d"},
		{"GET", "/p/ada", "garner.lan", 308, "https://garner.example.org:8443/p/ada"},
		{"GET", "//evil.example/x", ours, 308, "https://garner.example.org:8443//evil.example/x"},
		{"GET", "/healthz", ours, 308, "https://garner.example.org:8443/healthz"},
		{"GET", challenge + "unknown", ours, 308, "https://garner.example.org:8443" + challenge + "unknown"},
		{"GET", challenge + "known", ours, 200, ""},
		{"GET", challenge + "known", "other.example.org", 200, ""}, // whom it answers is up to the authority's client
		{"GET", "/", "other.example.org", 421, ""}, {"GET", "/", "localhost", 421, ""}, {"GET", "/", "garner", 421, ""},
		{"GET", "/", "192.168.1.2", 421, ""}, {"GET", "/", "203.0.113.5", 421, ""},
		{"POST", secret + "/dailies", ours, 403, ""}, {"POST", secret, ours, 403, ""}, {"GET", secret + "/dailies", ours, 403, ""},
		{"POST", "/garmin/wrong/dailies", ours, 403, ""}, {"POST", secret + "/dailies/x", ours, 403, ""},
		{"POST", secret + "/dailies", "localhost", 421, ""},
		{"POST", "/signin", ours, 405, ""}, {"PUT", "/", ours, 405, ""}, {"DELETE", "/people", ours, 405, ""},
		{"OPTIONS", "/", ours, 405, ""},
	} {
		// What proxies say counts for nothing here.
		resp, _ := request(t, from("127.0.0.9"), c.method, "http://"+redirect.Addr().String()+c.path, c.host,
			"X-Forwarded-Proto", "https", "X-Forwarded-Host", "garner.example.org")
		if resp.StatusCode != c.status || resp.Header.Get("Location") != c.to {
			t.Errorf("%+v: %d to %q", c, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
	for text, want := range map[string]string{
		"GET http://garner.example.org/ HTTP/1.1\r\nHost: garner.example.org\r\n\r\n": "400",
		"CONNECT garner.example.org:443 HTTP/1.1\r\nHost: garner.example.org\r\n\r\n": "405",
		"GET / HTTP/1.0\r\n\r\n": "421",
	} {
		if got := statuses(exchange(t, redirect, text)); len(got) != 1 || got[0] != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := s.Kept(); len(got) != 0 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestWithoutAPublicAddressARedirectKeepsTheName(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	plain, redirect := open(t), open(t)
	serve(t, s, server.Listeners{Plain: plain, Redirect: redirect})
	resp, _ := request(t, from("127.0.0.1"), http.MethodGet, "http://"+redirect.Addr().String()+"/x", "garner.example.org:80")
	if to := resp.Header.Get("Location"); resp.StatusCode != http.StatusPermanentRedirect || to != "https://garner.example.org/x" {
		t.Errorf("%d to %q", resp.StatusCode, to)
	}
}
