package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The bodies that receiving is measured with: a typical delivery's size.
const loadBody = 2700

// load sends prepared requests over connections that stay open, with as little
// work of its own as can be, and gives how many were answered 200 a second and
// how long each answer took.
func load(t testing.TB, addr, path string, conns int, length time.Duration, perSecond int) (rate float64, took []time.Duration) {
	t.Helper()
	body := bytes.Repeat([]byte("x"), loadBody-2)
	request := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n[%s]", path, loadBody, body)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var done atomic.Int64
	began := time.Now()
	end := began.Add(length)
	for c := range conns {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			mine := one(t, conn, request, began, end, conns, c, perSecond, &done)
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(began).Seconds(), took
}

// one is one connection's share of a load.
func one(t testing.TB, conn net.Conn, request []byte, began, end time.Time, conns, c, perSecond int, done *atomic.Int64) (took []time.Duration) {
	r := bufio.NewReaderSize(conn, 4096)
	for i := 0; time.Now().Before(end); i++ {
		from := time.Now()
		if perSecond > 0 { // offered at a pace, whether answered in time or not
			from = began.Add(time.Duration(i*conns+c) * time.Second / time.Duration(perSecond))
			if from.After(end) {
				return took
			}
			if wait := time.Until(from); wait > 0 {
				<-time.After(wait)
			}
		}
		if _, err := conn.Write(request); err != nil {
			t.Error(err)
			return took
		}
		ok, err := answered(r)
		if err != nil || !ok {
			t.Errorf("not answered 200: %v", err)
			return took
		}
		took = append(took, time.Since(from))
		done.Add(1)
	}
	return took
}

// answered reads one answer without a body.
func answered(r *bufio.Reader) (ok bool, err error) {
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return false, err
		}
		if first {
			ok = bytes.Contains(line, []byte(" 200 "))
		}
		if len(line) <= 2 {
			return ok, nil
		}
	}
}

func p99(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// rival runs one of the servers that Garner is held against, as a process of
// its own: this test program, called by another name.
func rival(t testing.TB, kind string) (addr string) {
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
	return strings.TrimSpace(line)
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
