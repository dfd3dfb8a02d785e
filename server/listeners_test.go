package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/server"
	"garner/server/servertest"
)

// certificate returns the configuration of a server with a certificate for
// localhost and garner.example.org, and what a client trusts it by.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost", "garner.example.org", "garner.lan"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		MinVersion:   tls.VersionTLS10, NextProtos: []string{"h2", "http/1.1", "acme-tls/1"}, // more than is offered
	}, roots
}

func TestTLSOffersNeitherOldVersionsNorHTTP2(t *testing.T) {
	t.Parallel()
	s := behind(t)
	plain, l := open(t), open(t)
	config, roots := certificate(t)
	serve(t, s, server.Listeners{Plain: plain, TLS: l, Config: config})
	for _, c := range []struct {
		oldest, newest uint16
		offers         []string
		want           string // the protocol; empty for a refusal
	}{
		{tls.VersionTLS10, tls.VersionTLS11, []string{"http/1.1"}, ""},
		{tls.VersionTLS12, tls.VersionTLS12, []string{"http/1.1"}, "http/1.1"},
		{tls.VersionTLS13, tls.VersionTLS13, []string{"h2", "http/1.1"}, "http/1.1"},
		{tls.VersionTLS13, tls.VersionTLS13, []string{"h2"}, ""},
		{tls.VersionTLS13, tls.VersionTLS13, []string{"acme-tls/1"}, "acme-tls/1"}, // challenges
	} {
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: roots, ServerName: "garner.example.org",
			MinVersion: c.oldest, MaxVersion: c.newest, NextProtos: c.offers})
		if err != nil {
			if c.want != "" {
				t.Errorf("%x %v: %v", c.newest, c.offers, err)
			}
			continue
		}
		if got := conn.ConnectionState().NegotiatedProtocol; got != c.want {
			t.Errorf("%x %v: %q, want %q", c.newest, c.offers, got, c.want)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTLSOffersAuthenticatedEncryptionOnly(t *testing.T) {
	t.Parallel()
	s := behind(t)
	plain, l := open(t), open(t)
	config, roots := certificate(t)
	serve(t, s, server.Listeners{Plain: plain, TLS: l, Config: config})
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		// The certificate has an ECDSA key.
		if slices.Contains(suite.SupportedVersions, tls.VersionTLS13) || !strings.Contains(suite.Name, "_ECDSA_") {
			continue
		}
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: roots, ServerName: "localhost",
			MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite.ID}})
		want := strings.Contains(suite.Name, "_GCM_") || strings.Contains(suite.Name, "_POLY1305_")
		if (err == nil) != want {
			t.Errorf("%s: %v", suite.Name, err)
		}
		if err == nil {
			conn.Close() //nolint:errcheck // the handshake is what counts
		}
	}
}

func TestStrictTransportSecurityIsForThePublicNameOverHTTPSOnly(t *testing.T) {
	t.Parallel()
	s := behind(t)
	plain, l := open(t), open(t)
	config, roots := certificate(t)
	serve(t, s, server.Listeners{Plain: plain, TLS: l, Config: config})
	// An unknown path of callbacks is answered as a page everywhere.
	const path = "/garmin/wrong"
	for host, want := range map[string]string{"garner.example.org": "max-age=31536000",
		"Garner.example.org:8443": "max-age=31536000", "localhost": "", "garner.lan": "", "192.168.1.2": ""} {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost"}}}
		resp, _ := request(t, client, http.MethodGet, "https://"+l.Addr().String()+path, host)
		if got := resp.Header.Get("Strict-Transport-Security"); got != want || resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d %q, want %q", host, resp.StatusCode, got, want)
		}
	}
	for _, c := range []struct{ from, proto, want string }{
		{"127.0.0.9", "https", "max-age=31536000"}, {"127.0.0.9", "http", ""}, {"127.0.0.1", "https", ""},
	} {
		resp, _ := request(t, from(c.from), http.MethodGet, "http://"+plain.Addr().String()+path, "garner.example.org",
			"X-Forwarded-For", "203.0.113.5", "X-Forwarded-Proto", c.proto)
		if got := resp.Header.Get("Strict-Transport-Security"); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestPagesAndCallbacksAreServedOverTLSUnderOurNamesOnly(t *testing.T) {
	t.Parallel()
	s := behind(t)
	plain, l := open(t), open(t)
	config, roots := certificate(t)
	serve(t, s, server.Listeners{Plain: plain, TLS: l, Config: config})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost"}}}
	for _, c := range []struct {
		host          string
		page, receive int
	}{
		{"localhost", 200, 200}, {"garner.example.org", 200, 200}, {"garner.lan", 200, 200}, {"garner", 200, 200},
		{"other.example.org", 421, 421}, {"203.0.113.5", 421, 421},
	} {
		at := "https://" + l.Addr().String()
		page, _ := request(t, client, http.MethodGet, at+"/signin", c.host)
		if page.StatusCode != c.page {
			t.Errorf("a page of %s: %d", c.host, page.StatusCode)
		}
		got, _ := request(t, client, http.MethodPost, at+"/garmin/"+servertest.Secret+"/dailies", c.host)
		if got.StatusCode != c.receive {
			t.Errorf("a callback for %s: %d", c.host, got.StatusCode)
		}
	}
}

func TestAPushIsAnsweredWhileHundredsOfConnectionsAreHeldOpen(t *testing.T) {
	t.Parallel()
	const idle, slow = 500, 200
	s := servertest.Open(t, servertest.Limits(), nil)
	plain, l := open(t), open(t)
	config, roots := certificate(t)
	serve(t, s, server.Listeners{Plain: plain, TLS: l, Config: config})
	dial := func(at net.Listener, text string) net.Conn {
		conn, err := net.Dial("tcp", at.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	for range idle / 2 {
		conn := dial(plain, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if _, err := conn.Read(make([]byte, 1)); err != nil { // idle once it is answered
			t.Fatal(err)
		}
		dial(l, "") // a handshake that never comes
	}
	var slowOnes []net.Conn
	for range slow {
		slowOnes = append(slowOnes, dial(plain, "POST /garmin/x HTTP/1.1\r\nHost: local"))
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost"}}}
	for _, at := range []string{"http://" + plain.Addr().String(), "https://" + l.Addr().String()} {
		resp, err := client.Post(at+"/garmin/"+servertest.Secret+"/dailies", "application/json", strings.NewReader(servertest.ADay))
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d, %v", at, resp.StatusCode, err)
		}
	}
	if got := s.Kept(); len(got) != 2 {
		t.Errorf("%d bodies were kept", len(got))
	}
	// The server's own deadline ends slow senders of headers.
	for _, conn := range slowOnes {
		if _, err := io.Copy(io.Discard, conn); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Fatal(err)
		}
	}
}

func TestTheServerStopsOnAllListenersOnceTheirRequestsAreDone(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	on := server.Listeners{Plain: open(t), TLS: open(t), Redirect: open(t)}
	config, roots := certificate(t)
	on.Config = config
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Serve(ctx, on) }()
	secure, err := tls.Dial("tcp", on.TLS.Addr().String(), &tls.Config{RootCAs: roots, ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	clear, err := net.Dial("tcp", on.Plain.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range []net.Conn{secure, clear} {
		defer conn.Close()
		fmt.Fprintf(conn, "POST /garmin/%s/dailies HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"+
			"Content-Length: 2\r\n\r\n", servertest.Secret)
		if n, err := conn.Read(make([]byte, 64)); err != nil || n == 0 { // the handler is reading
			t.Fatal(err)
		}
	}
	stop()
	for _, conn := range []net.Conn{secure, clear} {
		if _, err := io.WriteString(conn, "{}"); err != nil {
			t.Fatal(err)
		}
		if answer, err := io.ReadAll(conn); err != nil || !strings.Contains(string(answer), "200 OK") {
			t.Errorf("%q, %v", answer, err)
		}
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
	for _, l := range []net.Listener{on.Plain, on.TLS, on.Redirect} {
		if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
			t.Errorf("%s is still open: %v", l.Addr(), conn.Close())
		}
	}
	if got := s.Kept(); len(got) != 2 {
		t.Errorf("%d bodies were kept", len(got))
	}
}

func TestAListenerThatFailsEndsTheServer(t *testing.T) {
	t.Parallel()
	s := servertest.Open(t, servertest.Limits(), nil)
	plain, redirect := open(t), open(t)
	if err := redirect.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Server.Serve(t.Context(), server.Listeners{Plain: plain, Redirect: redirect}); err == nil {
		t.Error("no error")
	}
	if conn, err := net.Dial("tcp", plain.Addr().String()); err == nil {
		t.Errorf("the other listener is still open: %v", conn.Close())
	}
}
