package bench

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"garner/e2e/box"
)

// installed reports whether a program is there.
func installed(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}

// straced runs a program under strace, which stops it at the named system
// calls only. It is nil if strace is not installed.
func straced(calls string, args ...string) []string {
	if !installed("strace") {
		return nil
	}
	return append([]string{"strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=" + calls}, args...)
}

// childOf is the only child of a process: what strace runs.
func childOf(t testing.TB, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return child
}

// figureHolds measures for how long the writers of both databases were held at
// once, while many small and one big body arrive and are processed and
// everything is derived again. It looks at the locks that SQLite takes: held is
// from the call that takes the right to write to the one that gives it back.
func figureHolds(t *testing.T) {
	log := filepath.Join(t.TempDir(), "locks")
	strace := straced("fcntl", "-ttt", "-y", "-o", log)
	if strace == nil {
		row("Longest hold of a writer", "< 200 ms", "strace is not installed")
		return
	}
	dir := t.TempDir()
	world, list := box.Household(3, scaled(40))
	box.AddPeople(t, dir, world)
	box.Run(t, dir, "person", "add", "--name", "Big", "--garmin-user-id", "u1")
	b := box.Start(t, dir, box.Options{Under: strace, Env: []string{"GARNER_LIMITS_READ_TIMEOUT=5m"}})
	sendBig(t, b, scaled(100)<<20)
	box.NewSender(list).Send(b.Addr, 8, nil, func(int64) {})
	b.Drained()
	b.Run("rederive")
	b.Derived()
	if err := syscall.Kill(childOf(t, b.Cmd.Process.Pid), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := b.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"inbox.db", "garner.db"} {
		longest, n := holds(t, log, name)
		row("Longest hold of the writer of "+name, "< 200 ms",
			fmt.Sprintf("%s of %d", longest.Round(100*time.Microsecond), n))
	}
}

// sendBig sends a body of activityDetails of the person u1.
func sendBig(t testing.TB, b *box.Box, size int) {
	t.Helper()
	client := box.NewClient()
	client.Timeout = 5 * time.Minute
	defer client.CloseIdleConnections()
	resp, err := client.Post("http://"+b.Addr+"/garmin/"+box.Secret+"/activityDetails", "application/json",
		box.BigDetails(size))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status, err)
	}
}

// writeLock is SQLite's lock for writing to the log: one byte of the log's
// index. A try that fails is followed by another, and gives nothing back.
var writeLock = regexp.MustCompile(`^\d+ +(\d+\.\d+) fcntl\(\d+<[^>]*/([\w.]+)-shm>, F_SETLK, ` +
	`\{l_type=F_(WRLCK|UNLCK), l_whence=SEEK_SET, l_start=120, l_len=1\}`)

// holds returns the longest hold of a database's writer, and how many there were.
func holds(t testing.TB, log, name string) (longest time.Duration, n int) {
	t.Helper()
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	taken := 0.0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		m := writeLock.FindStringSubmatch(lines.Text())
		if m == nil || m[2] != name {
			continue
		}
		at, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case m[3] == "WRLCK":
			taken = at
		case taken > 0:
			longest, n = max(longest, time.Duration((at-taken)*float64(time.Second))), n+1
			taken = 0
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return longest, n
}
