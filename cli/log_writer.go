package cli

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// mostLogLines and mostLogBytes are how much of the log waits for a
	// reader.
	mostLogLines = 1024
	mostLogBytes = 4 << 20
	// flushWithin limits the wait for the last lines to be written.
	flushWithin = time.Second
)

// logWriter writes lines to another writer without blocking: a pipe without a
// reader, or a stopped terminal, would otherwise stop everything that logs. Lines
// that do not fit are dropped and counted, and once half of the buffer is free
// again, a line reports how many.
type logWriter struct {
	to io.Writer

	mu      sync.Mutex
	lines   [][]byte
	size    int // of all lines
	dropped int
	// idle is closed once everything is written; nil while nothing is to be.
	idle chan struct{}
}

// Write takes one line. It never waits and never fails.
func (w *logWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dropped > 0 || len(w.lines) >= mostLogLines || w.size+len(line) > mostLogBytes {
		w.dropped++
	} else {
		w.push(bytes.Clone(line))
	}
	if w.idle == nil {
		w.idle = make(chan struct{})
		go w.writeAll()
	}
	return len(line), nil
}

// Flush waits until all lines are written, for flushWithin at most.
func (w *logWriter) Flush() {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle == nil {
		return
	}
	select {
	case <-idle:
	case <-time.After(flushWithin):
	}
}

// writeAll writes until nothing is left to write.
func (w *logWriter) writeAll() {
	for line := w.pop(); line != nil; line = w.pop() {
		_, _ = w.to.Write(line) // there is nowhere else to report it
	}
}

func (w *logWriter) push(line []byte) {
	w.lines = append(w.lines, line)
	w.size += len(line)
}

// pop takes the next line; nil if there is none.
func (w *logWriter) pop() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dropped > 0 && len(w.lines) <= mostLogLines/2 && w.size <= mostLogBytes/2 {
		w.push(droppedLine(w.dropped))
		w.dropped = 0
	}
	if len(w.lines) == 0 {
		close(w.idle)
		w.lines, w.idle = nil, nil
		return nil
	}
	line := w.lines[0]
	w.lines[0] = nil
	w.lines = w.lines[1:]
	w.size -= len(line)
	return line
}

// droppedLine is the line that reports how many are missing in its place.
func droppedLine(n int) []byte {
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Warn("log lines dropped: standard error was too slow", "lines", n)
	return b.Bytes()
}
