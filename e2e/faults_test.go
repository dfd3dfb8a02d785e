package e2e

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// failing runs a box whose system calls on one file fail, as strace's fault
// injection makes them.
func failing(t testing.TB, path, calls, fault string) box.Options {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("strace is missing")
		}
		t.Skip("strace is not installed")
	}
	return box.Options{Env: []string{"GOMAXPROCS=1"}, Under: []string{"strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e",
		"trace=" + calls, "-e", "inject=" + calls + ":" + fault}}
}

func mustHold(t testing.TB, dir string, want []simulator.Delivery) {
	t.Helper()
	s := box.NewSender(nil)
	for _, d := range want {
		s.Kept.Add(d.Body)
	}
	if n := s.Missing(t, dir); n > 0 {
		t.Errorf("%s acknowledged deliveries are missing", percent(n, len(want)))
	}
}

func TestAnInboxThatCannotSyncOrWriteAnswers503AndEndsForAFreshStart(t *testing.T) {
	for call, from := range lateFailures {
		t.Run(call, func(t *testing.T) {
			world, list := box.Household(1, 2)
			dir := t.TempDir()
			box.AddPeople(t, dir, world)
			b := box.Start(t, dir, box.Options{})
			before, _ := box.Acked(b.Addr, list[:10])
			b.Stop()

			b = box.Start(t, dir, failing(t, filepath.Join(dir, "inbox.db-wal"), call, "error=EIO"+from))
			during, other := box.Acked(b.Addr, list[10:])
			if other[http.StatusServiceUnavailable] == 0 {
				t.Errorf("no 503: %v", other)
			}
			if err := b.Wait(); err == nil {
				t.Error("the process ended as if all were well")
			}
			if !strings.Contains(b.Log.String(), "inbox.db failed") {
				t.Errorf("the reason is not in the log:\n%s", b.Log)
			}

			b = box.Start(t, dir, box.Options{})
			after, other := box.Acked(b.Addr, list[10:20])
			if len(other) > 0 {
				t.Errorf("after a fresh start: %v", other)
			}
			b.Drained()
			b.Stop()
			mustHold(t, dir, slices.Concat(before, during, after))
			box.Sound(t, dir)
		})
	}
}

// lateFailures are system calls and which of them fail: not those of the
// start, since a file that cannot even be opened ends it, as it should.
var lateFailures = map[string]string{"fdatasync": ":when=6+", "pwrite64": ":when=80+"}

func TestReceivingContinuesIfGarnerDBFails(t *testing.T) {
	for call, from := range lateFailures {
		t.Run(call, func(t *testing.T) {
			world, list := box.Household(1, 7)
			dir := t.TempDir()
			box.AddPeople(t, dir, world)
			b := box.Start(t, dir, failing(t, filepath.Join(dir, "garner.db-wal"), call, "error=EIO"+from))
			n := 0
			box.Until(t, "garner.db fails", time.Minute, func() bool {
				n = min(n+1, len(list)-20)
				_, other := box.Acked(b.Addr, list[n-1:n])
				return len(other) > 0 || strings.Contains(b.Log.String(), "job=drain")
			})
			got, other := box.Acked(b.Addr, list[:n+20])
			if len(other) > 0 {
				t.Errorf("not all were answered 200: %v\n%s", other, b.Log)
			}
			b.Kill()
			b.Wait() //nolint:errcheck // it was killed
			mustHold(t, dir, got)

			b = box.Start(t, dir, box.Options{})
			if c := b.Drained(); c.Done == 0 {
				t.Errorf("nothing was processed after a fresh start: %+v", c)
			}
			b.Stop()
			box.Sound(t, dir)
		})
	}
}

func TestReceivingStartsEvenWhereGarnerDBIsDamaged(t *testing.T) {
	world, list := box.Household(1, 2)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	path := filepath.Join(dir, "garner.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("damage "), len(whole)/7), 0o600); err != nil {
		t.Fatal(err)
	}
	b := box.Start(t, dir, box.Options{})
	got, other := box.Acked(b.Addr, list[:40])
	if len(other) > 0 {
		t.Errorf("not all were answered 200: %v\n%s", other, b.Log)
	}
	if status := get(t, b.Addr, "/"); status != http.StatusServiceUnavailable {
		t.Errorf("home answers %d", status)
	}
	if status := get(t, b.Addr, "/metrics"); status != http.StatusOK {
		t.Errorf("metrics answer %d", status)
	}
	b.Stop()
	if err := os.WriteFile(path, whole, 0o600); err != nil { // as restored from a backup
		t.Fatal(err)
	}
	b = box.Start(t, dir, box.Options{})
	b.Drained()
	b.Stop()
	mustHold(t, dir, got)
	box.Sound(t, dir)
}

func TestAWriteThatFindsNoSpaceAnswers503AndTheProcessLives(t *testing.T) {
	world, list := box.Household(1, 2)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, failing(t, filepath.Join(dir, "inbox.db-wal"), "pwrite64", "error=ENOSPC:when=60+"))
	first, other := box.Acked(b.Addr, list[:80])
	if other[http.StatusServiceUnavailable] == 0 || len(other) != 1 {
		t.Fatalf("wanted some 503 and nothing else: %v", other)
	}
	if status := get(t, b.Addr, "/healthz"); status != http.StatusOK {
		t.Errorf("healthz answers %d", status)
	}
	b.Kill()
	b.Wait() //nolint:errcheck // it was killed
	mustHold(t, dir, first)
	box.Sound(t, dir)
}

func TestAFullDiskAnswers503LosesNothingAndHealsWhenThereIsRoom(t *testing.T) {
	world, list := box.Household(1, 6)
	d := newDisk(t, "40M")
	box.AddPeople(t, d.data(), world)
	b := box.Start(t, d.data(), box.Options{})
	first, other := box.Acked(b.Addr, list[:30])
	if len(other) > 0 {
		t.Fatalf("on an empty disk: %v\n%s", other, b.Log)
	}
	ballast := filepath.Join(d.mount, "ballast")
	if err := fill(ballast); err != nil {
		t.Fatal(err)
	}
	second, other := box.Acked(b.Addr, list[30:60])
	if len(second) > 0 || other[http.StatusServiceUnavailable] != 30 {
		t.Errorf("on a full disk %d were answered 200, others %v", len(second), other)
	}
	if status := get(t, b.Addr, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d on a full disk", status)
	}
	if status := get(t, b.Addr, "/healthz"); status != http.StatusOK {
		t.Errorf("healthz answers %d on a full disk", status)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	third, other := box.Acked(b.Addr, list[30:60])
	if len(other) > 0 {
		t.Errorf("with room again: %v\n%s", other, b.Log)
	}
	b.Drained()
	b.Stop()
	mustHold(t, d.data(), append(first, third...))
	box.Sound(t, d.data())
}

// fill takes all space that is left.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	block := bytes.Repeat([]byte("x"), 64<<10)
	for {
		if _, err := f.Write(block); err != nil {
			break // full, as wanted
		}
	}
	return errors.Join(f.Sync(), f.Close())
}

func get(t testing.TB, addr, path string) int {
	t.Helper()
	client := box.NewClient()
	defer client.CloseIdleConnections()
	return statusOf(t, client, "http://"+addr+path)
}

func statusOf(t testing.TB, client *http.Client, address string) int {
	t.Helper()
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

func TestABodyOfAHundredMegabytesIsTakenInLittleMemory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := box.Start(t, dir, box.Options{Env: []string{"GARNER_LIMITS_READ_TIMEOUT=5m"}}) // the test itself makes it slowly
	client := box.NewClient()
	client.Timeout = 2 * time.Minute
	began := time.Now()
	resp, err := client.Post("http://"+b.Addr+"/garmin/"+box.Secret+"/activityDetails", "application/json",
		box.BigDetails(100<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("answered %s\n%s", resp.Status, b.Log)
	}
	t.Logf("answered after %s", time.Since(began).Round(time.Millisecond))
	if c := b.Drained(); c.Done != 1 || c.Parked != 0 {
		t.Errorf("%+v\n%s", c, b.Log)
	}
	if peak := box.PeakMemory(t, b.Cmd.Process.Pid); peak > 256<<20 {
		t.Errorf("peak memory %d MiB", peak>>20)
	} else {
		t.Logf("peak memory %d MiB", peak>>20)
	}
	if lines := strings.Count(b.Run("export", "--person", "Ada", "--type", "activityDetails", "--series",
		"heart_rate"), "\n"); lines < 300_000 {
		t.Errorf("only %d samples came out", lines)
	}
}
