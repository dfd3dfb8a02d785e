package fetch

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"garner/garmin/client"
)

// mostFailures is how many calls of a person may fail in a row before all of the person's
// fetches wait: with those that run at the same time fewer than open the circuit of the
// client, which would stop the calls of all people.
const mostFailures = 3

// streaks count the calls that failed in a row, by person. Pings are not signed: many
// false addresses of one person must not keep Garmin, and the circuit to it, busy.
type streaks struct {
	mu sync.Mutex
	of map[int64]int
}

// note notes what came of a call, and returns how long the person's fetches are to wait.
func (s *streaks) note(person int64, err error) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		delete(s.of, person)
	case mayWorkLater(err):
		if s.of == nil {
			s.of = map[int64]int{}
		}
		s.of[person]++
	}
	if n := s.of[person] - mostFailures; n >= 0 && err != nil {
		return backoff(n + 1)
	}
	return 0
}

// mayWorkLater reports whether Garmin was asked and neither gave nor refused what was
// announced.
func mayWorkLater(err error) bool {
	var refused *client.RefusedError
	if errors.Is(err, client.ErrOpen) || errors.Is(err, client.ErrTooLarge) || errors.As(err, &refused) {
		return false
	}
	code := statusOf(err)
	return code < 400 || code >= 500 || code == http.StatusUnauthorized || code == http.StatusRequestTimeout ||
		code == http.StatusTooManyRequests
}

// pause makes all fetches of a person that are due wait.
func (f *Fetcher) pause(ctx context.Context, person int64, wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	now := time.Now()
	return f.Store.DelayFetches(context.WithoutCancel(ctx), now, person, now.Add(wait),
		"Garmin did not answer earlier calls for this person")
}
