// Package box runs the built program for tests as its users run it: a process,
// a folder, HTTP. Nothing in it reaches into the process.
package box

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Secret is the callback secret of every box.
const Secret = "a-secret-for-tests-only"

// Box is a running garner.
type Box struct {
	T    testing.TB
	Dir  string
	Addr string
	Cmd  *exec.Cmd
	Log  *LockedBuffer
	Done chan error // holds how the process ended, once it has

	signIn sync.Once
	reader *http.Client
}

// LockedBuffer is a buffer that may be read while it is written.
type LockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *LockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *LockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Options are how a box is started; the zero value is the plain way.
type Options struct {
	Program string // another one than this, by its path
	LDFlags string
	Under   []string // a command that runs it, such as strace
	Env     []string
	// Says is the line that gives its address; nil stands for ServesAt.
	Says *regexp.Regexp
}

// ServesAt finds the address in the line of the log that gives it.
var ServesAt = regexp.MustCompile(`garner serves.*address=http://(\S+)`)

// Environment is what every command over dir runs with: a port of the system's
// choice, the test secret, little free space, and extra.
func Environment(dir string, extra []string) []string {
	env := append(os.Environ(), "GARNER_LISTEN=127.0.0.1:0", "GARNER_DATA_DIR="+dir,
		"GARNER_GARMIN_CALLBACK_SECRET="+Secret, "GARNER_LIMITS_MIN_FREE_BYTES=1MiB")
	return append(env, extra...)
}

// Start runs garner serve over dir and waits until it answers, or until it
// says where it will.
func Start(t testing.TB, dir string, o Options) *Box {
	t.Helper()
	path := o.Program
	if path == "" {
		path = Program(t, o.LDFlags)
	}
	args := append(append([]string{}, o.Under...), path, "serve")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = Environment(dir, o.Env)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b := &Box{T: t, Dir: dir, Cmd: cmd, Log: &LockedBuffer{}, Done: make(chan error, 1)}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(io.TeeReader(stderr, b.Log))
		for lines.Scan() {
			if m := cmp.Or(o.Says, ServesAt).FindStringSubmatch(lines.Text()); m != nil {
				ready <- m[1]
			}
		}
		b.Done <- cmd.Wait()
	}()
	select {
	case b.Addr = <-ready:
	case err := <-b.Done:
		t.Fatalf("garner ended before it served: %v\n%s", err, b.Log)
	case <-time.After(60 * time.Second):
		b.Kill()
		t.Fatalf("garner did not start:\n%s", b.Log)
	}
	t.Cleanup(b.Kill)
	return b
}

// Kill ends the process group without notice. It may be called again.
func (b *Box) Kill() {
	select {
	case err := <-b.Done:
		b.Done <- err
	default:
		syscall.Kill(-b.Cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // it may be gone
	}
}

// Wait waits for the process to end.
func (b *Box) Wait() error {
	b.T.Helper()
	select {
	case err := <-b.Done:
		b.Done <- err
		return err
	case <-time.After(2 * time.Minute):
		b.T.Fatalf("garner did not end:\n%s", b.Log)
		return nil
	}
}

// Stop asks the process to end and waits until it has.
func (b *Box) Stop() {
	b.T.Helper()
	if err := syscall.Kill(b.Cmd.Process.Pid, syscall.SIGTERM); err != nil {
		b.T.Fatal(err)
	}
	if err := b.Wait(); err != nil {
		b.T.Fatalf("garner ended with %v:\n%s", err, b.Log)
	}
}

// Status is the status with which the process ended by itself.
func (b *Box) Status() int {
	b.T.Helper()
	b.Wait() //nolint:errcheck // the status says it
	return b.Cmd.ProcessState.ExitCode()
}
