package connect

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

// canceledAtGarmin gives a context that ends while Garmin answers.
func canceledAtGarmin(t *testing.T, s *site) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	f := func(*http.Request) fault {
		cancel()
		return none
	}
	s.fault.Store(&f)
	return ctx, cancel
}

func (s *site) stop(id int64) time.Time {
	s.T.Helper()
	now := time.Now()
	if err := s.Store.StopConnection(s.T.Context(), now, id); err != nil {
		s.T.Fatal(err)
	}
	return now
}

func (s *site) maintain(now time.Time) {
	s.T.Helper()
	if err := s.Keeper.maintain(s.T.Context(), now); err != nil {
		s.T.Fatal(err)
	}
}

func TestAStoppedConnectionIsEndedAtGarmin(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, -time.Minute, everything...)
	now := s.stop(id)
	if _, err := s.Keeper.Credential(t.Context(), id); !errors.Is(err, ErrEnded) {
		t.Error("others still get a credential:", err)
	}
	s.maintain(now)
	if _, ok := s.garmin.Permissions(0); ok {
		t.Error("Garmin still sends data of the person")
	}
	if c := s.connection(id); c.State != db.Disconnected || c.Cause != health.CauseEndedHere {
		t.Errorf("%+v", c)
	}
	if _, _, err := s.Store.TokensOf(t.Context(), id); !errors.Is(err, db.ErrNotFound) {
		t.Error("its tokens are kept:", err)
	}
}

func TestAStoppedConnectionThatGarminEndedBeforeEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	s.garmin.Disconnect(0)
	s.maintain(s.stop(id))
	if c := s.connection(id); c.State != db.Disconnected || c.Cause != health.CauseEndedHere {
		t.Errorf("%+v", c)
	}
}

func TestStoppingIsTriedForSevenDaysAndThenEndsUnreached(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, 24*time.Hour, everything...)
	calls := 0
	f := func(*http.Request) fault {
		calls++
		return broken
	}
	s.fault.Store(&f)
	now := s.stop(id)
	s.maintain(now)
	s.maintain(now.Add(time.Second))
	if c := s.connection(id); c.State != db.Connected || calls != 1 {
		t.Fatalf("after a failure: %+v, %d calls", c, calls)
	}
	s.maintain(now.Add(stopFor - time.Hour))
	if c := s.connection(id); c.State != db.Connected {
		t.Fatalf("gave up early: %+v", c)
	}
	s.maintain(now.Add(stopFor + 2*mostStopWait))
	if c := s.connection(id); c.State != db.Disconnected || c.Cause != health.CauseEndedOnlyHere {
		t.Errorf("%+v", c)
	}
}
