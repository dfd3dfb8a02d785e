package jobs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

func TestADeliveryThatTheStoreRefusesIsParkedAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Harm(
		`create trigger harm before insert on record when new.day = 20777 begin select raise(abort, 'refused'); end`,
	)
	day := func(date string, start int) string {
		return fmt.Sprintf(`{"dailies":[{"userId":"u1","calendarDate":%q,"startTimeInSeconds":%d,`+
			`"durationInSeconds":86400}]}`, date, start)
	}
	b.Arrive(db.Arrival{}, day("2026-11-19", 1795046400))
	bad := b.Arrive(db.Arrival{}, day("2026-11-20", 1795132800))
	b.Arrive(db.Arrival{}, day("2026-11-21", 1795219200))
	for range MaxAttempts {
		b.run()
		b.Harm(`update delivery set due_ms = 0 where state = 0`) // as if the wait were over
	}
	if got := b.current(); len(got) != 2 {
		t.Errorf("%d records stand, want 2: %v", len(got), got)
	}
	if c := b.Counts(); c.Parked != 1 || c.Done != 2 || c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
	b.Harm(`drop trigger harm`)
	b.again(false, bad)
	if c := b.Counts(); c.Parked != 0 || c.Done != 3 {
		t.Errorf("once it is mended: %+v", c)
	}
}

func TestReplayingLeavesTheBacklogAndTheTalliesAsTheyWere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := []int64{
		b.Arrive(
			db.Arrival{},
			`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"steps":"many"}]}`,
		),
		b.Arrive(db.Arrival{Client: db.ClientWrong}, fmt.Sprintf(night, "u1")),
		b.Arrive(db.Arrival{}, fmt.Sprintf(night, "stranger")),
	}
	b.run()
	tallied := func() (n int64) { return b.Ask(`select coalesce(sum(n), 0) from tally`) }
	if n := tallied(); n != 1 {
		t.Fatalf("%d fields are counted as not readable, want 1", n)
	}
	b.again(false, ids...)
	b.again(true, ids...)
	b.Add("Ben", "stranger", "")
	b.run()
	if n := tallied(); n != 1 {
		t.Errorf("%d fields are counted as not readable after replaying, want 1", n)
	}
	if rows, size := b.drain.Receiving.Backlog(); rows != 0 || size != 0 {
		t.Errorf("the backlog is %d deliveries of %d bytes, want none", rows, size)
	}
}

func TestTheBacklogAtStartIsWhatWasNeverApplied(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	done := b.Arrive(db.Arrival{}, fmt.Sprintf(night, "u1"))
	b.run()
	b.Arrive(db.Arrival{}, "{}")
	b.claim()
	b.Arrive(db.Arrival{}, "{}")
	if _, err := b.drain.Store.Requeue(t.Context(), false, done); err != nil {
		t.Fatal(err)
	}
	rows, size, err := b.drain.Store.Backlog(t.Context(), b.drain.Inbox)
	if err != nil || rows != 2 || size != 4 {
		t.Errorf("%d deliveries of %d bytes, %v; want the claimed one and the new one", rows, size, err)
	}
}

func TestTwoPeopleWhoClaimOneUserIDInOneBatchGetNothingOfEachOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Add("Ben", "", "token of Ben")
	b.Add("Cy", "", "token of Cy")
	b.Arrive(
		db.Arrival{},
		`{"dailies":[{"userId":"new","userAccessToken":"token of Ben","calendarDate":"2026-11-20","startTimeInSeconds":1795132800}]}`,
	)
	b.Arrive(
		db.Arrival{},
		`{"dailies":[{"userId":"new","userAccessToken":"token of Cy","calendarDate":"2026-11-21","startTimeInSeconds":1795219200}]}`,
	)
	b.run()
	if c := b.Counts(); c.Done != 1 || c.Parked != 1 {
		t.Errorf("%+v", c)
	}
	if n := b.Ask(`select count(*) from record where person_id = 3`); n != 0 {
		t.Errorf("Cy got %d records under the user id that is Ben's", n)
	}
}

func TestUnitsThatChangeAreSeenByWhoKeepsPeopleAtHand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before, err := b.drain.Store.PeopleMark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.drain.Store.SetUnits(t.Context(), 1, health.Units{System: health.SystemImperial}); err != nil {
		t.Fatal(err)
	}
	after, err := b.drain.Store.PeopleMark(t.Context())
	if err != nil || after == before {
		t.Errorf("the mark stayed %d, %v", after, err)
	}
}

func TestARecordIsAlwaysKeptWhereItIsFound(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, date := range []string{"2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2027-11-20"} {
		b.put(fmt.Sprintf(`{"allDayRespiration":[{"userId":"u1","calendarDate":%q,"startTimeInSeconds":%d,`+
			`"durationInSeconds":900}]}`, date, 1_795_132_800+i))
	}
	b.run()
	if found, c := len(b.current()), b.Counts(); found+int(c.Parked) != 6 || found < 3 {
		t.Errorf("of 6 records %d are found and %d parked", found, c.Parked)
	}
}

func TestAReplayReadsNoMoreAtOnceThanABatchHolds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var ids []int64
	for range 40 {
		ids = append(ids, b.Arrive(db.Arrival{}, `{"unheardOf":[{"pad":"`+strings.Repeat("x", 100<<10)+`"}]}`))
	}
	b.run()
	if _, err := b.drain.Store.Requeue(t.Context(), false, ids...); err != nil {
		t.Fatal(err)
	}
	for left := len(ids); left > 0; {
		jobs, err := b.drain.Store.Claim(t.Context(), b.drain.Inbox, time.Now(), batchRows, 1<<20)
		if err != nil || len(jobs) == 0 || len(jobs) > 11 {
			t.Fatalf("%d deliveries of 100 KiB at once, of 1 MiB asked for: %v", len(jobs), err)
		}
		left -= len(jobs)
	}
}
