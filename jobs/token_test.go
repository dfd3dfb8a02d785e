package jobs

import (
	"fmt"
	"testing"

	"garner/db"
)

const day = `{"userId":%q,"userAccessToken":%q,"calendarDate":%q,"startTimeInSeconds":1795132800}`

func TestAPersonAddedByTokenGetsElementsThatAlsoHadAnUnknownUserID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Arrive(db.Arrival{}, `{"dailies":[`+fmt.Sprintf(day, "stranger", "token of Ben", "2026-11-20")+`]}`)
	b.Arrive(db.Arrival{}, `{"dailies":[`+fmt.Sprintf(day, "another", "token of Cy", "2026-11-20")+`]}`)
	b.run()
	if c := b.Counts(); c.Orphaned != 2 {
		t.Fatalf("before: %+v", c)
	}
	b.Add("Ben", "", "token of Ben")
	b.run()
	if c := b.Counts(); c.Orphaned != 1 || c.Done != 1 {
		t.Errorf("after: %+v", c)
	}
	if n := b.Ask(`select count(*) from record where person_id = 2`); n != 1 {
		t.Errorf("Ben has %d records, want 1", n)
	}
	b.Arrive(db.Arrival{}, `{"dailies":[`+fmt.Sprintf(day, "stranger", "", "2026-11-20")+`]}`)
	b.run()
	if n := b.Ask(`select count(*) from issue where user_id = 'stranger'`); n != 0 {
		t.Error("the user id beside the token was not learnt")
	}
}

func TestATokenSeenBesideAKnownUserIDFindsThePersonByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.Arrive(db.Arrival{}, `{"dailies":[{"userAccessToken":"t1","calendarDate":"2026-11-19",
		"startTimeInSeconds":1795046400}]}`)
	b.run()
	if n := b.Ask(`select count(*) from issue where delivery_id = ? and kind = 2`, first); n != 1 {
		t.Fatalf("%d orphans before, want 1", n)
	}
	b.Arrive(db.Arrival{}, `{"dailies":[`+fmt.Sprintf(day, "u1", "t1", "2026-11-20")+`]}`)
	b.run()
	b.Arrive(db.Arrival{}, `{"dailies":[{"userAccessToken":"t1","calendarDate":"2026-11-21",
		"startTimeInSeconds":1795219200}]}`)
	b.run()
	if c := b.Counts(); c.Done != 3 || c.Orphaned != 0 {
		t.Errorf("%+v", c)
	}
	if n := b.Ask(`select count(*) from record where person_id = 1`); n != 3 {
		t.Errorf("%d records, want that before, with and after the user id", n)
	}
}
