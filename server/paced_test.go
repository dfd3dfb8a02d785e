package server_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"garner/server/servertest"
)

// slowBody sends its parts with a pause before each.
type slowBody struct {
	parts [][]byte
	pause time.Duration
}

func (s *slowBody) Read(p []byte) (int, error) {
	if len(s.parts) == 0 {
		return 0, io.EOF
	}
	time.Sleep(s.pause) // of a bubble
	n := copy(p, s.parts[0])
	if s.parts[0] = s.parts[0][n:]; len(s.parts[0]) == 0 {
		s.parts = s.parts[1:]
	}
	return n, nil
}

func TestALargeBodyMayTakeItsTimeAndOneThatTricklesIsCut(t *testing.T) {
	t.Parallel()
	part := func(n int) []byte { return make([]byte, n) }
	for name, c := range map[string]struct {
		body *slowBody
		want int // 0 for no answer
	}{
		// 8 MiB in two minutes, with pauses of half of the time for a whole body.
		"large": {&slowBody{[][]byte{part(32 << 10), part(2 << 20), part(2 << 20), part(2 << 20), part(2 << 20)},
			200 * time.Millisecond}, http.StatusOK},
		"trickling": {&slowBody{[][]byte{part(1), part(1), part(1), part(1)}, 12 * time.Second}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, b *bubble) {
				began := time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				req, err := http.NewRequestWithContext(ctx, http.MethodPost,
					"http://localhost/garmin/"+servertest.Secret+"/dailies", c.body)
				if err != nil {
					t.Fatal(err)
				}
				status := 0
				if resp, err := b.client.Do(req); err == nil {
					status = resp.StatusCode
					resp.Body.Close() //nolint:errcheck // it is empty
				}
				if status == http.StatusBadRequest {
					status = 0
				}
				took := time.Since(began)
				time.Sleep(c.body.pause) // the sender notices that it was cut
				if status != c.want || c.want != 0 && took < 35*time.Second {
					t.Errorf("%d after %s, want %d", status, took, c.want)
				}
			})
		})
	}
}
