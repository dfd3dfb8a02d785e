package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rival runs one of the servers that Garner is compared with, as a process of
// its own: this test program, called by another name.
func rival(t testing.TB, kind string) target {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestRival$")
	cmd.Env = append(os.Environ(), "GARNER_TEST_RIVAL="+kind, "GARNER_TEST_RIVAL_DIR="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may be gone
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return target{addr: strings.TrimSpace(line), pid: cmd.Process.Pid}
}

// TestRival is no test: it is the body of the processes that rival starts. The
// floor appends bodies to one file and joins what waits into one fsync; the
// empty one answers and does nothing.
func TestRival(t *testing.T) {
	kind := os.Getenv("GARNER_TEST_RIVAL")
	if kind == "" {
		t.Skip("serves the figures only; see make bench")
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	if kind == "floor" {
		f, err := newFloor(filepath.Join(os.Getenv("GARNER_TEST_RIVAL_DIR"), "bodies"))
		if err != nil {
			t.Fatal(err)
		}
		handler = f.take
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(l.Addr())
	t.Fatal(http.Serve(l, handler))
}

// floor is the least that makes a body durable.
type floor struct {
	f     *os.File
	queue chan floorOp
}

type floorOp struct {
	body []byte
	done chan error
}

func newFloor(path string) (*floor, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	f := &floor{f: file, queue: make(chan floorOp, 1024)}
	go f.write()
	return f, nil
}

func (f *floor) write() {
	for first := range f.queue {
		group := []floorOp{first}
		for more := true; more && len(group) < 256; {
			select {
			case op := <-f.queue:
				group = append(group, op)
			default:
				more = false
			}
		}
		var err error
		for _, op := range group {
			if _, werr := f.f.Write(op.body); werr != nil {
				err = werr
			}
		}
		if serr := f.f.Sync(); serr != nil {
			err = serr
		}
		for _, op := range group {
			op.done <- err
		}
	}
}

func (f *floor) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		op := floorOp{body, make(chan error, 1)}
		f.queue <- op
		err = <-op.done
	}
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}
