package jobs

import (
	"fmt"
	"testing"
	"time"

	"garner/db"
)

func TestADeliveryThatIsAcceptedWhileItIsLookedAtIsNotLost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.Arrive(db.Arrival{Client: db.ClientWrong}, fmt.Sprintf(night, "u1"))
	jobs := b.claim()
	ids, err := b.drain.Store.Identities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := b.drain.process(t.Context(), jobs[0], ids, nil)
	if out.State != db.Quarantined {
		t.Fatalf("its state is %d, want quarantined", out.State)
	}
	if _, err := b.drain.Store.Requeue(t.Context(), true, id); err != nil {
		t.Fatal(err)
	}
	if err := b.drain.Store.Apply(t.Context(), time.Now(), []*db.Result{out}); err != nil {
		t.Fatal(err)
	}
	if c := b.Counts(); c.Waiting != 1 || c.Quarantined != 0 {
		t.Errorf("after it was accepted: %+v", c)
	}
	b.run()
	if c := b.Counts(); c.Done != 1 || len(b.current()) != 1 {
		t.Errorf("in the end: %+v", c)
	}
}
