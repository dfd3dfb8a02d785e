package bench

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// peer is a program that others use where Garner could be. why says why it
// cannot run here.
type peer struct {
	target
	requests []request
	why      string
}

// figureRivals holds receiving against what is usual: each body into a queue
// by way of a web framework, and each body as a record of a backend that is
// ready made.
func figureRivals(t *testing.T) {
	_, list := box.Household(100, 3)
	small := smallDailies(list)
	requests := requestsOf(t, small)
	ours := targetOf(box.Start(t, t.TempDir(), box.Options{Env: []string{"GARNER_JOBS_WORKERS=0"}}))
	ours.hold(t)
	c := contest{paused: ours}
	for _, with := range []struct {
		name, reach string
		start       func(testing.TB, []simulator.Delivery) peer
	}{
		{"Flask, Celery and Redis, each write synced", ">= 18 x", startFlask},
		{"PocketBase's record API, each write synced", ">= 7 x", startPocketBase},
	} {
		what := "Durable deliveries/s against " + with.name
		other := with.start(t, small)
		if other.why != "" {
			row(what, with.reach, "not measured: "+other.why)
			continue
		}
		var mine, theirs []result
		for range scaled(rounds) {
			theirs = append(theirs, load(t, other.target, c.offer(other.requests)))
			mine = append(mine, c.turn(t, ours, c.offer(requests)))
		}
		rate := func(o result) float64 { return o.rate }
		row(what, with.reach, fmt.Sprintf("%.1f x (%.0f/s of %.0f/s)", ratio(mine, theirs, rate),
			middle(mine, rate), middle(theirs, rate)))
	}
}

// startFlask starts testdata/flask under gunicorn, with a Redis of its own. No
// worker takes anything out, as processing is paused in Garner.
func startFlask(t testing.TB, list []simulator.Delivery) peer {
	t.Helper()
	python := pythonWith("flask", "celery", "redis", "gunicorn")
	if python == "" || !installed("redis-server") {
		return peer{why: "needs python3-flask, python3-celery, python3-redis, python3-gunicorn and redis-server"}
	}
	dir := t.TempDir()
	queue := filepath.Join(dir, "redis")
	daemon(t, exec.Command("redis-server", "--port", "0", "--unixsocket", queue, "--dir", dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always"), "unix", queue)
	addr := freeAddr(t)
	app := exec.Command(python, "-m", "gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "32",
		"--keep-alive", "75", "--bind", addr, "app:app")
	app.Dir, app.Env = "testdata/flask", append(os.Environ(), "RIVAL_REDIS=redis+socket://"+queue)
	return peer{target: daemon(t, app, "tcp", addr), requests: requestsOf(t, list)}
}

// pythonWith is a Python that has all these modules, or "".
func pythonWith(modules ...string) string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import "+strings.Join(modules, ", ")).Run() == nil {
			return python
		}
	}
	return ""
}

// startPocketBase builds and starts testdata/pocketbase.
func startPocketBase(t testing.TB, list []simulator.Delivery) peer {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "pocketbase")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "testdata/pocketbase"
	if out, err := build.CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(string(out), "\n")
		return peer{why: "it does not build here: " + first}
	}
	addr := freeAddr(t)
	p := peer{target: daemon(t, exec.Command(program, addr, filepath.Join(dir, "data")), "tcp", addr)}
	header := http.Header{"Content-Type": {"application/json"}}
	for _, d := range list {
		p.requests = append(p.requests, requestOf(t, "/api/collections/deliveries/records?fields=id", header,
			fmt.Appendf(nil, `{"body":%s}`, d.Body)))
	}
	return p
}

// freeAddr is an address on which nothing listens.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// daemon starts a server, waits until it listens, and ends it with the test.
func daemon(t testing.TB, cmd *exec.Cmd, network, addr string) target {
	t.Helper()
	var says box.LockedBuffer
	cmd.Stdout, cmd.Stderr = &says, &says
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // it may be gone
		cmd.Wait()                                      //nolint:errcheck // it was killed
		if t.Failed() {
			t.Logf("%s says:\n%s", cmd, &says)
		}
	})
	box.Until(t, cmd.Path+" listens", 30*time.Second, func() bool {
		conn, err := net.Dial(network, addr)
		if err != nil {
			return false
		}
		conn.Close() //nolint:errcheck // it has served
		return true
	})
	return target{addr: addr, pid: cmd.Process.Pid}
}
