package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/server/certs/acmetest"
)

// doors are the addresses of a box with certificates of its own.
type doors struct{ http, https string }

func newDoors(t *testing.T) doors { return doors{freeAddress(t), freeAddress(t)} }

// environment opens them, under the public name.
func (d doors) environment(more ...string) []string {
	return append(more, "GARNER_PUBLIC_URL=https://"+siteName, "GARNER_LISTEN_HTTP="+d.http,
		"GARNER_LISTEN_HTTPS="+d.https)
}

func port(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// client is a browser elsewhere, for which the public name is this machine. It follows
// no redirect.
func (d doors) client(t *testing.T, roots *x509.CertPool) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Timeout: 20 * time.Second, Jar: jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			at := map[string]string{siteName + ":80": d.http, siteName + ":443": d.https}[to]
			return new(net.Dialer).DialContext(ctx, network, at)
		},
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// shown is the certificate that a handshake with a name shows.
func (d doors) shown(roots *x509.CertPool, name string) ([]byte, error) {
	conn, err := tls.Dial("tcp", d.https, &tls.Config{RootCAs: roots, ServerName: name})
	if err != nil {
		return nil, err
	}
	return conn.ConnectionState().PeerCertificates[0].Raw, conn.Close()
}

// answer reads an answer to its end.
func answer(t *testing.T, resp *http.Response, err error) (*http.Response, string) {
	t.Helper()
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

func TestACertificateComesWhilePagesAreServedAndIsKeptAcrossRestarts(t *testing.T) {
	t.Parallel()
	d, dir := newDoors(t), t.TempDir()
	ca := acmetest.New(t, acmetest.Options{HTTPPort: port(t, d.http), TLSPort: port(t, d.https)})
	release := ca.Hold(t)
	env := d.environment("GARNER_TLS_MODE=acme", "GARNER_TLS_CA="+ca.Directory, "GARNER_TLS_CA_ROOT="+ca.RootFile)
	b := box.Start(t, dir, box.Options{Env: env})
	resp, err := box.NewClient().Get("http://" + b.Addr + "/signin")
	if resp, _ := answer(t, resp, err); resp.StatusCode != http.StatusOK {
		t.Errorf("before the certificate a page is answered %s", resp.Status)
	}
	if _, err := d.shown(ca.Roots, siteName); err == nil {
		t.Error("a certificate is shown before there is one")
	}
	release()
	first := d.certificate(t, ca)
	d.wantCallbacksOverHTTPSOnly(t, ca.Roots, dir)
	box.AddAdmin(t, dir)
	d.wantSignInOverHTTPS(t, ca.Roots)
	d.wantNothingUnderForeignNames(t, ca.Roots)

	orders := ca.Orders()
	b.Stop()
	box.Start(t, dir, box.Options{Env: env})
	if again := d.certificate(t, ca); !bytes.Equal(first, again) {
		t.Error("another certificate is shown after the restart")
	}
	if got := ca.Orders(); orders != 1 || got != orders {
		t.Errorf("%d orders, and %d after a handshake with foreign names and a restart", orders, got)
	}
}

// certificate waits until one is shown for the public name.
func (d doors) certificate(t *testing.T, ca *acmetest.CA) (raw []byte) {
	t.Helper()
	box.Until(t, "a certificate is shown", 20*time.Second, func() (yes bool) {
		var err error
		raw, err = d.shown(ca.Roots, siteName)
		return err == nil
	})
	return raw
}

func (d doors) wantCallbacksOverHTTPSOnly(t *testing.T, roots *x509.CertPool, dir string) {
	t.Helper()
	client := d.client(t, roots)
	kept, refused := `{"dailies":[]}`, `{"sleeps":[]}`
	post := func(url, body string) int {
		resp, err := client.Post(url, "application/json;charset=UTF-8", strings.NewReader(body))
		resp, _ = answer(t, resp, err)
		return resp.StatusCode
	}
	if status := post(callbacks+"/dailies", kept); status != http.StatusOK {
		t.Errorf("a callback over HTTPS is answered %d", status)
	}
	if status := post(strings.Replace(callbacks, "https", "http", 1)+"/sleeps", refused); status != http.StatusForbidden {
		t.Errorf("a callback over plain HTTP is answered %d", status)
	}
	have := box.Sums(t, dir)
	if _, ok := have[sha256.Sum256([]byte(kept))]; !ok || len(have) != 1 {
		t.Errorf("%d deliveries are kept, and not that over HTTPS alone", len(have))
	}
}

func (d doors) wantSignInOverHTTPS(t *testing.T, roots *x509.CertPool) {
	t.Helper()
	client := d.client(t, roots)
	resp, err := client.Get("http://" + siteName + "/settings?a=b")
	resp, _ = answer(t, resp, err)
	if to := resp.Header.Get("Location"); resp.StatusCode != http.StatusPermanentRedirect ||
		to != "https://"+siteName+"/settings?a=b" {
		t.Errorf("a page over plain HTTP: %s to %q", resp.Status, to)
	}
	resp, err = client.PostForm("https://"+siteName+"/signin",
		url.Values{"name": {box.Admin}, "password": {box.Password}})
	resp, _ = answer(t, resp, err)
	session := false
	for _, c := range resp.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
			t.Errorf("the cookie %s", c)
		}
		session = session || c.Name == "__Host-garner"
	}
	if !session || resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the sign-in is answered %s with the cookies %v", resp.Status, resp.Cookies())
	}
	resp, err = client.Get("https://" + siteName + "/")
	resp, text := answer(t, resp, err)
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, `data-testid="signed-in"`) {
		t.Errorf("Home is answered %s, signed in or not", resp.Status)
	}
	if got := resp.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
}

func (d doors) wantNothingUnderForeignNames(t *testing.T, roots *x509.CertPool) {
	t.Helper()
	for _, name := range []string{"other.example.org", "www." + siteName, "127.0.0.1"} {
		if _, err := d.shown(roots, name); err == nil || !strings.Contains(err.Error(), "remote error: tls:") {
			t.Errorf("a handshake with %s: %v", name, err)
		}
	}
}

func TestACertificateThatIsReplacedIsServedWithoutARestart(t *testing.T) {
	t.Parallel()
	d, old, renewed := newDoors(t), box.SelfMade(t, siteName), box.SelfMade(t, siteName)
	box.Start(t, t.TempDir(), box.Options{Env: d.environment("GARNER_TLS_MODE=files",
		"GARNER_TLS_CERT_FILE="+old.CertFile, "GARNER_TLS_KEY_FILE="+old.KeyFile)})
	if _, err := d.shown(old.Pool, siteName); err != nil {
		t.Fatal(err)
	}
	client := d.client(t, old.Pool)
	open, err := client.Get("https://" + siteName + "/signin") // keeps its connection
	answer(t, open, err)
	for from, to := range map[string]string{renewed.CertFile: old.CertFile, renewed.KeyFile: old.KeyFile} {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	box.Until(t, "the new certificate is shown", 30*time.Second, func() bool {
		_, err := d.shown(renewed.Pool, siteName)
		return err == nil
	})
	open, err = client.Get("https://" + siteName + "/signin")
	if resp, _ := answer(t, open, err); resp.StatusCode != http.StatusOK {
		t.Errorf("the connection from before is answered %s", resp.Status)
	}
}
