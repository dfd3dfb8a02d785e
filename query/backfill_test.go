package query_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/health"
	"garner/health/history"
	"garner/query"
)

// connect connects a person, from 1, two months before evening, with all permissions.
func (s *town) connect(person int64) (connection int64) {
	s.T.Helper()
	s.Store.UseKeys(seal.File(filepath.Join(s.T.TempDir(), "keys")))
	id, err := s.Store.AddConnection(s.T.Context(), evening.AddDate(0, -2, 0), person, fmt.Sprint("u", person),
		db.Tokens{Access: "a", Refresh: "r"}, []string{"ACTIVITY_EXPORT", "HEALTH_EXPORT", history.Permission})
	s.must(err)
	return id
}

// window plans a window of whole days, the last one not included, and returns its id.
func (s *town) window(connection int64, t *garmin.Type, from, to health.Day) int64 {
	s.T.Helper()
	n, err := s.Store.PlanWindows(s.T.Context(), evening.AddDate(0, 0, -3), []db.Window{{Connection: connection,
		Type: t.Key, From: from.Midnight(), To: to.Midnight()}})
	s.must(err)
	open, err := s.Store.OpenWindows(s.T.Context())
	s.must(err)
	for _, w := range open {
		if n == 1 && w.From.Equal(from.Midnight()) && w.Type == t.Key {
			return w.ID
		}
	}
	s.T.Fatalf("%d windows were planned", n)
	return 0
}

// answered says what came of asking for a window, hours before evening.
func (s *town) answered(id int64, hours int, a db.WindowAnswer) {
	s.T.Helper()
	at := evening.Add(-time.Duration(hours) * time.Hour)
	s.must(s.Store.BeginWindow(s.T.Context(), at, id))
	s.must(s.Store.EndWindow(s.T.Context(), at, id, a))
}

func TestTheGridNamesEachOutcome(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	c := s.connect(1)
	s.answered(s.window(c, garmin.Dailies, 100, 110), 50, db.WindowAnswer{State: db.WindowAccepted, Status: 202})
	s.answered(s.window(c, garmin.Dailies, 110, 120), 40, db.WindowAnswer{State: db.WindowAccepted, Status: 202})
	s.answered(s.window(c, garmin.Dailies, 120, 130), 50, db.WindowAnswer{State: db.WindowDuplicate, Status: 409})
	s.answered(s.window(c, garmin.Dailies, 130, 140), 1, db.WindowAnswer{Status: 429, Due: evening.Add(time.Minute)})
	s.answered(s.window(c, garmin.Dailies, 140, 150), 50, db.WindowAnswer{State: db.WindowTooEarly, Status: 400,
		Earliest: health.Day(100).Midnight()})
	s.answered(s.window(c, garmin.Dailies, 150, 160), 50, db.WindowAnswer{State: db.WindowNotPermitted, Status: 412})
	s.answered(s.window(c, garmin.Dailies, 160, 170), 50, db.WindowAnswer{State: db.WindowFailed, Status: 404})
	s.must(s.Store.BeginWindow(t.Context(), evening, s.window(c, garmin.Dailies, 170, 180)))
	s.window(s.connect(1), garmin.Sleeps, 100, 110) // the new connection cancels what was planned
	got, err := s.q.Backfill(t.Context(), 1)
	s.must(err)
	want := []history.Outcome{history.WindowAsked, history.WindowFailed, history.WindowNotPermitted, history.WindowTooEarly,
		history.WindowCanceled, history.WindowAlreadyAsked, history.WindowAccepted, history.WindowArrivedEmpty}
	for _, typ := range got.Types {
		if typ.Type != "dailies" {
			continue
		}
		for i, w := range typ.Windows {
			if w.Outcome != want[i] || !w.Earlier {
				t.Errorf("%v: outcome %d, want %d", w.From, w.Outcome, want[i])
			}
		}
	}
	if len(want) != got.Counts[history.WindowPlanned]+7 || got.Next.IsZero() || got.Types[0].Access != history.Granted {
		t.Errorf("%v", got.Counts)
	}
}

func TestAPlanIsWhatCanStillBeAskedAndAReconnectForgetsTheLedger(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	plan := func() query.TypePlan {
		got, err := s.q.PlanBackfill(t.Context(), 1, []*garmin.Type{garmin.Dailies}, friday-50, friday-31)
		s.must(err)
		return got.Types[0]
	}
	if got := plan(); len(got.Windows) != 0 || got.Rest[0].Why != history.WithoutConnection {
		t.Errorf("%+v", got)
	}
	s.days(1, friday) // else nothing after the time of connecting is ripe
	s.Run()
	s.answered(s.window(s.connect(1), garmin.Dailies, friday-45, friday-40), 50, db.WindowAnswer{State: db.WindowAccepted})
	if got := plan(); len(got.Windows) != 2 || got.Rest[0].Why != history.AlreadyAccepted {
		t.Errorf("%+v", got)
	}
	s.connect(1)
	if got := plan(); len(got.Windows) != 1 || len(got.Rest) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAGapSaysWhatARequestCanDo(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	s.days(1, friday-40, friday-39, friday-20, friday-19, friday)
	s.Run()
	remedy := func() query.Gap {
		got, err := (&query.Reader{Viewer: s.q.Viewer, Store: s.Store, Watch: s.q.Watch, Now: evening}).Household(t.Context())
		s.must(err)
		shares, err := got.Shares(t.Context(), query.ShareFilter{Type: "dailies", Limit: 9})
		s.must(err)
		for _, g := range shares.Gaps {
			if g.From == friday-38 {
				return g
			}
		}
		t.Fatalf("%+v", shares.Gaps)
		return query.Gap{}
	}
	if g := remedy(); g.Remedy != query.Resend {
		t.Errorf("never connected: %+v", g)
	}
	c := s.connect(1)
	if g := remedy(); g.Remedy != query.Request || g.Ask.Windows != 1 {
		t.Errorf("connected: %+v", g)
	}
	id := s.window(c, garmin.Dailies, friday-41, friday-18)
	if g := remedy(); g.Remedy != query.Requested || g.Ask.Why != history.AlreadyPlanned {
		t.Errorf("planned: %+v", g)
	}
	s.answered(id, 50, db.WindowAnswer{State: db.WindowDuplicate, Status: 409})
	if g := remedy(); g.Remedy != query.NotRequestable || g.Ask.Why != history.AlreadyAsked || g.Ask.At == 0 {
		t.Errorf("refused: %+v", g)
	}
}

func TestTypesAskedForAtDifferentTimesAreOneGap(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	days := []health.Day{friday - 40, friday - 39, friday - 20, friday - 19, friday}
	s.days(1, days...)
	s.lasts(86400, "stressDetails", 1, "", days...)
	s.Run()
	c := s.connect(1)
	s.answered(s.window(c, garmin.Dailies, friday-41, friday-18), 50, db.WindowAnswer{State: db.WindowAccepted, Status: 202})
	s.answered(s.window(c, garmin.StressDetails, friday-41, friday-18), 40,
		db.WindowAnswer{State: db.WindowAccepted, Status: 202})
	home, err := s.q.Household(t.Context())
	s.must(err)
	shares, err := home.Shares(t.Context(), query.ShareFilter{Person: 1, Limit: 9})
	s.must(err)
	asked := evening.Add(-40 * time.Hour).Unix()
	for _, g := range shares.Gaps {
		if g.From == friday-38 && g.Remedy == query.Requested && len(g.Types) == 2 && g.Ask.At == asked {
			return
		}
	}
	t.Errorf("%+v", shares.Gaps)
}

func TestTheRestOfTodayIsNoReasonWhyAGapCannotBeAskedFor(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	s.days(1, friday-6, friday-5)
	s.days(2, friday-6, friday)
	s.Run()
	s.connect(1)
	got, err := (&query.Reader{Viewer: s.q.Viewer, Store: s.Store, Watch: s.q.Watch, Now: evening}).Household(t.Context())
	s.must(err)
	shares, err := got.Shares(t.Context(), query.ShareFilter{Person: 1, Type: "dailies", Limit: 9})
	s.must(err)
	for _, g := range shares.Gaps {
		if g.Open && g.Ask.Why == history.TooNew && g.To == friday {
			return
		}
	}
	t.Errorf("%+v", shares.Gaps)
}

func TestTheStateOfPeopleIsThatOfTheirNewestConnection(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada", "Ben")
	ada, err := s.Store.PersonBySlug(t.Context(), "ada")
	s.must(err)
	ben, err := s.Store.PersonBySlug(t.Context(), "ben")
	s.must(err)
	state := func() query.BackfillPerson {
		got, err := s.q.BackfillPeople(t.Context(), []*db.Person{ben, ada})
		s.must(err)
		if got[0] != (query.BackfillPerson{Person: ben.ID, Access: history.NotConnected}) {
			t.Errorf("Ben: %+v", got[0])
		}
		return got[1]
	}
	c := s.connect(1)
	s.window(c, garmin.Dailies, 90, 100)
	s.answered(s.window(c, garmin.Dailies, 100, 110), 50, db.WindowAnswer{State: db.WindowAccepted, Status: 202})
	s.answered(s.window(c, garmin.Dailies, 110, 120), 50, db.WindowAnswer{State: db.WindowDuplicate, Status: 409})
	s.answered(s.window(c, garmin.Dailies, 120, 130), 50, db.WindowAnswer{State: db.WindowFailed, Status: 404})
	want := query.BackfillPerson{Person: 1, Planned: 1, Accepted: 1, Refused: 2, Next: evening.AddDate(0, 0, -3)}
	got := state()
	if !got.Next.Equal(want.Next) {
		t.Errorf("next at %v", got.Next)
	}
	if got.Next = want.Next; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	s.connect(1)
	if got := state(); got != (query.BackfillPerson{Person: 1}) {
		t.Errorf("after reconnecting: %+v", got)
	}
}
