package jobs

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
)

const month = 30 * 24 * time.Hour

// prune runs once at a time of the clock, with room for so many orphans.
func (b *bench) prune(now time.Time, mostOrphans int) {
	b.T.Helper()
	p := &Pruner{Inbox: b.drain.Receiving, Store: b.drain.Store, Log: b.drain.Log,
		Keep: month, KeepPersonal: 13 * month, KeepOrphans: month, MaxOrphans: mostOrphans}
	if err := p.RunOnce(b.T.Context(), now); err != nil {
		b.T.Fatal(err)
	}
}

// kept wants that so many bodies and orphans are there.
func (b *bench) kept(when string, bodies, orphans int64) {
	b.T.Helper()
	have := int64(0)
	for id := int64(1); id <= 10; id++ {
		if _, err := b.drain.Inbox.Delivery(b.T.Context(), id); err == nil {
			have++
		}
	}
	if n := b.Ask(`select coalesce(sum(count), 0) from issue where kind = 2`); have != bodies || n != orphans {
		b.T.Errorf("%s: %d bodies and %d orphans, want %d and %d", when, have, n, bodies, orphans)
	}
}

func TestAClockThatIsAYearAheadForOneStartLosesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ahead := time.Now().Add(365 * 24 * time.Hour)
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "stranger"))
	b.run()
	b.prune(ahead, 10)
	b.kept("while it is ahead", 2, 1)
	b.Arrive(db.Arrival{Received: ahead}, fmt.Sprintf(night, "u1"))
	b.Arrive(db.Arrival{Received: ahead}, fmt.Sprintf(night, "stranger"))
	b.run()
	b.Harm(`update delivery set applied_ms = ? where id > 2`, ahead.UnixMilli())
	b.Harm(`update issue set at_ms = ? where delivery_id > 2`, ahead.UnixMilli())
	b.prune(time.Now(), 10)
	b.kept("when it is right again", 4, 2)
	b.uptime(month + time.Hour)
	b.prune(time.Now(), 10)
	b.kept("after a month", 0, 0)
}

func TestWhatArrivedUnderAClockOf1970Stays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	past := time.Unix(3600, 0)
	b.Arrive(db.Arrival{Received: past}, fmt.Sprintf(night, "u1"))
	b.Arrive(db.Arrival{Received: past}, fmt.Sprintf(night, "stranger"))
	b.run()
	b.Harm(`update delivery set applied_ms = ?`, past.UnixMilli())
	b.Harm(`update issue set at_ms = ?`, past.UnixMilli())
	b.prune(time.Now(), 10)
	b.kept("under a clock that is right again", 2, 1)
}

func TestABacklogThatWasPausedForAMonthKeepsItsOrphans(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	received := time.Now().Add(-month - 24*time.Hour)
	b.Arrive(db.Arrival{Received: received}, fmt.Sprintf(night, "u1"))
	b.Arrive(db.Arrival{Received: received}, fmt.Sprintf(night, "stranger"))
	b.uptime(month + 24*time.Hour)
	b.run()
	b.prune(time.Now(), 10)
	b.kept("after the pause", 2, 1)
	b.Add("Ben", "stranger", "")
	b.run()
	if n := b.Ask(`select count(*) from record where person_id = 2`); n != 1 {
		t.Errorf("%d records of who was added, want 1", n)
	}
}

func TestAnOrphanThatIsLookedAtAgainIsNotYoungerForIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.Arrive(db.Arrival{}, fmt.Sprintf(night, "stranger"))
	b.run()
	b.uptime(month / 2)
	b.again(false, id)
	b.uptime(month/2 + time.Hour)
	b.prune(time.Now(), 10)
	b.kept("after a month", 1, 0)
}

func TestOneRunDropsATenthOrFiveThousandAtMost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for n, left := range map[int64]int64{8_000: 3_000, 60_000: 54_000} {
		b := newBench(t)
		b.Harm(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
			insert into delivery (id, state, received_ms, applied_ms, size) select i, 2, 1, 1, 1 from n`, n)
		b.Harm(`insert into issue (delivery_id, element, kind, type_key, reason, count, at_ms)
			values (?, 0, 2, 'sleeps', '', ?, 1)`, n, n)
		b.Harm(`update delivery set issues = 4 where id = ?`, n)
		b.uptime(month + time.Hour)
		b.prune(time.Now(), 1_000_000)
		if got := b.Ask(`select count(*) from delivery`); got != left {
			t.Errorf("of %d deliveries %d are left, want %d", n, got, left)
		}
		if got := b.Ask(`select sum(count) from issue`); got != left {
			t.Errorf("of %d orphans %d are left, want %d", n, got, left)
		}
		if got := b.Ask(`select sum(n) from tally where what = 'orphan dropped'`); got != n-left {
			t.Errorf("%d orphans are counted as dropped, want %d", got, n-left)
		}
	}
}

func TestTheCapOnOrphansDropsTheOldestElementsAndNotWholeDeliveries(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Arrive(db.Arrival{}, `{"dailies":[{"userId":"a"},{"userId":"b"},{"userId":"c"},{"userId":"d"},{"userId":"e"}]}`)
	b.Arrive(db.Arrival{}, `{"dailies":[{"userId":"f"},{"userId":"g"}]}`)
	b.run()
	b.prune(time.Now(), 3)
	unknown, err := b.drain.Store.Unknowns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, u := range unknown {
		left = append(left, u.UserID)
	}
	slices.Sort(left)
	if !slices.Equal(left, []string{"e", "f", "g"}) {
		t.Errorf("%q wait, want e, f and g", left)
	}
}

func TestWhatIsLeftOfSignInsAndFetchesIsPruned(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, now := t.Context(), time.Now()
	b.Store.UseKeys(seal.File(filepath.Join(t.TempDir(), "keys")))
	b.Add("Zoe", "zoe", "")
	for i, expires := range []time.Time{now.Add(-time.Minute), now.Add(time.Minute)} {
		link, state := []byte{byte(i), 1}, []byte{byte(i), 2}
		if err := b.Store.AddInvitation(ctx, now.Add(-time.Hour), link, int64(i+1), expires); err != nil {
			t.Fatal(err)
		}
		if err := b.Store.BeginAuthorization(ctx, now.Add(-time.Hour), state, []byte("browser"), link, "r", "v",
			expires); err != nil {
			t.Fatal(err)
		}
	}
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	b.run()
	b.Harm(`insert into fetch (delivery_id, element, person_id, type_key, path, query, announced, from_s, to_s, state,
		created_ms, ends_ms, due_ms) values (1, 0, 1, 'sleeps', '', '', '', 0, 0, 1, 0, 0, 0), (99, 0, 1, 'sleeps', '', '', '', 0,
		0, 1, 0, 0, 0), (99, 1, 1, 'sleeps', '', 'q', '', 0, 0, 0, 0, 0, 0)`)
	b.prune(now, 10)
	for table, want := range map[string]int64{"invitation": 1, "authorization": 1, "fetch": 2} {
		if n := b.Ask(`select count(*) from ` + table); n != want {
			t.Errorf("%d rows of %s are left, want %d", n, table, want)
		}
	}
}

func TestAnswersOfThePersonalAPIAreKeptForLongerThanWhatIsPushed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Add("Ben", keyHolder, "")
	b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	b.Arrive(answer("steps", day20, day20, "["+dayOf(day20, 8000)+"]"))
	b.Arrive(answer("hrv", day20, day20, ""))
	b.run()
	b.uptime(month + time.Hour)
	b.prune(time.Now(), 10)
	b.kept("after a month", 2, 0)
	b.uptime(12 * month)
	b.prune(time.Now(), 10)
	b.kept("after a year and more", 0, 0)
}
