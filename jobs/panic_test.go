package jobs

import (
	"strings"
	"testing"
	"time"

	"garner/db"
)

// A drain without its inbox panics at every delivery.
func TestPanicsOfOneCauseGatherInOneGroupWithoutTheirStacks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, date := range []string{"2026-11-20", "2026-11-21"} {
		b.Arrive(db.Arrival{}, `{"dailies":[{"userId":"u1","calendarDate":"`+date+`","startTimeInSeconds":1795132800,
			"deviceName":"`+strings.Repeat("x", 100<<10)+`"}]}`)
	}
	ids, err := b.drain.Store.Identities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	broken := &Drain{Store: b.drain.Store, Log: b.drain.Log}
	var outs []*db.Result
	for _, job := range b.claim() {
		job.Attempt = MaxAttempts
		outs = append(outs, broken.process(t.Context(), job, ids, nil))
	}
	if err := b.drain.Store.Apply(t.Context(), time.Now(), outs); err != nil {
		t.Fatal(err)
	}
	groups, err := b.drain.Store.ParkedGroups(t.Context())
	if err != nil || len(groups) != 1 || groups[0].Deliveries != 2 {
		t.Fatalf("%d groups of %d deliveries, %v", len(groups), len(outs), err)
	}
	if reason := groups[0].Reason; !strings.Contains(reason, "panic: ") || strings.Contains(reason, "goroutine") ||
		strings.Contains(reason, ".go:") {
		t.Errorf("the reason is %q", reason)
	}
}
