package jobs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// heartRates is a daily summary whose n samples begin at from, as many seconds
// long as given.
func heartRates(tag, from, n, length int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"%d":%d`, from+i, 60+(i+tag)%40))
	}
	return fmt.Sprintf(`{"dailies":[{"userId":"u1","calendarDate":"2026-11-20","startTimeInSeconds":1795132800,`+
		`"durationInSeconds":%d,"tag":%d,"timeOffsetHeartRateSamples":{%s}}]}`, length, tag, strings.Join(list, ","))
}

// TestVersionsTooLargeToBlendAreShownAsSentWhateverTheOrder sends a version too
// large to be compared with others among those that are not.
func TestVersionsTooLargeToBlendAreShownAsSentWhateverTheOrder(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	huge := heartRates(1, 0, 50_000, 50_000)
	dense, thin := heartRates(2, 0, 400, 60_000), heartRates(3, 0, 2, 70_000)
	for name, order := range map[string][]int{"first": {0, 1, 2}, "between": {1, 0, 2}, "last": {2, 1, 0}} {
		b := newBench(t)
		b.put(huge, dense, thin)
		jobs := b.claim()
		for _, i := range order {
			b.apply(rand.New(rand.NewPCG(1, 1)), jobs[i:i+1])
		}
		if got := b.current(); len(got) != 1 || !strings.HasPrefix(got[0], "dailies 3 ") ||
			strings.Count(got[0], ":") != 400 {
			t.Errorf("huge one %s: %.200s", name, got)
		}
		if n := b.Ask(`select count(*) from kept where length(body) > 65536`); n != 0 {
			t.Errorf("huge one %s: its body is kept", name)
		}
	}
	b := newBench(t)
	b.put(dense, heartRates(4, 0, 50_000, 80_000))
	b.run()
	if got := b.current(); len(got) != 1 || strings.Count(got[0], ":") != 50_000 {
		t.Errorf("a huge one that stands is not shown as sent: %.200s", got)
	}
}
