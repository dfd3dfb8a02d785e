package client

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

func TestACircuitOpensAfterFiveFailuresAndIsTriedOnceAfter30Seconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit("apis.garmin.com", slog.New(slog.DiscardHandler))
		calls := 0
		answering := func(err error) func() (*Answer, error) {
			return func() (*Answer, error) { calls++; return nil, err }
		}
		fail := func(err error) error {
			_, err = c.run(answering(err))
			return err
		}
		passes := func(err error) {
			if got := fail(err); !errors.Is(got, err) {
				t.Errorf("%v instead of %v", got, err)
			}
		}
		lost := &callError{text: "connection reset", sent: true}
		for range 4 {
			passes(lost)
		}
		// Errors that are not the host's, which begin the count anew or leave it.
		passes(&StatusError{Status: 429})
		for range 2 * openAfter {
			passes(&StatusError{Status: 404})
			passes(ErrTooLarge)
			passes(&callError{text: "", ended: context.Canceled})
		}
		for i := range openAfter {
			if err := fail([]error{lost, &StatusError{Status: 503}}[i%2]); errors.Is(err, ErrOpen) {
				t.Fatalf("open after %d failures", i)
			}
		}
		before, opened := calls, time.Now()
		err := fail(nil)
		var open *OpenError
		if !errors.As(err, &open) || !errors.Is(err, ErrOpen) || calls != before || MaybeSent(err) {
			t.Fatalf("not open: %v", err)
		}
		if !open.Until.Equal(opened.Add(openFor)) {
			t.Errorf("open until %s", open.Until.Sub(opened))
		}
		time.Sleep(openFor + time.Millisecond)
		if _, err := c.run(func() (*Answer, error) {
			if again := fail(nil); !errors.Is(again, ErrOpen) {
				t.Errorf("a second call beside the first: %v", again)
			}
			return nil, lost
		}); errors.Is(err, ErrOpen) {
			t.Error("not tried again")
		}
		if err := fail(nil); !errors.Is(err, ErrOpen) {
			t.Errorf("closed by a failure: %v", err)
		}
		time.Sleep(openFor + time.Millisecond)
		if err := fail(nil); err != nil {
			t.Error(err)
		}
		if err := fail(lost); errors.Is(err, ErrOpen) {
			t.Error("open although it works again")
		}
	})
}

func TestACallThatWouldWaitTooLongForItsTurnIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &Gate{limits: Limits{Patience: 5 * time.Second}, limiter: rate.NewLimiter(rate.Every(4*time.Second), 1)}
		begin := time.Now()
		for range 2 {
			if err := g.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(begin); waited != 4*time.Second {
			t.Errorf("waited %s", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := g.wait(ctx); !errors.Is(err, context.Canceled) || MaybeSent(err) {
			t.Errorf("an ended context: %v", err)
		}
		g.limiter.ReserveN(time.Now(), 1)
		var open *OpenError
		if err := g.wait(t.Context()); !errors.As(err, &open) || !open.Until.Equal(time.Now().Add(8*time.Second)) || MaybeSent(err) {
			t.Errorf("a long queue: %v", err)
		}
	})
}

func TestRetryAfterIsSecondsOrADateUpToADay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "0": 0, "120": 2 * time.Minute, "86401": 24 * time.Hour, "99999999999999999999999": 24 * time.Hour,
		now.Add(time.Hour).Format(http.TimeFormat):        time.Hour,
		now.Add(-time.Hour).Format(http.TimeFormat):       0,
		now.Add(1000 * time.Hour).Format(http.TimeFormat): 24 * time.Hour,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestTheEarliestStartIsRoundedUpToASecond(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"start 2025-09-20T15:42:26Z before min start time of 2025-10-19T16:42:30.333571500Z": "2025-10-19T16:42:31Z",
		"start 2025-09-20T15:42:26Z before min start time of 2025-10-19T16:42:30Z":           "2025-10-19T16:42:30Z",
		"before min start time of 2025-10-19T16:42:30+02:00":                                 "2025-10-19T14:42:30Z",
		"before min start time of 2025-13-19T16:42:30Z":                                      "0001-01-01T00:00:00Z",
		"before min start time of yesterday":                                                 "0001-01-01T00:00:00Z",
		"start 2025-09-20T15:42:26Z":                                                         "0001-01-01T00:00:00Z",
	} {
		if got := earliest(message).Format(time.RFC3339Nano); got != want {
			t.Errorf("%s: %s", message, got)
		}
	}
}

func TestNoMoreCallsThanAllowedAreMadeAtTheSameTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(Limits{PerSecond: 1000, Burst: 1000, Parallel: 2, Patience: 30 * time.Second},
			slog.New(slog.DiscardHandler))
		for range 2 {
			if err := g.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		begin := time.Now()
		var open *OpenError
		if err := g.enter(t.Context()); !errors.As(err, &open) || MaybeSent(err) || time.Since(begin) != 30*time.Second {
			t.Errorf("a third call after %s: %v", time.Since(begin), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.enter(ctx); !errors.Is(err, context.DeadlineExceeded) || MaybeSent(err) {
			t.Errorf("an ended context: %v", err)
		}
		go func() { time.Sleep(time.Second); g.leave() }()
		if err := g.enter(t.Context()); err != nil {
			t.Errorf("after one has left: %v", err)
		}
	})
}

func TestACallThatDidNotGetItsTurnFreesItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(Limits{PerSecond: 0.1, Burst: 1, Parallel: 1, Patience: 5 * time.Second}, slog.New(slog.DiscardHandler))
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		g.leave()
		if err := g.enter(t.Context()); !errors.Is(err, ErrOpen) {
			t.Fatalf("a call before its turn: %v", err)
		}
		time.Sleep(10 * time.Second)
		if err := g.enter(t.Context()); err != nil {
			t.Errorf("its place is taken: %v", err)
		}
	})
}
