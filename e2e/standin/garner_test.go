package standin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"
)

const callbackSecret = "a-secret-for-tests-only"

// program builds garner once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "garner-standin")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "garner")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = filepath.Join("..", "..")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", &os.PathError{Op: "build: " + string(out), Path: path, Err: err}
	}
	return path, nil
})

// garner is a running one, and its folder.
type garner struct {
	t    *testing.T
	path string
	env  []string
	addr string
	log  *lockedBuffer
	stop func() // ends it; may be called again
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var servesAt = regexp.MustCompile(`garner serves.*address=http://(\S+)`)

func start(t *testing.T, listen string, env ...string) *garner {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	g := &garner{t: t, path: path, log: &lockedBuffer{}, stop: func() {}}
	g.env = append(append(os.Environ(), "GARNER_LISTEN="+listen, "GARNER_DATA_DIR="+t.TempDir(),
		"GARNER_GARMIN_CALLBACK_SECRET="+callbackSecret, "GARNER_LIMITS_MIN_FREE_BYTES=1MiB",
		"GARNER_GARMIN_CLIENT_ID="+clientID, "GARNER_GARMIN_CLIENT_SECRET="+clientSecret), env...)
	t.Cleanup(func() {
		g.stop()
		if t.Failed() {
			t.Log(g.log.String())
		}
	})
	g.serve()
	return g
}

// restart ends it and starts it again over the same folder.
func (g *garner) restart() {
	g.t.Helper()
	g.stop()
	g.serve()
}

func (g *garner) serve() {
	t := g.t
	t.Helper()
	cmd := exec.Command(g.path, "serve")
	cmd.Env = g.env
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(io.TeeReader(stderr, g.log))
		for lines.Scan() {
			if m := servesAt.FindStringSubmatch(lines.Text()); m != nil {
				ready <- m[1]
			}
		}
		_ = cmd.Wait() // it is killed
	}()
	g.stop = func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may be gone
		<-done
	}
	select {
	case g.addr = <-ready:
	case <-done:
		t.Fatal("garner ended before it served")
	case <-time.After(time.Minute):
		t.Fatal("garner did not start")
	}
}

// run runs a command and returns what it printed.
func (g *garner) run(args ...string) string {
	g.t.Helper()
	cmd := exec.Command(g.path, args...)
	cmd.Env = g.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		g.t.Fatalf("garner %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// fails runs a command that must end with status 1, and returns what it printed.
func (g *garner) fails(args ...string) string {
	g.t.Helper()
	cmd := exec.Command(g.path, args...)
	cmd.Env = g.env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		g.t.Fatalf("garner %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// push posts a callback.
func (g *garner) push(typ, body string) {
	g.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+g.addr+"/garmin/"+callbackSecret+"/"+typ, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("garmin-client-id", clientID)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		g.t.Fatalf("%s answered %s", typ, res.Status)
	}
}

// until waits until garner shows what is claimed.
func (g *garner) until(claim string, holds func() bool) {
	g.t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			g.t.Fatalf("not so within a minute: %s", claim)
		case <-tick.C:
		}
	}
}

// person is what person list says of the one person.
func (g *garner) person() map[string]any {
	g.t.Helper()
	var list []map[string]any
	if err := json.Unmarshal([]byte(g.run("person", "list", "--json")), &list); err != nil || len(list) != 1 {
		g.t.Fatalf("%d people, %v", len(list), err)
	}
	return list[0]
}

// connection is the state of the one person's.
func (g *garner) connection() string {
	g.t.Helper()
	c, ok := g.person()["connection"].(map[string]any)
	if !ok {
		g.t.Fatal("person list has no connection")
	}
	state, _ := c["state"].(string)
	return state
}

// steps exports the daily steps, one line each without the header.
func (g *garner) steps() []string {
	g.t.Helper()
	out := strings.Split(strings.TrimSpace(g.run("export", "--person", "all", "--type", "dailies")), "\n")
	return out[1:]
}

// browser is one that keeps cookies and stops at no redirect.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second}
}

// page is one as a browser got it.
type page struct {
	url    *url.URL
	status int
	text   string
	forms  []form
}

type form struct {
	action, method string
	values         url.Values
}

func read(t *testing.T, res *http.Response, err error) page {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	p := page{url: res.Request.URL, status: res.StatusCode, text: string(body)}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		switch n.Data {
		case "form":
			p.forms = append(p.forms, form{attr(n, "action"), strings.ToUpper(attr(n, "method")), url.Values{}})
		case "input", "button":
			if name := attr(n, "name"); name != "" && len(p.forms) > 0 {
				p.forms[len(p.forms)-1].values.Add(name, attr(n, "value"))
			}
		}
	}
	return p
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// submit sends the page's one form of its own that is a POST.
func (p page) submit(t *testing.T, with *http.Client) page {
	t.Helper()
	var posts []form
	for _, f := range p.forms {
		if f.method == http.MethodPost && f.action != "/theme" { // which every page has
			posts = append(posts, f)
		}
	}
	if len(posts) != 1 {
		t.Fatalf("%s (%d) has %d forms to post, not one:\n%s", p.url, p.status, len(posts), p.text)
	}
	to, err := p.url.Parse(posts[0].action)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(posts[0].values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.url.Scheme+"://"+p.url.Host)
	res, err := with.Do(req)
	return read(t, res, err)
}
