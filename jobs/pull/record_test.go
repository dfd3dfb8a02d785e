package pull_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/garmin/personal"
)

// watched looks at each call before it is made.
type watched struct {
	patient
	look func(*personal.Endpoint)
}

func (w watched) Get(ctx context.Context, bearer personal.Bearer, r personal.Request) (personal.Reply, error) {
	w.look(r.Endpoint)
	return w.patient.Get(ctx, bearer, r)
}

func TestACallIsOnRecordBeforeItIsMade(t *testing.T) {
	t.Parallel()
	b := open(t, 1, 20)
	b.runner.Garmin = watched{patient{b}, func(e *personal.Endpoint) {
		calls, err := b.Store.PullCallsOf(t.Context(), b.people[0].ID, b.runner.Parallel)
		if err != nil || !slices.ContainsFunc(calls, func(c db.PullCall) bool {
			return c.Endpoint == e.Key && c.Ended.IsZero()
		}) {
			t.Errorf("%s is not on record: %+v, %v", e.Key, calls, err)
		}
	}}
	b.run(5 * time.Second)
	if len(b.targets(0)) < 5 {
		t.Errorf("%d calls", len(b.targets(0)))
	}
}
