package cli

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slowReader takes a line whenever it is let, and keeps it.
type slowReader struct {
	let  chan struct{}
	text bytes.Buffer
}

func (r *slowReader) Write(p []byte) (int, error) {
	<-r.let
	return r.text.Write(p)
}

func TestLinesThatFindNoRoomAreCountedInTheirPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader := &slowReader{let: make(chan struct{})}
		w := &logWriter{to: reader}
		fmt.Fprintln(w, "line 0")
		synctest.Wait() // it is being written, and leaves its room
		for i := 1; i <= mostLogLines+7; i++ {
			fmt.Fprintln(w, "line", i)
		}
		for range mostLogLines/2 + 1 {
			reader.let <- struct{}{}
		}
		synctest.Wait()
		fmt.Fprintln(w, "afterwards")
		close(reader.let)
		w.Flush()
		lines := strings.Split(strings.TrimSpace(reader.text.String()), "\n")
		if len(lines) != mostLogLines+3 {
			t.Fatalf("%d lines were written, want %d", len(lines), mostLogLines+3)
		}
		for i, line := range lines[:mostLogLines+1] {
			if line != fmt.Sprint("line ", i) {
				t.Errorf("%q in place %d", line, i)
			}
		}
		if got := lines[mostLogLines+1]; !strings.Contains(got, "lines=7") {
			t.Errorf("%q does not say that 7 lines were dropped", got)
		}
		if got := lines[mostLogLines+2]; got != "afterwards" {
			t.Errorf("%q came last", got)
		}
	})
}

func TestTheLogHoldsNoMoreThanItsShareOfMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader := &slowReader{let: make(chan struct{})}
		w := &logWriter{to: reader}
		for range 100 {
			fmt.Fprintln(w, strings.Repeat("x", mostLogBytes/10))
		}
		synctest.Wait()
		w.mu.Lock()
		if w.size > mostLogBytes {
			t.Errorf("%d bytes wait", w.size)
		}
		w.mu.Unlock()
		close(reader.let)
		w.Flush()
		if !strings.Contains(reader.text.String(), "lines dropped") {
			t.Error("nothing says that lines were dropped")
		}
	})
}

func TestTheEndWaitsASecondForAnUnreadLogAndNoLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader := &slowReader{let: make(chan struct{})}
		w := &logWriter{to: reader}
		w.Flush()
		fmt.Fprintln(w, "last words")
		began := time.Now()
		w.Flush()
		if took := time.Since(began); took != flushWithin {
			t.Errorf("it waited for %v", took)
		}
		close(reader.let)
		w.Flush()
		if got := reader.text.String(); got != "last words\n" {
			t.Errorf("%q was written", got)
		}
	})
}

func TestWhatWasLoggedIsWrittenBeforeTheCommandEnds(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil { // else that is told first
		t.Fatal(err)
	}
	var errs bytes.Buffer
	a := &app{in: strings.NewReader(""), out: io.Discard, err: &errs, env: []string{"GARNER_DATA_DIR=" + dir,
		"GARNER_LISTEN=" + taken.Addr().String(), "GARNER_LIMITS_MIN_FREE_BYTES=1MiB", "GARNER_TLS_DNS=desec"}}
	if status := a.status(t.Context(), []string{"serve"}); status != statusFailed {
		t.Errorf("status %d", status)
	}
	warning, failure, _ := strings.Cut(errs.String(), "\n")
	if !strings.Contains(warning, "not supported yet") || !strings.HasPrefix(failure, "garner: listen: ") {
		t.Errorf("standard error had:\n%s", &errs)
	}
}
