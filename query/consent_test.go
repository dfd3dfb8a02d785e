package query_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/health"
)

// connects begins a connection of the first person at the noon of a day.
func (s *town) connects(day health.Day, granted ...string) int64 {
	s.T.Helper()
	s.Store.UseKeys(seal.File(filepath.Join(s.T.TempDir(), "keys")))
	id, err := s.Store.AddConnection(s.T.Context(), s.noon(day), 1, "u1", db.Tokens{Access: "a", Refresh: "r",
		AccessEnds: s.noon(day + 1), RefreshEnds: s.noon(day + 90)}, granted)
	s.must(err)
	return id
}

// reasons are why a type is absent on some days.
func (s *town) reasons(typ *garmin.Type, from, to health.Day) (out []health.Reason) {
	s.T.Helper()
	c := s.coverage(1)
	for day := from; day <= to; day++ {
		state, err := c.Of(s.T.Context(), typ.Key, day)
		s.must(err)
		out = append(out, state.Why)
	}
	return out
}

func (s *town) wantsReasons(typ *garmin.Type, from, to health.Day, want ...health.Reason) {
	s.T.Helper()
	if got := s.reasons(typ, from, to); fmt.Sprint(got) != fmt.Sprint(want) {
		s.T.Errorf("%s: reasons %v, want %v", typ.Key, got, want)
	}
}

func TestNoticesOfConnectedPeopleExcuseNoDayUntilConfirmed(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	s.days(1, friday-12, friday-11, friday-10)
	s.leaves(friday - 9) // a claim, as the person has no connection yet
	id := s.connects(friday-7, "HEALTH_EXPORT")
	s.leaves(friday - 6)
	s.shares(friday - 5)
	s.wantsReasons(garmin.Dailies, friday-9, friday-4, health.Disconnected, health.Disconnected, 0, 0, 0, 0)

	s.must(s.Store.EndConnection(t.Context(), s.noon(friday-4), id, health.CauseEndedAtGarmin))
	s.connects(friday-2, "HEALTH_EXPORT")
	s.wantsReasons(garmin.Dailies, friday-5, friday-2, 0, health.Disconnected, health.Disconnected, 0)
}

func TestAPermissionThatIsOffIsNotSharedFromTheFirstConfirmedSetOn(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	id := s.connects(friday-5, "HEALTH_EXPORT")
	s.days(1, friday-5, friday-4)
	s.wantsReasons(garmin.MCT, friday-6, friday-4, health.AsItComes, health.NotShared, health.NotShared)
	s.must(s.Store.PutPermissions(t.Context(), s.noon(friday-3), id, []string{"MCT_EXPORT"}))
	// Sleep data never came.
	s.wantsReasons(garmin.Sleeps, friday-4, friday-2, health.NothingYet, health.NotShared, health.NotShared)
	s.wantsReasons(garmin.Dailies, friday-4, friday-2, 0, health.NotShared, health.NotShared)
}

func TestARefutedNoticeChangesNothing(t *testing.T) {
	t.Parallel()
	s := newTown(t, "Ada")
	s.days(1, friday-12, friday-11, friday-10)
	s.leaves(friday - 9)
	s.Run()
	all, err := s.Store.Notices(t.Context())
	s.must(err)
	refuted := all[1]
	refuted[0].Verdict = db.Refuted
	s.must(s.Store.SettleNotices(t.Context(), refuted))
	s.wantsReasons(garmin.Dailies, friday-9, friday-8, 0, 0)
	review, err := s.q.Review(t.Context())
	s.must(err)
	if len(review.Notices) != 2 {
		t.Errorf("a refuted notice counts as Garmin's: missing are %v", review.Notices)
	}
}
