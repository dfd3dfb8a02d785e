package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/garmin/simulator"
)

// failing runs a box whose system calls on one file fail, as strace's fault
// injection makes them.
func failing(t testing.TB, path, calls, fault string) how {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("strace is missing")
		}
		t.Skip("strace is not installed")
	}
	return how{env: []string{"GOMAXPROCS=1"}, under: []string{"strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e",
		"trace=" + calls, "-e", "inject=" + calls + ":" + fault}}
}

// acked sends deliveries one by one and gives those that were answered 200,
// and how often each other status came (0: no answer).
func acked(addr string, list []simulator.Delivery) (ok []simulator.Delivery, other map[int]int) {
	client := newClient()
	defer client.CloseIdleConnections()
	other = map[int]int{}
	for _, d := range list {
		status, err := post(client, addr, d.Type, d.Body)
		if err == nil && status == http.StatusOK {
			ok = append(ok, d)
			continue
		}
		other[status]++
	}
	return ok, other
}

func mustHold(t testing.TB, dir string, want []simulator.Delivery) {
	t.Helper()
	s := newSender(nil)
	for _, d := range want {
		s.kept.add(d.Body)
	}
	if n := s.missing(t, dir); n > 0 {
		t.Errorf("%s acknowledged deliveries are missing", percent(n, len(want)))
	}
}

func TestAnInboxThatCannotSyncOrWriteAnswers503AndEndsForAFreshStart(t *testing.T) {
	for call, from := range lateFailures {
		t.Run(call, func(t *testing.T) {
			world, list := household(1, 2)
			dir := t.TempDir()
			addPeople(t, dir, world)
			b := start(t, dir, how{})
			before, _ := acked(b.addr, list[:10])
			b.stop()

			b = start(t, dir, failing(t, filepath.Join(dir, "inbox.db-wal"), call, "error=EIO"+from))
			during, other := acked(b.addr, list[10:])
			if other[http.StatusServiceUnavailable] == 0 {
				t.Errorf("no 503: %v", other)
			}
			if err := b.wait(); err == nil {
				t.Error("the process ended as if all were well")
			}
			if !strings.Contains(b.log.String(), "inbox.db failed") {
				t.Errorf("the reason is not in the log:\n%s", b.log)
			}

			b = start(t, dir, how{})
			after, other := acked(b.addr, list[10:20])
			if len(other) > 0 {
				t.Errorf("after a fresh start: %v", other)
			}
			b.drained()
			b.stop()
			mustHold(t, dir, slices.Concat(before, during, after))
			sound(t, dir)
		})
	}
}

// lateFailures are system calls and which of them fail: not those of the
// start, since a file that cannot even be opened ends it, as it should.
var lateFailures = map[string]string{"fdatasync": ":when=6+", "pwrite64": ":when=80+"}

func TestReceivingGoesOnWhereGarnerDBFails(t *testing.T) {
	for call, from := range lateFailures {
		t.Run(call, func(t *testing.T) {
			world, list := household(1, 7)
			dir := t.TempDir()
			addPeople(t, dir, world)
			b := start(t, dir, failing(t, filepath.Join(dir, "garner.db-wal"), call, "error=EIO"+from))
			n := 0
			until(t, "garner.db fails", time.Minute, func() bool {
				n = min(n+1, len(list)-20)
				_, other := acked(b.addr, list[n-1:n])
				return len(other) > 0 || strings.Contains(b.log.String(), "job=drain")
			})
			got, other := acked(b.addr, list[:n+20])
			if len(other) > 0 {
				t.Errorf("not all were answered 200: %v\n%s", other, b.log)
			}
			b.kill()
			b.wait() //nolint:errcheck // it was killed
			mustHold(t, dir, got)

			b = start(t, dir, how{})
			if c := b.drained(); c.Done == 0 {
				t.Errorf("nothing was processed after a fresh start: %+v", c)
			}
			b.stop()
			sound(t, dir)
		})
	}
}

func TestReceivingStartsEvenWhereGarnerDBIsDamaged(t *testing.T) {
	world, list := household(1, 2)
	dir := t.TempDir()
	addPeople(t, dir, world)
	path := filepath.Join(dir, "garner.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("damage "), len(whole)/7), 0o600); err != nil {
		t.Fatal(err)
	}
	b := start(t, dir, how{})
	got, other := acked(b.addr, list[:40])
	if len(other) > 0 {
		t.Errorf("not all were answered 200: %v\n%s", other, b.log)
	}
	if status := get(t, b.addr, "/"); status != http.StatusServiceUnavailable {
		t.Errorf("home answers %d", status)
	}
	if status := get(t, b.addr, "/metrics"); status != http.StatusOK {
		t.Errorf("metrics answer %d", status)
	}
	b.stop()
	if err := os.WriteFile(path, whole, 0o600); err != nil { // as restored from a backup
		t.Fatal(err)
	}
	b = start(t, dir, how{})
	b.drained()
	b.stop()
	mustHold(t, dir, got)
	sound(t, dir)
}

func TestAWriteThatFindsNoSpaceAnswers503AndTheProcessLives(t *testing.T) {
	world, list := household(1, 2)
	dir := t.TempDir()
	addPeople(t, dir, world)
	b := start(t, dir, failing(t, filepath.Join(dir, "inbox.db-wal"), "pwrite64", "error=ENOSPC:when=60+"))
	first, other := acked(b.addr, list[:80])
	if other[http.StatusServiceUnavailable] == 0 || len(other) != 1 {
		t.Fatalf("wanted some 503 and nothing else: %v", other)
	}
	if status := get(t, b.addr, "/healthz"); status != http.StatusOK {
		t.Errorf("healthz answers %d", status)
	}
	b.kill()
	b.wait() //nolint:errcheck // it was killed
	mustHold(t, dir, first)
	sound(t, dir)
}

func TestAFullDiskAnswers503LosesNothingAndHealsWhenThereIsRoom(t *testing.T) {
	world, list := household(1, 6)
	d := newDisk(t, "40M")
	addPeople(t, d.data(), world)
	b := start(t, d.data(), how{})
	first, other := acked(b.addr, list[:30])
	if len(other) > 0 {
		t.Fatalf("on an empty disk: %v\n%s", other, b.log)
	}
	ballast := filepath.Join(d.mount, "ballast")
	if err := fill(ballast); err != nil {
		t.Fatal(err)
	}
	second, other := acked(b.addr, list[30:60])
	if len(second) > 0 || other[http.StatusServiceUnavailable] != 30 {
		t.Errorf("on a full disk %d were answered 200, others %v", len(second), other)
	}
	if status := get(t, b.addr, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d on a full disk", status)
	}
	if status := get(t, b.addr, "/healthz"); status != http.StatusOK {
		t.Errorf("healthz answers %d on a full disk", status)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	third, other := acked(b.addr, list[30:60])
	if len(other) > 0 {
		t.Errorf("with room again: %v\n%s", other, b.log)
	}
	b.drained()
	b.stop()
	mustHold(t, d.data(), append(first, third...))
	sound(t, d.data())
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
	client := newClient()
	defer client.CloseIdleConnections()
	resp, err := client.Get("http://" + addr + path)
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
	dir := t.TempDir()
	garner(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "u1")
	b := start(t, dir, how{env: []string{"GARNER_LIMITS_READ_TIMEOUT=5m"}}) // the test itself makes it slowly
	client := newClient()
	client.Timeout = 2 * time.Minute
	began := time.Now()
	resp, err := client.Post("http://"+b.addr+"/garmin/"+testSecret+"/activityDetails", "application/json",
		bigDetails(100<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("answered %s\n%s", resp.Status, b.log)
	}
	t.Logf("answered after %s", time.Since(began).Round(time.Millisecond))
	if c := b.drained(); c.Done != 1 || c.Parked != 0 {
		t.Errorf("%+v\n%s", c, b.log)
	}
	if peak := peakMemory(t, b.cmd.Process.Pid); peak > 256<<20 {
		t.Errorf("peak memory %d MiB", peak>>20)
	} else {
		t.Logf("peak memory %d MiB", peak>>20)
	}
	if lines := strings.Count(b.command("export", "--person", "Ada", "--type", "activityDetails", "--series",
		"heart_rate"), "\n"); lines < 300_000 {
		t.Errorf("only %d samples came out", lines)
	}
}

// bigDetails streams a body of activityDetails of at least size bytes: days of
// samples, one a second.
func bigDetails(size int) io.Reader {
	r, w := io.Pipe()
	go func() {
		n, _ := fmt.Fprint(w, `{"activityDetails":[`)
		for activity := 0; n < size; activity++ {
			comma := ","
			if activity == 0 {
				comma = ""
			}
			start := 1_760_000_000 + activity*86400
			m, _ := fmt.Fprintf(w,
				`%s{"userId":"u1","summaryId":"%d-detail","activityId":%d,"summary":{"startTimeInSeconds":%d,`+
					`"startTimeOffsetInSeconds":3600,"durationInSeconds":86400,"activityType":"CYCLING","deviceName":"Edge"},"samples":[`,
				comma, 5000+activity, 5000+activity, start)
			n += m
			for i := 0; i < 86400 && n < size; i++ {
				if i > 0 {
					n++
					fmt.Fprint(w, ",")
				}
				m, err := fmt.Fprintf(w,
					`{"startTimeInSeconds":%d,"latitudeInDegree":%.15g,"longitudeInDegree":%.15g,"elevationInMeters":%.1f,`+
						`"heartRate":%d,"speedMetersPerSecond":%.4f,"totalDistanceInMeters":%.2f,"timerDurationInSeconds":%d,`+
						`"clockDurationInSeconds":%d,"movingDurationInSeconds":%d}`,
					start+i, 52.5+float64(i%7919)*1e-5, 13.4+float64(i%6007)*1e-5, 34+float64(i%90)/10, 90+i%60, 5+float64(i%40)/16,
					float64(i)*5.5, i, i, i)
				if err != nil {
					return
				}
				n += m
			}
			m, _ = fmt.Fprint(w, `]}`)
			n += m
		}
		fmt.Fprint(w, `]}`)
		w.Close()
	}()
	return r
}

// peakMemory is the most memory that a process has held at once.
func peakMemory(t testing.TB, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}
