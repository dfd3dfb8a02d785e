package watch

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"garner/db"
)

// The clock in here is the bubble's own: half an hour passes at once.
func TestItBeatsAndLooksAsLongAsItRunsHoweverOftenItLooks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for _, every := range []time.Duration{time.Second, time.Minute, 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			g := newGuarded(t)
			g.w.Every = every
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			began := time.Now()
			go func() { ended <- g.w.Run(ctx) }()
			time.Sleep(30*time.Minute + time.Second)
			synctest.Wait()
			ran, err := g.w.Store.UptimeIntervals(ctx, db.Up, time.Time{})
			if err != nil || len(ran) != 1 || ran[0].To.Sub(began) < 29*time.Minute {
				t.Errorf("every %s: it ran %v, %v", every, ran, err)
			}
			if err := g.w.Stalled(time.Now()); err != nil {
				t.Errorf("every %s: %v", every, err)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAWatchThatNoLongerLooksIsNotTrusted(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	if err := g.w.Stalled(time.Now()); err != nil {
		t.Errorf("before it began: %v", err)
	}
	g.look()
	if err := g.w.Stalled(time.Now().Add(12 * time.Minute)); err != nil {
		t.Errorf("after 12 minutes: %v", err)
	}
	if err := g.w.Stalled(time.Now().Add(15 * time.Minute)); err == nil {
		t.Error("after 15 minutes it is still trusted")
	}
	if err := g.w.Well(t.Context(), time.Now().Add(15*time.Minute)); err == nil {
		t.Error("and the heartbeat goes on")
	}
}

func TestAHeartbeatThatTheEndOfGarnerInterruptsIsNoFailure(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	called := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		end()
		<-r.Context().Done()
		close(called)
	}))
	defer srv.Close()
	g.w.Heartbeat.URL = srv.URL
	g.w.heartbeat(ctx)
	<-called
	if signs, err := g.w.Store.Signals(t.Context()); err != nil || signs[signHeartbeat] != (db.Signal{}) {
		t.Errorf("recorded %+v, %v", signs[signHeartbeat], err)
	}
}
