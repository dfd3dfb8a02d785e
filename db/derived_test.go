package db_test

import (
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

func TestADayThatChangesWhileItIsBeingDerivedIsDerivedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	if _, err := s.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err != nil {
		t.Fatal(err)
	}
	jobs := put(t, in, s, 2)
	version := func(body string) func(db.Job) []health.Version {
		return func(j db.Job) []health.Version {
			v := health.Version{Person: 1, Type: "keyed", Key: "k", Day: 10, Start: 864000, End: 864060, Body: []byte(body)}
			v.Order.Arrival.Delivery = j.ID
			copy(v.Sum[:], sum16(v.Body))
			return []health.Version{v}
		}
	}
	dirty := func() []db.DirtyDay {
		list, err := s.Dirty(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	derive := func(list []db.DirtyDay) {
		var out []db.Derived
		for _, d := range list {
			out = append(out, db.Derived{DirtyDay: d})
		}
		if err := s.PutDerived(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	apply(t, s, jobs[:1], version("first"))
	before := dirty()
	if len(before) != 3 {
		t.Fatalf("%d days are to be derived, want 3", len(before))
	}
	apply(t, s, jobs[1:], version("second"))
	derive(before) // worked out from what stood before the second
	if left := dirty(); len(left) != 3 {
		t.Fatalf("%d days are left to be derived, want 3", len(left))
	}
	derive(dirty())
	if left := dirty(); len(left) != 0 {
		t.Errorf("%d days are left to be derived, want none", len(left))
	}
}
