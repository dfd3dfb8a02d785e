package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

func TestServeEndsWellWheneverItIsEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 60 {
		var log bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &log, err: &log, env: []string{"GARNER_DATA_DIR=" + dir,
			"GARNER_LISTEN=127.0.0.1:0", "GARNER_LIMITS_MIN_FREE_BYTES=1MiB"}}
		ctx, end := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(i)*time.Millisecond/2, end)
		if status := a.status(ctx, []string{"serve"}); status != statusDone || strings.Contains(log.String(), "level=ERROR") {
			t.Fatalf("after %d half milliseconds it ended with %d:\n%s", i, status, &log)
		}
	}
}
