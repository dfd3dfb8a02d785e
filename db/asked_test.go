package db_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

// tied makes versions of one record that only their arrival tells apart.
func tied(body string, delivery int64) health.Version {
	v := health.Version{Person: 1, Type: "keyed", Key: "k", Start: 3600, End: 7200, Body: []byte(body)}
	v.Order.Arrival.Delivery = delivery
	copy(v.Sum[:], sum16(v.Body))
	return v
}

func TestADeliveryThatIsAskedForWhileItIsInHandIsProcessedAgain(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"its first part is applied", "it is requested"} {
		dir := t.TempDir()
		in, s := openInbox(t, dir, roomy), openStore(t, dir)
		if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
			t.Fatal(err)
		}
		jobs := put(t, in, s, 3)
		bodies := map[int64][]health.Version{1: {tied("x", 1)}, 2: {tied("y", 2)}, 3: {tied("x", 3)}}
		result := func(id int64) *db.Result {
			return &db.Result{Job: jobs[id-1], State: db.Done, Versions: slices.Clone(bodies[id])}
		}
		do := func(o *db.Result) {
			if err := s.Apply(t.Context(), time.Now(), []*db.Result{o}); err != nil {
				t.Fatal(err)
			}
		}
		do(result(3))
		first, rest := result(2), result(2)
		first.Partial, rest.Versions = true, nil
		do(first)
		if part == "it is requested" {
			if _, err := s.Requeue(t.Context(), false, 2); err != nil {
				t.Fatal(err)
			}
		}
		do(result(1)) // x came first of all, so y is what stands
		do(rest)
		apply(t, s, claimAll(t, in, s), func(j db.Job) []health.Version { return bodies[j.ID] })
		recs, err := s.Records(t.Context(), 1, "keyed", -1, 1, db.Cursor{}, 10)
		if err != nil || len(recs) != 1 || string(recs[0].Body) != "y" {
			t.Errorf("%s: %+v, %v; want y", part, recs, err)
		}
	}
}

func TestARepeatThatStandsWasReceivedWhenItFirstCame(t *testing.T) {
	t.Parallel()
	for _, typ := range []string{"keyed", "small"} {
		dir := t.TempDir()
		in, s := openInbox(t, dir, roomy), openStore(t, dir)
		if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
			t.Fatal(err)
		}
		jobs := put(t, in, s, 4)
		for i := range jobs {
			jobs[i].Received = time.Unix(1_700_000_000+jobs[i].ID, 0)
		}
		// x stands until it turns out to have come before y; then y comes again.
		bodies := map[int64]string{1: "x", 2: "y", 3: "x", 4: "y"}
		for _, id := range []int64{2, 3, 1, 4} {
			apply(t, s, jobs[id-1:id], func(db.Job) []health.Version {
				v := tied(bodies[id], id)
				v.Type = typ
				return []health.Version{v}
			})
		}
		recs, err := s.Records(t.Context(), 1, typ, -1, 1, db.Cursor{}, 10)
		if err != nil || len(recs) != 1 || string(recs[0].Body) != "y" {
			t.Fatalf("%s: %+v, %v; want y", typ, recs, err)
		}
		if got := recs[0].Received; got != 1_700_000_002_000 {
			t.Errorf("%s: received at %d, want the first arrival", typ, got)
		}
	}
}

func TestAnOutcomeThatIsAppliedAgainCountsOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
		t.Fatal(err)
	}
	o := &db.Result{Job: put(t, in, s, 1)[0], State: db.Done, Refused: &db.Refused{},
		Tallies: map[db.Tally]int{{What: "left out"}: 2}}
	for i := range 150 {
		v := health.Version{Person: 1, Type: "small", Key: fmt.Sprint(i), Body: make([]byte, 1<<20)}
		v.Order.Arrival = health.Arrival{Delivery: 1, Element: int32(i)}
		o.Versions = append(o.Versions, v)
	}
	for range 3 {
		if err := s.Apply(t.Context(), time.Now(), []*db.Result{o}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "garner.db")
	if n := count(t, path, `select sum(n) from tally`); n != 2 {
		t.Errorf("%d are tallied, want 2", n)
	}
	if n := count(t, path, `select sum(count) from issue`); n != 150 {
		t.Errorf("%d elements are parked, want 150", n)
	}
}
