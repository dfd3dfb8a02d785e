package jobs

import (
	"fmt"
	"testing"
	"time"

	"garner/db"
)

// TestPruningKeepsEveryNoticeThatExcusesADay sends, oldest first, two ends of
// the connection, a withdrawal with its retry, and eight changes that name no
// permissions.
func TestPruningKeepsEveryNoticeThatExcusesADay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	at := time.Now().Add(-2000 * 24 * time.Hour)
	notice := func(typ, members string) {
		at = at.Add(time.Hour)
		b.Arrive(db.Arrival{Received: at}, fmt.Sprintf(`{%q:[{"userId":"u1"%s}]}`, typ, members))
	}
	for range 2 {
		notice("deregistrations", "")
		notice("userPermissionsChange", `,"permissions":["ACTIVITY_EXPORT"],"changeTimeInSeconds":1600000000`)
	}
	for range 8 {
		notice("userPermissionsChange", `,"permissions":null`)
	}
	b.run()
	want := func(where string, want int64) {
		t.Helper()
		if n := b.Ask(`select count(*) from notice where ` + where); n != want {
			t.Errorf("%s: %d, want %d", where, n, want)
		}
	}
	want(`true`, 12)
	b.prune(time.Now(), 10)
	want(`true`, 8)
	want(`type_key = 'deregistrations' and delivery_id in (1, 3)`, 2)
	want(`detail like '%ACTIVITY_EXPORT%' and delivery_id = 2`, 1)
	want(`detail like '%null%' and delivery_id > 7`, 5)
}
