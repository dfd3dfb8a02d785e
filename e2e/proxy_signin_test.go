package e2e

import (
	archivezip "archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

const (
	site   = "https://" + siteName
	forged = "10.9.8.7"
)

// The client claims another address, and the pages show the one it has.
func TestThroughTheDocumentedProxiesOneSignsInWatchesAndDownloads(t *testing.T) {
	t.Parallel()
	for name, start := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			world, deliveries := box.Household(1, 2)
			box.AddPeople(t, dir, world)
			box.AddAdmin(t, dir)
			b := box.Start(t, dir, box.Options{Env: []string{"GARNER_PUBLIC_URL=" + site,
				"GARNER_TRUSTED_PROXIES=127.0.0.1"}})
			p := start(t, b.Addr)
			p.signIn(t)
			for _, path := range []string{"/settings", "/audit"} {
				page := string(p.read(t, p.ask(t, http.MethodGet, path, nil)))
				if !strings.Contains(page, clientAddress) || strings.Contains(page, forged) {
					t.Errorf("%s does not show that the client is %s:\n%s", path, clientAddress, page)
				}
			}
			events := p.ask(t, http.MethodGet, "/events", nil)
			lines := bufio.NewScanner(events.Body)
			if !lines.Scan() || lines.Text() != ": hello" {
				t.Fatalf("the event stream begins %q, %v", lines.Text(), lines.Err())
			}
			pusher := &simulator.Pusher{URL: callbacks, Client: p.client, Parallel: 4}
			for _, d := range deliveries {
				if err := pusher.Push(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			for lines.Text() != "event: change" {
				if !lines.Scan() {
					t.Fatalf("the event stream ends before it tells of a push: %v", lines.Err())
				}
			}
			b.Drained()
			p.downloads(t)
		})
	}
}

// signIn signs in as the admin. The client keeps the cookie.
func (p *proxy) signIn(t *testing.T) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.client.Jar = jar
	form := url.Values{"name": {box.Admin}, "password": {box.Password}}
	resp := p.ask(t, http.MethodPost, "/signin", strings.NewReader(form.Encode()))
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/" {
		t.Fatalf("sign-in: %s, to %q", resp.Status, resp.Header.Get("Location"))
	}
	for _, c := range resp.Cookies() {
		if c.Name == "__Host-garner" && c.Secure && c.HttpOnly && c.Path == "/" && c.Domain == "" {
			return
		}
	}
	t.Errorf("sign-in sets %q", resp.Header.Values("Set-Cookie"))
}

// ask sends a request that claims to come from another address.
func (p *proxy) ask(t *testing.T, method, path string, form io.Reader) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, site+path, form)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", forged)
	req.Header.Set("X-Forwarded-Proto", "http")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.client.Do(req)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.logs())
	}
	t.Cleanup(func() { resp.Body.Close() }) //nolint:errcheck // it was read
	return resp
}

// read returns the body of an answer of 200.
func (p *proxy) read(t *testing.T, resp *http.Response) []byte {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", resp.Request.URL, resp.Status, err, p.logs())
	}
	return body
}

// downloads tests that the export has the days that were pushed.
func (p *proxy) downloads(t *testing.T) {
	t.Helper()
	body := p.read(t, p.ask(t, http.MethodGet, "/export.zip", nil))
	archive, err := archivezip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive.Open("dailies.csv")
	if err != nil {
		t.Fatalf("%v, in %d files", err, len(archive.File))
	}
	defer file.Close() //nolint:errcheck // it was read
	if rows, err := csv.NewReader(file).ReadAll(); err != nil || len(rows) < 2 {
		t.Errorf("%d rows of dailies, %v", len(rows), err)
	}
}
