package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"syscall"
	"testing"

	"garner/e2e/box"

	"golang.org/x/sync/errgroup"
)

// startUnread runs garner serve with everything logged, and reads its standard
// error no further than to the line that says where it serves.
func startUnread(t *testing.T) *box.Box {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(box.Program(t, ""), "serve")
	cmd.Env = box.Environment(dir, []string{"GARNER_LOG_LEVEL=debug"})
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := &box.Box{T: t, Dir: dir, Cmd: cmd, Log: &box.LockedBuffer{}, Done: make(chan error, 1)}
	t.Cleanup(b.Kill)
	lines := bufio.NewScanner(stderr)
	for b.Addr == "" && lines.Scan() {
		if m := box.ServesAt.FindStringSubmatch(lines.Text()); m != nil {
			b.Addr = m[1]
		}
	}
	if b.Addr == "" {
		t.Fatalf("garner did not start: %v", lines.Err())
	}
	go func() {
		// Not cmd.Wait, which closes the pipe: a write would fail instead of
		// waiting for a reader.
		state, err := cmd.Process.Wait()
		if err == nil && !state.Success() {
			err = errors.New(state.String())
		}
		b.Done <- err
		stderr.Close()
	}()
	return b
}

func TestACallbackIsAnsweredWithoutAReaderOfTheLog(t *testing.T) {
	t.Parallel()
	b := startUnread(t)
	client := box.NewClient()
	const senders, each = 32, 75
	var work errgroup.Group
	for range senders {
		work.Go(func() error {
			for i := range each {
				if status, err := box.Post(client, b.Addr, "dailies", []byte("{}")); status != http.StatusOK || err != nil {
					return fmt.Errorf("callback %d of %d: %d, %v", i, each, status, err)
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		t.Fatal(err)
	}
	b.Stop() // an unread log does not keep it from ending either
}
