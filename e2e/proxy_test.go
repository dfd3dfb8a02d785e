package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
)

// siteName is the name in the documented configurations.
const siteName = "garner.example.org"

// proxy is a proxy of Debian that runs with a configuration of docs/install.
type proxy struct {
	client      *http.Client
	logs        func() string
	http, https string // addresses
}

// proxies start them, in front of an address.
var proxies = map[string]func(t *testing.T, upstream string) *proxy{"nginx": startNginx, "caddy": startCaddy}

func startNginx(t *testing.T, upstream string) *proxy {
	program, dir, c := tool(t, "nginx"), t.TempDir(), box.SelfMade(t, siteName)
	p := &proxy{http: freeAddress(t), https: freeAddress(t)}
	site := filled(t, "nginx.conf", [][2]string{
		{"listen 80;", "listen " + p.http + ";"}, {"listen [::]:80;", ""},
		{"listen 443 ssl;", "listen " + p.https + " ssl;"}, {"listen [::]:443 ssl;", ""},
		{"/etc/letsencrypt/live/garner.example.org/fullchain.pem", c.CertFile},
		{"/etc/letsencrypt/live/garner.example.org/privkey.pem", c.KeyFile},
		{"proxy_pass http://127.0.0.1:8080", "proxy_pass http://" + upstream},
	})
	var temporary strings.Builder
	for _, of := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temporary, "%s_temp_path %s/%s;\n", of, dir, of)
	}
	write(t, filepath.Join(dir, "nginx.conf"), fmt.Sprintf(
		"daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log info; events {}\n"+
			"http {\naccess_log %[1]s/access.log;\n%[2]s\n%[3]s}\n", dir, &temporary, site))
	p.run(t, c, exec.Command(program, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", filepath.Join(dir, "nginx.conf")),
		filepath.Join(dir, "error.log"), filepath.Join(dir, "access.log"))
	return p
}

func startCaddy(t *testing.T, upstream string) *proxy {
	program, dir, c := tool(t, "caddy"), t.TempDir(), box.SelfMade(t, siteName)
	p := &proxy{http: freeAddress(t), https: freeAddress(t)}
	_, httpPort, _ := net.SplitHostPort(p.http)
	_, httpsPort, _ := net.SplitHostPort(p.https)
	write(t, filepath.Join(dir, "Caddyfile"), filled(t, "Caddyfile", [][2]string{
		{"\n{\n", "\n{\nadmin off\ndefault_bind 127.0.0.1\nhttp_port " + httpPort + "\nhttps_port " + httpsPort + "\n"},
		{"\ngarner.example.org {\n", "\ngarner.example.org {\ntls " + c.CertFile + " " + c.KeyFile + "\n"},
		{"127.0.0.1:8080", upstream},
	}))
	cmd := exec.Command(program, "run", "--adapter", "caddyfile", "--config", filepath.Join(dir, "Caddyfile"))
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	p.run(t, c, cmd)
	return p
}

// filled returns a documented configuration with parts replaced. Each must be
// there.
func filled(t *testing.T, name string, parts [][2]string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "install", name))
	if err != nil {
		t.Fatal(err)
	}
	out := string(text)
	for _, part := range parts {
		if !strings.Contains(out, part[0]) {
			t.Fatalf("docs/install/%s does not say %q", name, part[0])
		}
		out = strings.ReplaceAll(out, part[0], part[1])
	}
	return out
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts the proxy and waits until it takes connections. Its logs are what
// it prints, and the files.
func (p *proxy) run(t *testing.T, c box.Certificate, cmd *exec.Cmd, files ...string) {
	t.Helper()
	printed := &box.LockedBuffer{}
	cmd.Stdout, cmd.Stderr = printed, printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may be gone
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	p.logs = func() string {
		text := printed.String()
		for _, path := range files {
			more, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text += string(more)
		}
		return text
	}
	address := map[string]string{"80": p.http, "443": p.https}
	p.client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: c.Pool},
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(to)
			return new(net.Dialer).DialContext(ctx, network, address[port])
		},
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(p.client.CloseIdleConnections)
	box.Until(t, filepath.Base(cmd.Path)+" takes connections", 10*time.Second, func() bool {
		conn, err := tls.Dial("tcp", p.https, &tls.Config{RootCAs: c.Pool, ServerName: siteName})
		return err == nil && conn.Close() == nil
	})
}

// post sends a body and returns the status.
func (p *proxy) post(t *testing.T, address string, body []byte) int {
	t.Helper()
	resp, err := p.client.Post(address, "application/json;charset=UTF-8", bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%v\n%s", err, p.logs())
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

const callbacks = "https://" + siteName + "/garmin/" + box.Secret

func TestCallbacksOfAnySizePassThroughTheDocumentedProxiesAndAreKept(t *testing.T) {
	t.Parallel()
	for name, start := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			b := box.Start(t, dir, box.Options{Env: []string{"GARNER_PUBLIC_URL=https://" + siteName,
				"GARNER_JOBS_WORKERS=0"}})
			p := start(t, b.Addr)
			varied := make([]byte, 20<<20)
			rand.Read(varied) //nolint:errcheck // it never fails
			kept := [][]byte{[]byte(`{"dailies":[]}`), varied, bytes.Repeat([]byte(" "), 128<<20)}
			for _, body := range kept {
				if status := p.post(t, callbacks+"/dailies", body); status != http.StatusOK {
					t.Errorf("%d bytes: %d\n%s", len(body), status, p.logs())
				}
			}
			if status := p.post(t, callbacks+"/dailies", make([]byte, 128<<20+1)); status != http.StatusRequestEntityTooLarge {
				t.Errorf("more than the limit: %d", status)
			}
			if status := p.post(t, strings.Replace(callbacks, "https", "http", 1), nil); status != http.StatusForbidden {
				t.Errorf("over plain HTTP: %d", status)
			}
			have := box.Sums(t, dir)
			for _, body := range kept {
				if _, ok := have[sha256.Sum256(body)]; !ok {
					t.Errorf("the body of %d bytes is not in the inbox", len(body))
				}
			}
			if len(have) != len(kept) {
				t.Errorf("%d deliveries, want %d", len(have), len(kept))
			}
		})
	}
}

// The upstream stands in for Garner here, to see what the proxy passes on.
func TestTheDocumentedProxiesSayWhoAsksAndNotWhatTheClientClaims(t *testing.T) {
	t.Parallel()
	for name, start := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan *http.Request, 1)
			upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r }))
			t.Cleanup(upstream.Close)
			p := start(t, upstream.Listener.Addr().String())
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+siteName+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} {
				req.Header.Set(name, "10.9.8.7")
			}
			resp, err := p.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			got := <-asked
			for name, want := range map[string]string{
				"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": siteName,
			} {
				if all := got.Header.Values(name); len(all) != 1 || all[0] != want {
					t.Errorf("%s is %q, want %q alone", name, all, want)
				}
			}
			if got.Host != siteName {
				t.Errorf("Host is %q", got.Host)
			}
		})
	}
}

// The upstream sends each part when the client has read the one before it: it
// would wait for ever for a proxy that collects an answer before it passes it on.
func TestTheDocumentedProxiesPassAnswersOnAsTheyCome(t *testing.T) {
	t.Parallel()
	for name, start := range proxies {
		for kind, part := range map[string][]byte{
			"text/event-stream": []byte("event: change\n\n"), "application/zip": make([]byte, 8<<20),
		} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				read := make(chan struct{})
				upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", kind)
					for range 3 {
						w.Write(part) //nolint:errcheck // the client notices
						http.NewResponseController(w).Flush()
						select {
						case <-read:
						case <-r.Context().Done():
							return
						}
					}
				}))
				t.Cleanup(upstream.Close)
				p := start(t, upstream.Listener.Addr().String())
				resp, err := p.client.Get("https://" + siteName + "/")
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				for range 3 {
					got := make([]byte, len(part))
					if _, err := io.ReadFull(resp.Body, got); err != nil || !bytes.Equal(got, part) {
						t.Fatalf("a part did not come: %v", err)
					}
					read <- struct{}{}
				}
			})
		}
	}
}

func TestTheDocumentedProxiesLogNoCallbackSecret(t *testing.T) {
	t.Parallel()
	for name, start := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, freeAddress(t)) // where nothing answers
			if status := p.post(t, callbacks+"/dailies", []byte("{}")); status != http.StatusBadGateway {
				t.Errorf("without Garner: %d", status)
			}
			resp, err := p.client.Get("https://" + siteName + "/people")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			box.Until(t, "the log names the page", 10*time.Second, func() bool {
				return strings.Contains(p.logs(), "/people")
			})
			if strings.Contains(p.logs(), box.Secret) {
				t.Errorf("the secret is in the log:\n%s", p.logs())
			}
		})
	}
}
