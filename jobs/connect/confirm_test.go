package connect

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/simulator/service"
	"garner/health"
)

// soon is after the arrival of what a test has received.
func soon() time.Time { return time.Now().Add(5 * time.Second) }

func TestAForgedDeregistrationIsNotObeyed(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	for range 20 {
		s.receive(s.garmin.ForgedDeregistration(0))
	}
	now := soon()
	s.confirm(now)
	s.confirm(now)
	if n := s.calls(userID); n != 1 {
		t.Errorf("%d calls for a flood of notices", n)
	}
	s.confirm(now.Add(askedAt[2]))
	if c := s.connection(id); c.State != db.Connected {
		t.Errorf("%+v", c)
	}
	if got := s.verdicts(1); len(got) != 20 || slices.Contains(got, db.Claimed) || slices.Contains(got, db.Confirmed) {
		t.Errorf("verdicts %v", got)
	}
	if n := s.calls(userID); n != 2 {
		t.Errorf("%d calls for a flood of notices", n)
	}
}

func TestANoticeThatAFastClockPostponedIsAskedAboutWhenTheClockIsRight(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.connect(0, time.Hour, everything...)
	s.receive(s.garmin.ForgedDeregistration(0))
	now := soon()
	s.Harm(`update notice set due_ms = ?`, now.Add(90*24*time.Hour).UnixMilli())
	s.confirm(now)
	if n := s.calls(userID); n != 1 {
		t.Errorf("%d calls", n)
	}
	s.Harm(`update notice set due_ms = ?`, now.Add(time.Hour).UnixMilli())
	s.confirm(now)
	if n := s.calls(userID); n != 1 {
		t.Errorf("%d calls: one that is postponed is asked about", n)
	}
}

func TestATrueDeregistrationIsBelievedThoughGarminAnswersForAWhile(t *testing.T) {
	t.Parallel()
	for i, asked := range askedAt {
		s := open(t)
		id := s.connect(0, 24*time.Hour, everything...)
		s.receive(s.garmin.ForgedDeregistration(0)) // and it becomes true
		now := soon()
		s.confirm(now)
		for _, before := range askedAt[:i] {
			s.confirm(now.Add(before))
		}
		s.garmin.Disconnect(0)
		s.confirm(now.Add(asked - time.Minute))
		if c := s.connection(id); c.State != db.Connected {
			t.Errorf("asked before %s", asked)
		}
		s.confirm(now.Add(asked))
		if c := s.connection(id); c.State != db.Disconnected || !slices.Equal(s.verdicts(1), []db.Verdict{db.Confirmed}) {
			t.Errorf("after %s: %+v", asked, c)
		}
	}
}

func TestAFloodOfNoticesIsBoundedAndTheNewestCounts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	one := s.garmin.ForgedDeregistration(0)
	list := bytes.Repeat([]byte(`{"userId":"`+s.users[0]+`"},`), 10_000)
	one.Body = fmt.Appendf(nil, `{"deregistrations":[%s]}`, list[:len(list)-1])
	s.receive(one, one)
	if n := len(s.verdicts(1)); n != 100 {
		t.Errorf("%d notices are kept", n)
	}
	s.garmin.Disconnect(0)
	s.confirm(soon())
	if c := s.connection(id); c.State != db.Disconnected {
		t.Errorf("%+v", c)
	}
}

func TestATrueDeregistrationEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	s.garmin.Disconnect(0)
	s.notices()
	s.confirm(soon())
	if c := s.connection(id); c.State != db.Disconnected || c.Cause != health.CauseEndedAtGarmin {
		t.Errorf("%+v", c)
	}
	if got := s.verdicts(1); !slices.Equal(got, []db.Verdict{db.Confirmed}) {
		t.Errorf("verdicts %v", got)
	}
}

func TestADeregistrationWaitsWhileGarminDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	s.receive(s.garmin.ForgedDeregistration(0))
	s.fails(userID, broken)
	now := soon()
	s.confirm(now)
	if got := s.verdicts(1); !slices.Equal(got, []db.Verdict{db.Claimed}) {
		t.Fatalf("verdicts %v", got)
	}
	s.fails("", none)
	s.confirm(now.Add(30 * time.Second))
	if n := s.calls(userID); n != 0 {
		t.Errorf("asked again after 30 s")
	}
	s.confirm(now.Add(2 * time.Minute))
	s.confirm(now.Add(askedAt[2]))
	if got := s.verdicts(1); !slices.Equal(got, []db.Verdict{db.Refuted}) || s.connection(id).State != db.Connected {
		t.Errorf("verdicts %v", got)
	}
}

func TestPermissionsAreWhatGarminSaysAndNotWhatANoticeClaims(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.connect(0, time.Hour, everything...)
	s.receive(s.garmin.ForgedPermissions(0, service.ActivityExport))
	s.confirm(soon())
	if c := s.connection(id); !slices.Equal(c.Granted, everything) {
		t.Errorf("a forged notice changed the permissions to %v", c.Granted)
	}
	s.garmin.SetPermissions(0, service.HealthExport)
	s.notices()
	s.confirm(soon())
	s.confirm(soon().Add(askedAt[2]))
	if c := s.connection(id); !slices.Equal(c.Granted, []string{service.HealthExport}) {
		t.Errorf("permissions %v", c.Granted)
	}
	if got := s.verdicts(1); !slices.Equal(got, []db.Verdict{db.Confirmed, db.Refuted}) {
		t.Errorf("verdicts %v", got)
	}
}

func TestNoticesOfPeopleWithoutAConnectionStayClaims(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.receive(s.garmin.ForgedDeregistration(1), s.garmin.ForgedPermissions(1))
	s.confirm(soon())
	if got := s.verdicts(2); !slices.Equal(got, []db.Verdict{db.Claimed, db.Claimed}) {
		t.Errorf("verdicts %v", got)
	}
	// What came before a connection began says nothing about it.
	s.connect(1, time.Hour, everything...)
	due, err := s.Store.DueNotices(t.Context(), soon())
	if err != nil {
		t.Fatal(err)
	}
	if len(due) > 0 {
		t.Errorf("Garmin would be asked about %v", due)
	}
}
