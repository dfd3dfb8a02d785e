package connect

import (
	"testing"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/health"
	"garner/jobs"
)

// erase erases the first person, and carries it out.
func (s *site) erase() {
	s.T.Helper()
	if err := s.Store.Erase(s.T.Context(), time.Now(), 1); err != nil {
		s.T.Fatal(err)
	}
	e := &jobs.Eraser{Inbox: s.Inbox, Store: s.Store, Log: s.Keeper.Log, Dir: s.Dir}
	if done, err := e.RunOnce(s.T.Context()); err != nil || !done {
		s.T.Fatal("the erasure waits for Garmin:", done, err)
	}
}

// left counts what an erased person has left behind.
func (s *site) left() int64 {
	s.T.Helper()
	return s.Ask(`select count(*) from connection where person_id = 1`) + s.Ask(`select count(*) from person where id = 1`)
}

func TestTheConnectionOfAnErasedPersonIsEndedAtGarmin(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.connect(0, -time.Minute, everything...) // its access token has expired
	s.fails("registration", broken)
	s.erase()
	now := time.Now()
	s.maintain(now)
	if n := s.Ask(`select count(*) from connection where user_id = ?`, s.users[0]); n != 0 {
		t.Error("the user id is still there in plain text")
	}
	if s.left() != 2 {
		t.Fatal("the tokens are gone before Garmin was asked")
	}
	s.fails("", none)
	s.maintain(now.Add(time.Hour))
	if _, ok := s.garmin.Permissions(0); ok {
		t.Error("Garmin still sends data of the person")
	}
	if n := s.left(); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestWithoutGarminTheConnectionOfAnErasedPersonIsKeptForSevenDays(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.connect(0, time.Hour, everything...)
	s.erase()
	s.Keeper.Garmin = func() *client.Client { return nil }
	now := time.Now()
	s.maintain(now)
	if s.left() != 2 {
		t.Fatal("given up at once")
	}
	s.maintain(now.Add(stopFor + time.Hour))
	if n := s.left(); n != 0 {
		t.Errorf("%d rows are left for ever", n)
	}
}

func TestAPersonWhoConnectsAgainAfterAnErasureStaysConnected(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.connect(0, time.Hour, everything...)
	s.erase()
	s.Add("Ada again", "", "")
	g := s.garmin.Connect(0, everything...)
	var id int64
	var err error
	if id, err = s.Store.AddConnection(t.Context(), time.Now(), 3, g.UserID, db.Tokens{Access: g.AccessToken,
		Refresh: g.RefreshToken, AccessEnds: time.Now().Add(time.Hour), RefreshEnds: g.RefreshExpires}, everything); err != nil {
		t.Fatal(err)
	}
	if n := s.left(); n != 0 {
		t.Errorf("%d rows of the former connection are left", n)
	}
	s.maintain(time.Now())
	if _, ok := s.garmin.Permissions(0); !ok || s.connection(id).State != db.Connected {
		t.Error("the new consent was ended for the former one")
	}
}

func TestAnErasedPersonWhoseTokensGarminRefusesLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	if err := s.Store.RefuseTokens(t.Context(), id, 1, health.CauseTokensRefused); err != nil {
		t.Fatal(err)
	}
	s.erase()
	if n := s.left(); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
