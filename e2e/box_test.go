package e2e

import (
	"bufio"
	"bytes"
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/simulator"
)

// These tests run the built program as its users do: a process, a folder,
// HTTP. Nothing in them reaches into it.

var builds struct {
	sync.Mutex
	done map[string]string
}

// program builds garner, once per set of linker flags, and gives its path.
func program(t testing.TB, ldflags string) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if path, ok := builds.done[ldflags]; ok {
		return path
	}
	dir, err := os.MkdirTemp("", "garner-test-")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "garner")
	out, err := exec.Command("go", "build", "-ldflags", ldflags, "-o", path, "garner").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if builds.done == nil {
		builds.done = map[string]string{}
	}
	builds.done[ldflags] = path
	return path
}

func TestMain(m *testing.M) {
	status := m.Run()
	for _, path := range builds.done {
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(status)
}

const testSecret = "a-secret-for-tests-only"

// box is a running garner.
type box struct {
	t    testing.TB
	dir  string
	addr string
	cmd  *exec.Cmd
	log  *lockedBuffer
	done chan error
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

// how a box is started; the zero value is the plain way.
type how struct {
	program string // another one than this, by its path
	ldflags string
	under   []string // a command that runs it, such as strace
	env     []string
	// says is the line that gives its address; nil stands for servesAt.
	says *regexp.Regexp
}

var servesAt = regexp.MustCompile(`garner serves.*address=http://(\S+)`)

func environment(dir string, extra []string) []string {
	env := append(os.Environ(), "GARNER_LISTEN=127.0.0.1:0", "GARNER_DATA_DIR="+dir,
		"GARNER_GARMIN_CALLBACK_SECRET="+testSecret,
		"GARNER_LIMITS_MIN_FREE_BYTES=1MiB")
	return append(env, extra...)
}

// start runs garner serve over dir and waits until it answers, or until it
// says where it will.
func start(t testing.TB, dir string, h how) *box {
	t.Helper()
	path := h.program
	if path == "" {
		path = program(t, h.ldflags)
	}
	args := append(append([]string{}, h.under...), path, "serve")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = environment(dir, h.env)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b := &box{t: t, dir: dir, cmd: cmd, log: &lockedBuffer{}, done: make(chan error, 1)}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(io.TeeReader(stderr, b.log))
		for lines.Scan() {
			if m := cmp.Or(h.says, servesAt).FindStringSubmatch(lines.Text()); m != nil {
				ready <- m[1]
			}
		}
		b.done <- cmd.Wait()
	}()
	select {
	case b.addr = <-ready:
	case err := <-b.done:
		t.Fatalf("garner ended before it served: %v\n%s", err, b.log)
	case <-time.After(60 * time.Second):
		b.kill()
		t.Fatalf("garner did not start:\n%s", b.log)
	}
	t.Cleanup(b.kill)
	return b
}

// kill ends the process group without notice. It may be called again.
func (b *box) kill() {
	select {
	case err := <-b.done:
		b.done <- err
	default:
		syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // it may be gone
	}
}

// wait waits for the process to end.
func (b *box) wait() error {
	b.t.Helper()
	select {
	case err := <-b.done:
		b.done <- err
		return err
	case <-time.After(30 * time.Second):
		b.t.Fatalf("garner did not end:\n%s", b.log)
		return nil
	}
}

// stop asks the process to end and waits until it has.
func (b *box) stop() {
	b.t.Helper()
	if err := syscall.Kill(b.cmd.Process.Pid, syscall.SIGTERM); err != nil {
		b.t.Fatal(err)
	}
	if err := b.wait(); err != nil {
		b.t.Fatalf("garner ended with %v:\n%s", err, b.log)
	}
}

// command runs another garner command over the same folder.
func (b *box) command(args ...string) string {
	b.t.Helper()
	return garner(b.t, b.dir, args...)
}

func garner(t testing.TB, dir string, args ...string) string {
	t.Helper()
	return runs(t, program(t, ""), dir, args...)
}

// runs runs a command of a garner.
func runs(t testing.TB, program, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = environment(dir, nil)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("garner %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}

// post sends a callback and gives the status, or the error of a line that
// broke.
func post(client *http.Client, addr, typ string, body []byte) (int, error) {
	resp, err := client.Post("http://"+addr+"/garmin/"+testSecret+"/"+typ, "application/json;charset=UTF-8",
		bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, errors.Join(err, resp.Body.Close())
}

func newClient() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, Proxy: nil}}
}

// counts asks for the inbox's states.
func (b *box) counts() (c db.Counts) {
	b.t.Helper()
	if err := json.Unmarshal([]byte(b.command("inbox", "--json")), &c); err != nil {
		b.t.Fatal(err)
	}
	return c
}

// drained waits until nothing waits any more, as the metrics tell: a command
// for each look would take its time from what it waits for.
func (b *box) drained() (c db.Counts) {
	b.t.Helper()
	until(b.t, "nothing waits", 2*time.Minute, func() bool {
		states, err := b.states()
		c = db.Counts{Waiting: states["waiting"], Fetching: states["fetching"], Done: states["done"],
			Parked:      states["parked"],
			Quarantined: states["quarantined"], Orphaned: states["orphaned"]}
		return err == nil && len(states) > 0 && c.Waiting == 0
	})
	return c
}

// derived waits until nothing waits to be derived.
func (b *box) derived() {
	b.t.Helper()
	conn := readOnly(b.t, filepath.Join(b.dir, "garner.db"))
	defer conn.Close()
	until(b.t, "all is derived", time.Minute, func() bool {
		var n int
		return conn.QueryRow(`select count(*) from dirty`).Scan(&n) == nil && n == 0
	})
}

var stateLine = regexp.MustCompile(`(?m)^garner_inbox_deliveries\{state="(\w+)"\} (\d+)$`)

// states are the numbers of deliveries by their state.
func (b *box) states() (map[string]int64, error) {
	resp, err := http.Get("http://" + b.addr + "/metrics")
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(resp.Body)
	out := map[string]int64{}
	for _, m := range stateLine.FindAllStringSubmatch(string(text), -1) {
		if out[m[1]], err = strconv.ParseInt(m[2], 10, 64); err != nil {
			return nil, err
		}
	}
	return out, errors.Join(err, resp.Body.Close())
}

// household is some pretend people and what Garmin would push of their last
// days.
func household(people, days int) (*simulator.World, []simulator.Delivery) {
	w := simulator.New(simulator.Config{Seed: 7, People: people, Days: days, Until: lastNoon})
	var out []simulator.Delivery
	for d := range w.History() {
		if len(d.Body) < 200<<10 { // long activities would only make the tests slow
			out = append(out, d)
		}
	}
	return w, out
}

func addPeople(t testing.TB, dir string, w *simulator.World) {
	t.Helper()
	for _, p := range w.People() {
		garner(t, dir, "person", "add", "--name", p.Name, "--garmin-user-id", p.UserID)
	}
}

// sums gives the SHA-256 of every body that the inbox holds.
func sums(t testing.TB, dir string) map[[32]byte]int64 {
	t.Helper()
	conn := readOnly(t, filepath.Join(dir, "inbox.db"))
	defer conn.Close() // at once: the file system may be about to be unmounted
	rows, err := conn.Query(`select id, sha256 from delivery`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[[32]byte]int64{}
	for rows.Next() {
		var id int64
		var sum []byte
		if err := rows.Scan(&id, &sum); err != nil {
			t.Fatal(err)
		}
		out[[32]byte(sum)] = id
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func readOnly(t testing.TB, path string) *sql.DB {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+path+"?_query_only=1&_busy_timeout=8000")
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// sound checks both files with SQLite's own integrity check.
func sound(t testing.TB, dir string) {
	t.Helper()
	for _, name := range []string{"inbox.db", "garner.db"} {
		var word string
		conn := readOnly(t, filepath.Join(dir, name))
		err := conn.QueryRow(`pragma integrity_check`).Scan(&word)
		if err = errors.Join(err, conn.Close()); err != nil || word != "ok" {
			t.Errorf("%s: integrity check says %q, %v", name, word, err)
		}
	}
}
