package client

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func parsed(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := parseAddress(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A name may resolve to any address, so the address is checked when connecting.
func TestNamesOfGarminNeverLeadToPrivateAddresses(t *testing.T) {
	t.Parallel()
	control := newAllowlist(parsed(t, "https://apis.garmin.com"))["apis.garmin.com:443"].ControlContext
	for _, bad := range []string{"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
		"0.0.0.0", "0.1.2.3",
		"100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1",
		"::7f00:1", "fe80::1", "fe80::1%eth0",
		"fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::127.0.0.1",
		"64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1"} {
		address := netip.AddrPortFrom(netip.MustParseAddr(bad), 443).String()
		if control(t.Context(), "tcp", address, nil) == nil {
			t.Errorf("%s is connected to", bad)
		}
	}
	if control(t.Context(), "tcp", "apis.garmin.com:443", nil) == nil {
		t.Error("an address that cannot be read is connected to")
	}
	for _, good := range []string{"104.17.1.1", "8.8.8.8", "2606:4700::1", "64:ff9b::8.8.8.8"} {
		if err := control(t.Context(), "tcp", netip.AddrPortFrom(netip.MustParseAddr(good), 443).String(), nil); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	control = newAllowlist(parsed(t, "http://localhost:7000"))["localhost:7000"].ControlContext
	for address, ok := range map[string]bool{"127.0.0.1:7000": true, "[::1]:7000": true, "8.8.8.8:7000": false,
		"10.0.0.1:7000": false} {
		if got := control(t.Context(), "tcp", address, nil) == nil; got != ok {
			t.Errorf("localhost at %s: connected to %t", address, got)
		}
	}
}

func TestOnlyConfiguredHostsCanBeDialled(t *testing.T) {
	t.Parallel()
	dialled := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { dialled++ }))
	t.Cleanup(other.Close)
	g := newGate(slog.New(slog.DiscardHandler), parsed(t, "http://127.0.0.1:1"))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, other.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Send(req, jsonWithin, 1); err == nil || MaybeSent(err) {
		t.Errorf("sent: %v", err)
	}
	if _, err := g.exchange(req, jsonWithin, 1); err == nil || MaybeSent(err) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("the transport connects: %v", err)
	}
	if dialled != 0 {
		t.Error("a host that is not configured was called")
	}
}

// A proxy from the environment would see where calls go. (Requests to loopback have none
// in any case, so only the field shows it.)
func TestNoProxyOfTheEnvironmentIsUsed(t *testing.T) {
	t.Parallel()
	transport, ok := newGate(slog.New(slog.DiscardHandler), parsed(t, "https://apis.garmin.com")).transport.(*http.Transport)
	if !ok || transport.Proxy != nil {
		t.Error("the transport asks for a proxy")
	}
}

func TestBadAddressesOfGarminAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "garmin", "//apis.garmin.com", "http://apis.garmin.com", "ftp://apis.garmin.com", "https://",
		"https:///a",
		"https://u:p@apis.garmin.com", "https://apis.garmin.com?a=b", "https://apis.garmin.com?", "https://apis.garmin.com#a",
		"https://apis.garmin.com#", "https://apis.garmin.com.", "https://apis。garmin.com", "http://10.0.0.1",
		"http://localhost.evil.example",
		"http://[::ffff:127.0.0.1]", "https://apis.garmin.com:x"} {
		good := Config{"id", "secret", "https://a.example/a", "https://a.example/t", "https://a.example/"}
		if _, err := New(good, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		authorize, token, origin := good, good, good
		authorize.AuthorizeURL, token.TokenURL, origin.APIOrigin = bad, bad, bad
		for _, cfg := range []Config{authorize, token, origin} {
			if _, err := New(cfg, slog.New(slog.DiscardHandler)); err == nil {
				t.Errorf("%q is accepted in %v", bad, cfg)
			}
		}
	}
	for _, cfg := range []Config{
		{"", "secret", "https://a.example/a", "https://a.example/t", "https://a.example"},
		{"id", "", "https://a.example/a", "https://a.example/t", "https://a.example"},
		{"id", "secret", "https://a.example/a", "https://a.example/t", "https://a.example/path"},
	} {
		if _, err := New(cfg, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%v is accepted", cfg)
		}
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	t.Parallel()
	called := false
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	c, err := New(Config{"id", "secret", srv.URL, srv.URL, srv.URL}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.UserID(t.Context(), Bearer("access-token"))
	if err == nil || called || MaybeSent(err) || errors.Is(err, ErrOpen) {
		t.Errorf("called: %t, %v", called, err)
	}
}
