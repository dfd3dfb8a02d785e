package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// started is a command that runs beside the test.
type started struct {
	cmd  *exec.Cmd
	out  box.LockedBuffer
	done chan struct{}
}

func startCommand(t testing.TB, dir string, args ...string) *started {
	t.Helper()
	s := &started{cmd: exec.Command(box.Program(t, ""), args...), done: make(chan struct{})}
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = box.Environment(dir, nil), &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.done)
		s.cmd.Wait() //nolint:errcheck // the status says it
	}()
	t.Cleanup(func() {
		s.cmd.Process.Kill() //nolint:errcheck // it may have ended
		<-s.done
	})
	return s
}

func (s *started) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// mustEndWell waits for the end and wants status 0.
func (s *started) mustEndWell(t testing.TB) {
	t.Helper()
	select {
	case <-s.done:
	case <-time.After(time.Minute):
		t.Fatalf("%v did not end:\n%s", s.cmd.Args, &s.out)
	}
	if status := s.cmd.ProcessState.ExitCode(); status != statusDone {
		t.Errorf("%v ended with status %d:\n%s", s.cmd.Args, status, &s.out)
	}
}

// writes waits until something is written to garner.db.
func writes(t testing.TB, dir string) {
	t.Helper()
	box.Until(t, "garner.db is written to", 20*time.Second, func() bool {
		st, err := os.Stat(filepath.Join(dir, "garner.db-wal"))
		return err == nil && st.Size() > 0
	})
}

// manyDays is a folder with so much in it that to rebuild it takes a while.
// No process serves it.
func manyDays(t testing.TB) (dir string, list []simulator.Delivery) {
	t.Helper()
	w := simulator.New(simulator.Config{Seed: 7, People: 1, Days: 200, Until: box.LastNoon})
	types := map[string]bool{"epochs": true, "sleeps": true, "hrv": true}
	for d := range w.History() {
		if types[d.Type] {
			list = append(list, d)
		}
	}
	dir = t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	b.Push(list)
	b.Drained()
	b.Stop()
	return dir, list
}

func TestLongWorkOfACommandIsHandedOverToServe(t *testing.T) {
	t.Parallel()
	dir, list := manyDays(t)
	t.Run("serve starts meanwhile", func(t *testing.T) {
		rederive := startCommand(t, dir, "rederive")
		writes(t, dir)
		b := box.Start(t, dir, box.Options{})
		b.Push(list[:1])
		if rederive.ended() {
			t.Fatalf("rederive took too short a time to tell anything:\n%s", &rederive.out)
		}
		rederive.mustEndWell(t)
		if !strings.Contains(rederive.out.String(), "continues this work") || !rebuilt(t, dir) {
			t.Errorf("it was not handed over, or not done:\n%s", &rederive.out)
		}
		b.Stop()
	})
	t.Run("two at once", func(t *testing.T) {
		both := []*started{startCommand(t, dir, "rederive"), startCommand(t, dir, "rederive")}
		for _, one := range both {
			one.mustEndWell(t)
		}
		box.Sound(t, dir)
	})
	t.Run("replay waits until it is done", func(t *testing.T) {
		b := box.Start(t, dir, box.Options{})
		began := time.Now()
		out := b.Run("replay", "--from", "2020-01-01", "--to", "2100-01-01")
		conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
		defer conn.Close()
		var all, left int
		if err := conn.QueryRow(`select count(*), coalesce(sum(state <> 2 or applied_ms < ?), 0) from delivery`,
			began.UnixMilli()).Scan(&all, &left); err != nil {
			t.Fatal(err)
		}
		if left > 0 || !strings.Contains(out, fmt.Sprintf("%d deliveries processed again", all)) {
			t.Errorf("%s were not processed again when it ended:\n%s", percent(left, all), out)
		}
		b.Stop()
	})
}

// rebuilt reports whether all that was asked for has ended without an error.
func rebuilt(t testing.TB, dir string) bool {
	t.Helper()
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	defer conn.Close()
	var open, failed int
	if err := conn.QueryRow(`select coalesce(sum(ended_ms is null), 0), coalesce(sum(error <> ''), 0) from request`).
		Scan(&open, &failed); err != nil {
		t.Fatal(err)
	}
	return open == 0 && failed == 0
}
