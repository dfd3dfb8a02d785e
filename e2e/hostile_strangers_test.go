package e2e

import (
	"fmt"
	"testing"
	"time"
)

// TestABodyOfManyStrangersLeavesFewRowsAndTheirDataComeWhenTheyAreAdded sends
// elements of as many unknown people.
func TestABodyOfManyStrangersLeavesFewRowsAndTheirDataComeWhenTheyAreAdded(t *testing.T) {
	t.Parallel()
	n := 100_000
	if allWanted() {
		n = 1_990_000
	}
	b := newVictim(t)
	b.send("dailies", "gzip", zipped(t, series("dailies", n, func(i int) string {
		return fmt.Sprintf(`{"userId":"s%d","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,"steps":1}`, i)
	})))
	other := b.othersGoOn()
	t.Logf("the other's after %s, all after %s more", other, b.processed(1, 5*time.Minute))
	b.wantFewRows(2, n)
	for i, who := range []int{7, n - 1} { // one with a row of its own, one without
		b.Run("person", "add", "--name", fmt.Sprint("Cy ", i), "--garmin-user-id", fmt.Sprint("s", who))
		took := b.await(2*time.Minute, "their day", func() bool {
			return b.ask(`select count(*) from record where person_id = ?`, 3+i) == 1
		})
		t.Logf("the day of stranger %d came after %s", who, took)
		b.processed(1, 2*time.Minute)
		b.wantFewRows(2, n-1-i)
	}
	b.wantLittleMemory()
}

// wantFewRows wants that few issue rows stand for n elements, and that pages
// that show them stay fast.
func (b victim) wantFewRows(kind, n int) {
	b.T.Helper()
	if sum := b.ask(`select coalesce(sum(count), 0) from issue where kind = ?`, kind); sum != int64(n) {
		b.T.Errorf("rows stand for %d elements, want %d", sum, n)
	}
	if rows := b.ask(`select count(*) from issue`); rows > 250 {
		b.T.Errorf("%d rows", rows)
	}
	for _, path := range []string{"/", "/inbox", "/inbox/1", "/people", "/coverage", "/sync"} {
		took, err := b.visit(path)
		if err != nil {
			b.T.Error(err)
		}
		b.wantSoon(path, took)
		b.T.Logf("%s within %s", path, took.Round(time.Millisecond))
	}
}

func TestABodyOfManyUnknownTypesLeavesFewRows(t *testing.T) {
	t.Parallel()
	n := 100_000
	if allWanted() {
		n = 1_990_000
	}
	b := newVictim(t)
	b.send("dailies", "gzip", zipped(t, listed("{", n, func(i int) string {
		return fmt.Sprintf(`"type%d":[{"userId":"u1","steps":1}]`, i)
	}, "}")))
	other := b.othersGoOn()
	t.Logf("the other's after %s, all after %s more", other, b.processed(1, 5*time.Minute))
	b.wantFewRows(1, n)
	b.wantLittleMemory()
}
