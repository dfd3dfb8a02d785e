package service

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/garmin/simulator"
)

var start = time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

// garmin is a service behind a real server, at a time that the test sets.
type garmin struct {
	*Service
	t      *testing.T
	url    string
	client *http.Client

	mu     sync.Mutex
	now    time.Time
	pushed []simulator.Delivery
}

func newGarmin(t *testing.T, cfg Config) *garmin {
	t.Helper()
	g := &garmin{t: t, now: start}
	world := simulator.New(simulator.Config{Seed: 1, People: 2, Days: 60, Until: start, Faults: &simulator.Faults{}})
	cfg.ClientID, cfg.ClientSecret = "the-client", "the-secret"
	cfg.Now = g.time
	cfg.Push = func(_ context.Context, d simulator.Delivery) error {
		g.pushed = append(g.pushed, d)
		return nil
	}
	server := httptest.NewUnstartedServer(nil)
	cfg.Origin = "http://" + server.Listener.Addr().String()
	g.Service = New(world, cfg)
	server.Config.Handler = g.Service
	server.Start()
	t.Cleanup(server.Close)
	g.url = server.URL
	g.client = server.Client()
	g.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return g
}

func (g *garmin) time() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

func (g *garmin) pass(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now = g.now.Add(d)
}

// deliver returns what is pushed by now.
func (g *garmin) deliver() []simulator.Delivery {
	g.t.Helper()
	g.pushed = nil
	if err := g.Deliver(g.t.Context(), g.time()); err != nil {
		g.t.Fatal(err)
	}
	return g.pushed
}

// response is an answer with its body.
type response struct {
	*http.Response
	body string
}

func (r response) field(name string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(r.body), &fields) != nil {
		return ""
	}
	s, _ := fields[name].(string)
	return s
}

func (g *garmin) do(method, path, token string, form url.Values) response {
	g.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.url+path, body)
	if err != nil {
		g.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := g.client.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return response{res, string(all)}
}

func (g *garmin) get(path, token string) response {
	g.t.Helper()
	return g.do("GET", path, token, nil)
}

func (g *garmin) expect(status int, what string, r response) {
	g.t.Helper()
	if r.StatusCode != status {
		g.t.Errorf("%s: answered %d, not %d: %s", what, r.StatusCode, status, r.body)
	}
}

const verifier = "a-verifier-of-at-least-forty-three-characters"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

const callback = "http://127.0.0.1:9/connect/garmin/callback"

// consentForm is a complete request to sign in as the first person.
func consentForm() url.Values {
	return url.Values{"client_id": {"the-client"}, "redirect_uri": {callback}, "response_type": {"code"},
		"code_challenge": {challenge()}, "code_challenge_method": {"S256"}, "state": {"a state"}, "person": {"0"},
		"permission": {HealthExport, ActivityExport}, "decision": {"agree"}}
}

// code signs in and returns the code.
func (g *garmin) code() string {
	g.t.Helper()
	res := g.do("POST", AuthorizePath, "", consentForm())
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusSeeOther {
		g.t.Fatalf("%d, %v", res.StatusCode, err)
	}
	if back.Query().Get("state") != "a state" || !strings.HasPrefix(back.String(), callback+"?") {
		g.t.Fatalf("leads to %s", back)
	}
	return back.Query().Get("code")
}

func tokenForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "client_id": {"the-client"}, "client_secret": {"the-secret"},
		"code": {code}, "code_verifier": {verifier}, "redirect_uri": {callback}}
}

func refreshForm(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "client_id": {"the-client"}, "client_secret": {"the-secret"},
		"refresh_token": {token}}
}

// with is a form with other values; an empty one removes the field.
func with(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	if value == "" {
		form.Del(name)
	}
	return form
}
