package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// eavesdropper notes each secret that passes between Garner and Garmin, by its value.
type eavesdropper struct {
	garmin http.Handler
	mu     sync.Mutex
	heard  map[string]string
}

// secretNames are the fields that have secrets.
var secretNames = []string{"code", "code_verifier", "refresh_token", "access_token", "client_secret", "state", "token"}

func (e *eavesdropper) note(name, value string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(value) >= 8 && e.heard[value] == "" {
		e.heard[value] = name
	}
}

func (e *eavesdropper) noteAll(values url.Values) {
	for _, name := range secretNames {
		for _, value := range values[name] {
			e.note(name, value)
		}
	}
}

// ServeHTTP answers as Garmin does.
func (e *eavesdropper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // as lost
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	e.noteAll(r.URL.Query())
	if form, err := url.ParseQuery(string(body)); err == nil {
		e.noteAll(form)
	}
	if scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " "); scheme == "ApiKey" {
		e.note("key", credential)
	} else {
		e.note("credential", credential)
	}
	answer := httptest.NewRecorder()
	e.garmin.ServeHTTP(answer, r)
	var issued map[string]any
	if json.Unmarshal(answer.Body.Bytes(), &issued) == nil {
		if r.URL.Path == service.PersonalTokenPath {
			e.note("bearer", fmt.Sprint(issued["access_token"]))
		}
		for _, name := range secretNames {
			e.note(name, fmt.Sprint(issued[name]))
		}
	}
	if to, err := url.Parse(answer.Header().Get("Location")); err == nil {
		e.noteAll(to.Query())
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes()) //nolint:errcheck // the client went away
}

// count counts the secrets of a name.
func (e *eavesdropper) count(name string) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, other := range e.heard {
		if other == name {
			n++
		}
	}
	return n
}

// find reports the secrets in a text, but for those of some names.
func (e *eavesdropper) find(t *testing.T, where string, text []byte, but ...string) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	for value, name := range e.heard {
		if slices.Contains(but, name) {
			continue
		}
		for _, form := range []string{value, url.QueryEscape(value)} {
			if bytes.Contains(text, []byte(form)) {
				t.Errorf("%s has a %s", where, name)
				break
			}
		}
	}
}

var links = regexp.MustCompile(`href="(/[^"#]*)`)

// crawl gets all pages that links lead to, some of each kind.
func crawl(t *testing.T, b *box.Box, from ...string) map[string][]byte {
	t.Helper()
	out, kinds, client := map[string][]byte{}, map[string]int{}, b.Reader()
	digits := regexp.MustCompile(`[0-9]+`)
	for len(from) > 0 {
		next := strings.ReplaceAll(from[0], "&amp;", "&")
		from = from[1:]
		kind := digits.ReplaceAllString(next, "0")
		if _, seen := out[next]; seen || kinds[kind] > 5 || path.Base(next) == "body" || strings.HasPrefix(next, "/static") {
			continue // what was received is shown as it is
		}
		kinds[kind]++
		resp, err := client.Get("http://" + b.Addr + next)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			t.Fatal(err)
		}
		out[next] = text
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			for _, m := range links.FindAllSubmatch(text, -1) {
				from = append(from, string(m[1]))
			}
		}
	}
	return out
}

func TestNoSecretOfGarminIsInALogAPageAnExportOrADatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at some hundred pages of a running server; left out by -short")
	}
	t.Parallel()
	world := simulator.New(simulator.Config{Seed: 3, People: 1, Days: 20, Until: time.Now(), Faults: &simulator.Faults{}})
	g := box.NewGarmin(t, world, func(cfg *service.Config) {
		cfg.AccessLife, cfg.Since = 5*time.Minute, time.Now().AddDate(0, 0, -2) // so tokens are replaced
		cfg.Mode = map[string]string{}
		for _, typ := range garmin.Callbacks() {
			cfg.Mode[typ.Key] = service.ModePing
		}
		n := 0
		kinds := []service.Fault{service.ServerError, service.Unavailable, service.Redirect, service.Broken}
		var mu sync.Mutex
		cfg.Faults.EvilOrigin = "http://evil.example"
		cfg.Faults.Pick = func(r *http.Request) service.Fault {
			mu.Lock()
			defer mu.Unlock()
			switch n++; {
			case strings.Contains(r.URL.Path, "/rest/") && !strings.Contains(r.URL.Path, "/user/") && n%3 == 0,
				isPersonal(r) && n%7 == 0: // seldom, or Garner pauses
				return kinds[n%len(kinds)]
			}
			return service.NoFault
		}
	})
	e := &eavesdropper{garmin: g.Service, heard: map[string]string{}}
	g.Server.Config.Handler = e
	dir, name := t.TempDir(), world.People()[0].Name
	box.Run(t, dir, "person", "add", "--name", name)
	b := box.Start(t, dir, box.Options{Env: append(g.Env(), "GARNER_BACKFILL_KEY=production", "GARNER_LOG_LEVEL=debug",
		g.PersonalEnv()[0])})
	g.PushTo(b)
	link := g.Connect(b, name, 0, shared...)
	e.note("invitation", path.Base(link.Path))
	if err := g.Deliver(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	day := func(ago int) string { return time.Now().AddDate(0, 0, -ago).Format(time.DateOnly) }
	b.Run("backfill", "--person", name, "--from", day(20), "--to", day(9), "--detach")
	for _, what := range []string{"/callback?code=a-code-that-is-false&state=a-state-that-is-false", "/a-token-that-is-false"} {
		resp, err := box.NewClient().Get("http://" + b.Addr + "/connect/garmin" + what)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	e.note("false code", "a-code-that-is-false")
	e.note("false state", "a-state-that-is-false")
	e.note("false invitation", "a-token-that-is-false")
	box.Until(t, "much was fetched, and calls failed", time.Minute, func() bool {
		if err := g.Deliver(t.Context(), time.Now().Add(10*time.Minute)); err != nil {
			t.Fatal(err)
		}
		failed := slices.DeleteFunc(g.Requests(), func(q service.Request) bool { return q.Fault == service.NoFault })
		return e.count("token") > 10 && len(failed) > 10
	})
	e.useKeys(t, g, b, name)
	pages := crawl(t, b, "/", "/people", "/metrics", "/inbox", "/audit", "/alerts", "/settings", "/backfill")
	for where, text := range pages {
		e.find(t, where, text)
	}
	for _, args := range [][]string{{"person", "list", "--json"}, {"inbox", "--json"}, {"check"}} {
		e.find(t, strings.Join(args, " "), []byte(b.Run(args...)))
	}
	e.findInFiles(t, b)
	b.Stop()
	e.find(t, "the log", []byte(b.Log.String()))
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // a folder
		}
		but := []string{"token"} // of a ping that is still to be fetched
		if strings.HasPrefix(filepath.Base(file), "inbox.db") {
			but = append(but, "credential") // as above: pings are kept as received
		}
		e.find(t, filepath.Base(file), text, but...)
	}
	for _, name := range []string{"code", "code_verifier", "refresh_token", "client_secret", "state", "token", "invitation", "key",
		"bearer"} {
		if e.count(name) == 0 {
			t.Errorf("there was no %s to look for", name)
		}
	}
	if len(pages) < 50 {
		t.Errorf("%d pages", len(pages))
	}
}
