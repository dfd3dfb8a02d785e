package api_test

import (
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
	"garner/jobs"
	"garner/jobs/watch"
	"garner/server/auth"
)

// twoDays is a box with two days of Ada's, and its folder.
func twoDays(t *testing.T) (b *box, dir string) {
	t.Helper()
	b = emptyBox(t)
	b.Add("Ada", "u1")
	for i := range int64(2) {
		b.Push("dailies", fmt.Sprintf(`"calendarDate":%q,"startTimeInSeconds":%d,"durationInSeconds":86400,"steps":9`,
			health.Day(20777+i), health.Day(20777+i).Midnight().Unix()))
	}
	return b, b.watch.(*watch.Watch).DataDir
}

func TestAChangedDayThatIsDamagedSaysSo(t *testing.T) {
	t.Parallel()
	b, dir := twoDays(t)
	file, err := sql.Open("sqlite", filepath.Join(dir, "garner.db"))
	b.must(err)
	defer func() { b.must(file.Close()) }()
	_, err = file.ExecContext(t.Context(), `update record set body = x'00' where day = 20778`)
	b.must(err)
	page := b.bearer(0, auth.ScopeRead).get("changes")
	found := 0
	for _, c := range page.Data {
		if c["type"] != "dailies" {
			continue
		}
		found++
		damaged, records := c["damaged"] == true, len(c["records"].([]any))
		if bad := c["date"] == "2026-11-21"; damaged != bad || bad != (records == 0) {
			t.Errorf("%v: damaged %v, %d records", c["date"], damaged, records)
		}
	}
	if found != 2 {
		t.Errorf("%d of 2 days", found)
	}
}

func TestAnErasedPersonIsAChangeForWhoReadsEveryone(t *testing.T) {
	t.Parallel()
	b, dir := twoDays(t)
	b.Add("Ben", "u2")
	all, ben := b.bearer(0, auth.ScopeRead), b.bearer(b.idOf("ben"), auth.ScopeRead)
	before, bens := all.get("changes").Next, ben.get("changes").Next
	ada := b.idOf("ada")
	b.Store.UseKeys(seal.File(filepath.Join(dir, "keys")))
	b.must(b.Store.Erase(t.Context(), time.Now(), ada))
	if left := all.get("changes").Data; len(left) != 1 || left[0]["erased"] != true {
		t.Errorf("changes while a person is being erased: %v", left)
	}
	_, err := db.MatchFiles(t.Context(), b.Inbox, b.Store, time.Now())
	b.must(err)
	eraser := &jobs.Eraser{Inbox: b.Inbox, Store: b.Store, Log: slog.New(slog.DiscardHandler), Dir: dir}
	if done, err := eraser.RunOnce(t.Context()); err != nil || !done {
		t.Fatal(done, err)
	}
	got := all.get("changes?cursor=" + before).Data
	if len(got) != 1 || got[0]["erased"] != true || fmt.Sprint(got[0]["person_id"]) != fmt.Sprint(ada) {
		t.Errorf("after the erasure: %v", got)
	}
	if got := ben.get("changes?cursor=" + bens).Data; len(got) > 0 {
		t.Errorf("who reads Ben learns %v", got)
	}
}
