package db_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
)

func withKey(t *testing.T) (*db.Store, *db.Person, db.PersonalKey) {
	t.Helper()
	dir := t.TempDir()
	s := openStore(t, dir)
	s.UseKeys(seal.File(filepath.Join(dir, "keys")))
	p, err := s.AddPerson(t.Context(), time.UnixMilli(1), "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.SetPersonalKey(t.Context(), time.UnixMilli(1000), p.ID, "GCDC_secret", 20_000)
	if err != nil {
		t.Fatal(err)
	}
	return s, p, k
}

func TestAKeyIsStoredAndNothingPrintsIt(t *testing.T) {
	t.Parallel()
	s, p, k := withKey(t)
	if k.State != db.KeyInUse || k.Generation != 1 || k.Ends != 20_000 || !db.IsPersonalID(k.UserID) || len(k.UserID) != 45 {
		t.Errorf("%+v", k)
	}
	ends := time.UnixMilli(5000)
	if err := s.SetBearer(t.Context(), p.ID, 1, "bearer", ends); err != nil {
		t.Fatal(err)
	}
	secrets, err := s.KeySecretsOf(t.Context(), p.ID)
	if err != nil || secrets.Key != "GCDC_secret" || secrets.Bearer != "bearer" || !secrets.BearerEnds.Equal(ends) {
		t.Error("not what was stored", err)
	}
	if text := fmt.Sprintf("%v %+v %#v", secrets, secrets, secrets); strings.Contains(text, "secret") {
		t.Error(text)
	}
	if _, _, err := s.RotateKeys(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if again, err := s.KeySecretsOf(t.Context(), p.ID); err != nil || again != secrets {
		t.Error("a rotation of keys lost it", err)
	}
}

func TestTheUserIDOfAKeyNamesThePersonAndIsShownNowhere(t *testing.T) {
	t.Parallel()
	s, p, k := withKey(t)
	ids, err := s.Identities(t.Context())
	if err != nil || ids.UserIDs[k.UserID] != p.ID {
		t.Fatal(ids, err)
	}
	if got, err := s.PersonByName(t.Context(), "Ada"); err != nil || !slices.Equal(got.UserIDs, []string{"u1"}) {
		t.Error(got, err)
	}
}

func TestANewKeyEndsTheBearerAndTheRefusalOfTheOld(t *testing.T) {
	t.Parallel()
	s, p, k := withKey(t)
	ctx := t.Context()
	if err := s.SetBearer(ctx, p.ID, 1, "bearer", time.UnixMilli(5000)); err != nil {
		t.Fatal(err)
	}
	if err := s.RefusePersonalKey(ctx, time.UnixMilli(2000), p.ID, 1, "wrong"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.PersonalKeyOf(ctx, p.ID); err != nil || got.State != db.KeyRefused || got.Fault != "wrong" {
		t.Error(got, err)
	}
	if _, err := s.KeySecretsOf(ctx, p.ID); !errors.Is(err, db.ErrNotFound) {
		t.Error("a refused key is handed out", err)
	}
	again, err := s.SetPersonalKey(ctx, time.UnixMilli(3000), p.ID, "GCDC_new", 0)
	if err != nil || again.State != db.KeyInUse || again.Generation != 2 || again.UserID != k.UserID || again.Fault != "" ||
		!again.BearerEnds.IsZero() || !again.Since.Equal(k.Since) {
		t.Errorf("%+v %v", again, err)
	}
	if err := s.RefusePersonalKey(ctx, time.UnixMilli(4000), p.ID, 1, "late"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetBearer(ctx, p.ID, 1, "late", time.UnixMilli(5000)); !errors.Is(err, db.ErrNotFound) {
		t.Error("a bearer of the old key is stored", err)
	}
	if got, err := s.PersonalKeyOf(ctx, p.ID); err != nil || got.State != db.KeyInUse {
		t.Error(got, err)
	}
}

func TestWithoutAKeyNothingIsCalled(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*db.Store, int64) error{
		"removed": func(s *db.Store, p int64) error { return s.RemovePersonalKey(t.Context(), time.UnixMilli(2000), p) },
		"refused": func(s *db.Store, p int64) error {
			return s.RefusePersonalKey(t.Context(), time.UnixMilli(2000), p, 1, "no")
		},
		"erased": func(s *db.Store, p int64) error { return s.Erase(t.Context(), time.UnixMilli(2000), p) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p, _ := withKey(t)
			call := db.PullCall{Person: p.ID, Endpoint: "sleep", Item: 1, Days: 1}
			if _, err := s.BeginPull(t.Context(), time.UnixMilli(1500), call); err != nil {
				t.Fatal(err)
			}
			if err := end(s, p.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := s.BeginPull(t.Context(), time.UnixMilli(2500), call); !errors.Is(err, db.ErrNotFound) {
				t.Error(err)
			}
			if _, err := s.KeySecretsOf(t.Context(), p.ID); !errors.Is(err, db.ErrNotFound) {
				t.Error(err)
			}
		})
	}
}

func TestTheLedgerKeepsTheNewestAnswerAndForgetsNoItem(t *testing.T) {
	t.Parallel()
	s, p, _ := withKey(t)
	ctx := t.Context()
	call := func(at int64, state db.PulledState, items, found []db.Pulled) {
		c := db.PullCall{Person: p.ID, Endpoint: "activities", Item: 100, Days: 2}
		var err error
		if c.ID, err = s.BeginPull(ctx, time.UnixMilli(at), c); err != nil {
			t.Fatal(err)
		}
		c.State = state
		if err := s.EndPull(ctx, time.UnixMilli(at+1), c, items, found); err != nil {
			t.Fatal(err)
		}
	}
	day := func(state db.PulledState, asked int64) db.Pulled {
		return db.Pulled{Person: p.ID, Endpoint: "activities", Item: 100, Day: 100, State: state, Asked: time.UnixMilli(asked)}
	}
	file := db.Pulled{Person: p.ID, Endpoint: "activityFile", Item: 7, Day: 99}
	call(2000, db.PullFailed, []db.Pulled{day(db.PullToAsk, 0)}, nil)
	call(3000, db.PullData, []db.Pulled{day(db.PullData, 3000)}, []db.Pulled{file})
	done := file
	done.State, done.Asked, done.Final = db.PullData, time.UnixMilli(4000), true
	call(4000, db.PullData, []db.Pulled{done}, nil)
	call(5000, db.PullFailed, nil, []db.Pulled{file})
	call(6000, db.PullFailed, nil, nil)

	got, err := s.PulledOf(ctx, p.ID, 99, 100)
	if err != nil || len(got) != 2 || got[0].State != db.PullData || got[1].State != db.PullData || !got[1].Final {
		t.Errorf("%+v %v", got, err)
	}
	calls, err := s.PullCallsOf(ctx, p.ID, 2)
	if err != nil || len(calls) != 2 || calls[0].ID < calls[1].ID {
		t.Errorf("%+v %v", calls, err)
	}
	health, err := s.PullHealths(ctx)
	if h := health[p.ID]; err != nil || !h.Answered.Equal(time.UnixMilli(4001)) || !h.Failing.Equal(time.UnixMilli(5001)) {
		t.Errorf("%+v %v", h, err)
	}
	tallies, err := s.PullTallies(ctx, []int64{p.ID})
	if err != nil || len(tallies) != 2 || tallies[1].Final != 1 {
		t.Errorf("%+v %v", tallies, err)
	}
}
