package jobs

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/health"
)

// fetchedFor is a body as Garner puts it into the inbox: an array that Garmin answered to
// the token of a person.
func fetchedFor(userID, array string) string {
	before, after := garmin.Fetched{UserID: userID, Ping: "7/0"}.List(garmin.Sleeps)
	return before + array + after
}

func TestAnAnswerToThePersonsTokenNeverBecomesAnotherPersonsData(t *testing.T) {
	t.Parallel()
	const night = `{%s,"summaryId":"x%d","calendarDate":"2026-11-2%d","startTimeInSeconds":1763590000,` +
		`"startTimeOffsetInSeconds":3600,"durationInSeconds":25200,"validation":"ENHANCED_FINAL"}`
	for whose, kept := range map[string]bool{
		`"userId":"u1"`:                         true,
		`"summary":"of the body's own person"`:  true,
		`"userId":"u1","userAccessToken":"new"`: true,
		`"userId":"u2"`:                         false,
		`"userAccessToken":"t2"`:                false,
		`"userId":"stranger"`:                   false,
		`"userId":"u2","userAccessToken":"new"`: false,
	} {
		b := newBench(t)
		b.Add("Ben", "u2", "t2")
		body := fetchedFor("u1", "["+fmt.Sprintf(night, whose, 1, 1)+"]")
		b.Arrive(db.Arrival{Received: time.Now(), Source: health.Ping}, body)
		b.run()
		if n := b.Ask(`select count(*) from record where person_id = 1`); (n == 1) != kept {
			t.Errorf("%s: %d records of the owner", whose, n)
		}
		if n := b.Ask(`select count(*) from record where person_id <> 1`); n != 0 {
			t.Errorf("%s: %d records of someone else", whose, n)
		}
		if c := b.Counts(); (c.Parked == 0) != kept || c.Orphaned != 0 {
			t.Errorf("%s: %+v", whose, c)
		}
		if n := b.Ask(`select count(*) from identity where person_id <> 1`); n != 2 {
			t.Errorf("%s: %d identities of Ben", whose, n)
		}
	}
}

func TestWhatWasAskedForBeforeAnErasureIsDroppedWhenItArrivesAfter(t *testing.T) {
	t.Parallel()
	for _, array := range []string{`[]`, `[{"summaryId":"x"}]`, `[{"userId":"u1","summaryId":"x"}]`,
		`[{"userId":"u2","summaryId":"x"}]`, `[7]`} {
		b := newBench(t)
		b.Add("Ben", "u2", "")
		b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
		if err := b.Store.Erase(t.Context(), time.Now(), 1); err != nil {
			t.Fatal(err)
		}
		b.Arrive(db.Arrival{Received: time.Now(), Source: health.Ping}, fetchedFor("u1", array))
		b.run()
		if c := b.Counts(); c.Parked+c.Orphaned+c.Waiting != 0 {
			t.Errorf("%s: %+v", array, c)
		}
		e := &Eraser{Inbox: b.Inbox, Store: b.Store, Log: slog.New(slog.DiscardHandler), Dir: b.Dir}
		if done, err := e.RunOnce(t.Context()); err != nil || !done {
			t.Errorf("%s: %v, %v", array, done, err)
		}
		if n, err := b.Inbox.Stored(t.Context(), 0, 10, 1<<20); err != nil || len(n) != 0 {
			t.Errorf("%s: %d bodies are left, %v", array, len(n), err)
		}
	}
}
