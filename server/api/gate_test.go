package api

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"garner/server/auth"
)

func TestManyRequestsAtOnceMakeFewAnswersAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		var now, most, held, mostHeld atomic.Int64
		up := func(n, most *atomic.Int64) { most.Store(max(most.Load(), n.Add(1))) }
		for i := range 100 {
			go func() {
				_, sent, err := g.answer(t.Context(), int64(i%10), func() ([]byte, error) {
					up(&now, &most)
					time.Sleep(time.Millisecond)
					now.Add(-1)
					up(&held, &mostHeld)
					return make([]byte, 16<<20), nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(10 * time.Millisecond)
				held.Add(-1)
				sent()
			}()
		}
		synctest.Wait()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if held.Load() != 0 || len(g.tokens) != 0 {
			t.Errorf("%d answers and %d tokens are left", held.Load(), len(g.tokens))
		}
		if most.Load() > 2 || mostHeld.Load() > mostSending/(16<<20)+2 {
			t.Errorf("%d were made at once, %d held", most.Load(), mostHeld.Load())
		}
	})
}

func TestATokenThatWaitsForItsOwnRequestsLetsOthersPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		quick := func() ([]byte, error) { return []byte("x"), nil }
		for range perToken { // they are not read
			if _, _, err := g.answer(t.Context(), 1, quick); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		var many *auth.TooMany
		if _, _, err := g.answer(t.Context(), 1, quick); !errors.As(err, &many) || time.Since(began) != waitWithin {
			t.Errorf("a further request: %v after %v", err, time.Since(began))
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := g.answer(gone, 1, quick); !errors.Is(err, context.Canceled) {
			t.Errorf("a request that has ended: %v", err)
		}
		if _, sent, err := g.answer(t.Context(), 2, quick); err != nil {
			t.Errorf("another token: %v", err)
		} else {
			sent()
		}
		failed := errors.New("failed")
		for range 10 { // gives back what it took
			if _, _, err := g.answer(t.Context(), 2, func() ([]byte, error) { return nil, failed }); !errors.Is(err, failed) {
				t.Errorf("got %v", err)
			}
		}
	})
}
