package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// serveUntil runs serve over dir and ends it after a while.
func serveUntil(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	var log bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &log, err: &log, env: []string{"GARNER_DATA_DIR=" + dir,
		"GARNER_LISTEN=127.0.0.1:0", "GARNER_LIMITS_MIN_FREE_BYTES=1MiB"}}
	ctx, end := context.WithCancel(t.Context())
	defer time.AfterFunc(after, end).Stop()
	if status := a.status(ctx, []string{"serve"}); status != statusDone || strings.Contains(log.String(), "level=ERROR") {
		t.Fatalf("after %s it ended with %d:\n%s", after, status, &log)
	}
}

func TestServeEndsWellWheneverItIsEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 60 {
		serveUntil(t, dir, time.Duration(i)*time.Millisecond/2)
	}
}

func TestServeEndsWellWhileItWaitsForAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serveUntil(t, dir, 0)
	release, err := lockDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	serveUntil(t, dir, time.Millisecond)
	if err := release(); err != nil {
		t.Fatal(err)
	}
}
