package connect

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/client"
	"garner/garmin/simulator/service"
	"garner/health"
)

const userID, tokens = "/user/id", service.TokenPath

func (s *site) asksUser(id int64) error {
	return s.Keeper.Do(s.T.Context(), id, func(cred client.Credential) error {
		_, err := s.Keeper.Garmin().UserID(s.T.Context(), cred)
		return err
	})
}

func TestManyWhoAskAtOnceMakeOneRefresh(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Minute, everything...)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := s.Keeper.Credential(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := s.calls(tokens); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	if c := s.connection(id); c.Rotation != 2 || !c.Refreshing.IsZero() {
		t.Errorf("after a refresh: %+v", c)
	}
	if err := s.asksUser(id); err != nil {
		t.Error("the new token does not work:", err)
	}
}

func TestAValidTokenIsUsedWithoutARefresh(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, ahead+time.Minute, everything...)
	if err := s.asksUser(id); err != nil {
		t.Error(err)
	}
	if n := s.calls(tokens); n != 0 {
		t.Errorf("%d refreshes", n)
	}
}

func TestManyRefusedCallsMakeOneRefresh(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	_, issued, err := s.Store.TokensOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	// Garmin does not know the access token, but the refresh token.
	issued.Access = "unknown"
	if err := s.Store.PutTokens(t.Context(), id, 1, issued); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := s.asksUser(id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	// A call with the older token may be refused later than the others.
	if again, err := s.Keeper.Refused(t.Context(), id); err != nil || !again {
		t.Error("not to be tried again:", err)
	}
	if n := s.calls(tokens); n != 1 {
		t.Errorf("%d refreshes", n)
	}
}

// TestTheAnswerOfARefreshThatWasLostMeansToConnectAgain plays a process that dies
// after Garmin has replaced the tokens.
func TestTheAnswerOfARefreshThatWasLostMeansToConnectAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, -time.Minute, everything...)
	s.fails(tokens, lost)
	now := time.Now()
	if _, err := s.Keeper.credential(t.Context(), now, id, false); !isLater(err) {
		t.Fatal("a lost answer gives", err)
	}
	before := s.connection(id)
	if before.Refreshing.IsZero() || before.State != db.Connected || before.Rotation != 1 {
		t.Fatalf("the intent is not kept: %+v", before)
	}
	if n := s.calls(tokens); n != 1 {
		t.Fatalf("%d refreshes", n)
	}

	// Another process, with the same files.
	s.fails("", none)
	again, err := db.OpenStore(t.Context(), s.Dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	again.UseKeys(seal.File(filepath.Join(s.Dir, "keys")))
	k := &Keeper{Store: again, Garmin: s.Keeper.Garmin, Log: s.Keeper.Log}
	if _, err := k.credential(t.Context(), now, id, false); !isLater(err) || s.calls(tokens) != 1 {
		t.Fatalf("asked again at once: %v, %d refreshes", err, s.calls(tokens))
	}
	later := before.Due.Add(time.Second)
	if _, err := k.credential(t.Context(), later, id, false); !errors.Is(err, ErrMustReconnect) {
		t.Fatal("the older token gives", err)
	}
	for range 5 {
		later = later.Add(time.Hour)
		if _, err := k.credential(t.Context(), later, id, false); !errors.Is(err, ErrMustReconnect) {
			t.Error(err)
		}
	}
	if n := s.calls(tokens); n != 2 {
		t.Errorf("the older refresh token was tried %d times in all", n)
	}
	if c := s.connection(id); c.State != db.MustReconnect || c.Cause != health.CauseRefreshLost {
		t.Errorf("%+v", c)
	}
}

func isLater(err error) bool {
	var later *LaterError
	return errors.As(err, &later)
}

func TestTheOlderTokenIsUsedWhileGarminFails(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, 5*time.Minute, everything...)
	s.fails(tokens, broken)
	for range 5 {
		if err := s.asksUser(id); err != nil {
			t.Error(err)
		}
	}
	c := s.connection(id)
	if !c.Refreshing.IsZero() || !c.Due.After(time.Now()) {
		t.Errorf("the failure is not recorded: %+v", c)
	}
	if _, err := s.Keeper.credential(t.Context(), c.AccessEnds, id, false); !isLater(err) {
		t.Error("an expired token gives", err)
	}
	s.fails("", none)
	if _, err := s.Keeper.credential(t.Context(), s.connection(id).Due, id, false); err != nil {
		t.Error("after the wait:", err)
	}
	if n := s.calls(tokens); n != 1 { // the failed ones never reached it
		t.Errorf("%d refreshes", n)
	}
}

func TestClockJumpsMakeNoStormAndNoStandstill(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	now := time.Now()
	for _, at := range []time.Time{now.AddDate(1, 0, 0), now, now.AddDate(1, 0, 0), now.AddDate(-1, 0, 0), now} {
		for range 5 {
			// New tokens end as of the real time: after a jump ahead, all have ended.
			if _, err := s.Keeper.credential(t.Context(), at, id, false); err != nil && !isLater(err) {
				t.Error(err)
			}
		}
	}
	if n := s.calls(tokens); n == 0 || n > 2 {
		t.Errorf("%d refreshes", n)
	}
	// A due time that was set while the clock was ahead.
	if err := s.Store.Postpone(t.Context(), id, now.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Keeper.refused(t.Context(), now.Add(2*leastForced), id); err != nil || !again {
		t.Error("the connection stands still:", again, err)
	}
}

func TestACallerWhoGivesUpEndsNoRefresh(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Minute, everything...)
	ctx, cancel := canceledAtGarmin(t, s)
	defer cancel()
	if err := s.Keeper.renew(ctx, time.Now(), id, false); !errors.Is(err, ctx.Err()) {
		t.Error(err)
	}
	s.Keeper.Close()
	if c := s.connection(id); c.Rotation != 2 {
		t.Errorf("the tokens were lost: %+v", c)
	}
}

func TestConnectionsAreRefreshedThirtyDaysBeforeTheyEndForGood(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, 2*time.Hour, everything...)
	ends := s.connection(id).RefreshEnds
	for _, x := range []struct {
		before time.Duration
		want   int
	}{{reserve + time.Hour, 0}, {reserve, 1}, {reserve - time.Minute, 1}, {reserve - time.Hour, 1}} {
		if err := s.Keeper.maintain(t.Context(), ends.Add(-x.before)); err != nil {
			t.Fatal(err)
		}
		if n := s.calls(tokens); n != x.want {
			t.Errorf("%s before the end: %d refreshes, not %d", x.before, n, x.want)
		}
	}
}
