package jobs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"garner/db"
)

// The newest arrival stands, of which repeats are none. Here the repeats are
// processed first, and the first arrivals show one after the other: what was
// asked for then turns out to be old itself, and the one that is new must not
// be forgotten.
func TestOfSeveralGreaterVersionsNoneIsForgottenWhenFirstArrivalsShowLate(t *testing.T) {
	t.Parallel()
	cycle := func(tag int) string {
		return fmt.Sprintf(`{"mct":[{"userId":"u1","periodStartDate":"2025-10-09","lastUpdatedTimeInSeconds":1760000000,`+
			`"tag":%d}]}`, tag)
	}
	b := newBench(t)
	b.put(cycle(1), cycle(2), cycle(3), cycle(1), cycle(2))
	jobs := b.claim()
	slices.SortFunc(jobs, func(a, b db.Job) int { return int(a.ID - b.ID) })
	b.apply(rand.New(rand.NewPCG(1, 1)), []db.Job{jobs[3], jobs[2], jobs[4], jobs[1], jobs[0]})
	b.recover()
	if got := tagsOf(b.current()); !slices.Equal(got, []string{"mct 3"}) {
		t.Errorf("stands: %v", got)
	}
}
