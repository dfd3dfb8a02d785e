package client

import (
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// openAfter is how many calls in a row must fail before a host is left alone,
	// openFor how long. Then one call tries it.
	openAfter = 5
	openFor   = 30 * time.Second
	// tryAgain is when to call again while another call tries the host.
	tryAgain = 5 * time.Second
)

// circuit stops calls to one host while it does not work.
type circuit struct {
	breaker *gobreaker.CircuitBreaker[*Answer]
	until   atomic.Pointer[time.Time] // when it may be tried, once it has opened
}

func newCircuit(host string, log *slog.Logger) *circuit {
	c := &circuit{}
	c.breaker = gobreaker.NewCircuitBreaker[*Answer](gobreaker.Settings{
		Name:         host,
		Timeout:      openFor,
		ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= openAfter },
		IsSuccessful: func(err error) bool { return !broken(err) },
		IsExcluded:   func(err error) bool { return ended(err) != nil },
		OnStateChange: func(host string, _, state gobreaker.State) {
			if state == gobreaker.StateOpen {
				until := time.Now().Add(openFor)
				c.until.Store(&until)
			}
			log.Warn("state of calls to Garmin changed", "host", host, "circuit", state.String())
		},
	})
	return c
}

// run calls f unless the circuit is open.
func (c *circuit) run(f func() (*Answer, error)) (*Answer, error) {
	a, err := c.breaker.Execute(f)
	switch {
	case errors.Is(err, gobreaker.ErrOpenState):
		return nil, &OpenError{Until: *c.until.Load()}
	case errors.Is(err, gobreaker.ErrTooManyRequests): // another call is trying the host
		return nil, &OpenError{Until: time.Now().Add(tryAgain)}
	}
	return a, err
}

// broken reports whether an error means that the host does not work. 4xx are about
// the request.
func broken(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Status >= 500
	}
	return err != nil && !errors.Is(err, ErrTooLarge)
}
