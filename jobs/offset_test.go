package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"garner/db"
)

func TestTheClockOfTheWatchIsThatOfTheNewestDayInEveryOrder(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	daily := func(day, offset int) string {
		return fmt.Sprintf(`{"dailies":[{"userId":"u1","calendarDate":"2025-10-%02d","startTimeInSeconds":%d,
			"startTimeOffsetInSeconds":%d,"durationInSeconds":86400}]}`, day, 1760000000+day*86400, offset)
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		b := newBench(t)
		b.put(daily(9, 3600), daily(10, 7200), daily(11, -18000))
		jobs := b.claim()
		slices.SortFunc(jobs, func(a, b db.Job) int { return int(a.ID - b.ID) })
		b.apply(rand.New(rand.NewPCG(1, 1)), []db.Job{jobs[order[0]], jobs[order[1]], jobs[order[2]]})
		if got, err := b.drain.Store.Offsets(t.Context(), []int64{1}, "dailies"); err != nil || got[1] != -18000 {
			t.Errorf("applied as %v the clock is %d s from UTC, %v", order, got, err)
		}
	}
	b := newBench(t)
	if got, err := b.drain.Store.Offsets(t.Context(), []int64{1}, "dailies"); err != nil || len(got) != 0 {
		t.Error("a person without records has a clock")
	}
}
