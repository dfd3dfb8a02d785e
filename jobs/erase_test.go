package jobs

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/health"
	"garner/jobs/jobstest"
)

// household is three simulated people; the first is to be erased.
type household struct {
	*jobstest.Box
	world *simulator.World
}

const (
	erasedName  = "Zebediah Quastenflosser"
	erasedToken = "5f0c7d1e-token-of-oauth-1"
	markedName  = "Evening lap of the hidden lake"
	markedWatch = "Garmin Prototype 77"
)

func newHousehold(t *testing.T) *household {
	t.Helper()
	h := &household{Box: jobstest.Open(t), world: simulator.New(simulator.Config{Seed: 3, People: 3, Days: 5,
		Until: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})}
	h.useKeys()
	for i, p := range h.world.People() {
		name, token := p.Name, ""
		if i == 0 {
			name, token = erasedName, erasedToken
		}
		h.Add(name, p.UserID, token)
	}
	return h
}

func (h *household) useKeys() { h.Store.UseKeys(seal.File(filepath.Join(h.Dir, "keys"))) }

func (h *household) erased() simulator.Person { return h.world.People()[0] }

// day puts the summaries of all people of one day into the inbox, each type in one
// body, and something of the first person that no one else has.
func (h *household) day(n int) {
	h.T.Helper()
	date := time.Date(2026, 11, 15+n, 0, 0, 0, 0, time.UTC)
	together := map[string][]json.RawMessage{}
	for i := range h.world.People() {
		for _, d := range h.world.Final(i, date) {
			var body map[string][]json.RawMessage
			if err := json.Unmarshal(d.Body, &body); err != nil {
				h.T.Fatal(err)
			}
			for key, list := range body {
				together[key] = append(together[key], list...)
			}
		}
	}
	together["activities"] = append(together["activities"], json.RawMessage(fmt.Sprintf(`{"userId":%q,"summaryId":"marked-%d",
		"activityId":77%d,"activityName":%q,"deviceName":%q,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,
		"durationInSeconds":60,"activityType":"RUNNING"}`, h.erased().UserID, n, n, markedName, markedWatch,
		date.Unix()+3600*int64(n))))
	delete(together, "activityFiles") // pings wait for others to be fetched
	for key, list := range together {
		body, err := json.Marshal(map[string][]json.RawMessage{key: list})
		if err != nil {
			h.T.Fatal(err)
		}
		h.Arrive(db.Arrival{}, string(body))
	}
	h.Arrive(db.Arrival{}, fmt.Sprintf(`{"userId":"%s","activities":[{"summaryId":"marked-cut","activityName":%q`,
		h.erased().UserID, markedName))
}

func (h *household) drain() {
	h.T.Helper()
	d := &Drain{Inbox: h.Inbox.InboxReader, Store: h.Store, Log: slog.New(slog.DiscardHandler), Workers: 2}
	if err := d.RunUntilEmpty(h.T.Context()); err != nil {
		h.T.Fatal(err)
	}
}

// kill continues with the files as they are on the disk now, as after a loss of
// power, and with an eraser that knows nothing.
func (h *household) kill() *Eraser {
	h.T.Helper()
	dir := h.T.TempDir()
	if err := os.CopyFS(dir, os.DirFS(h.Dir)); err != nil {
		h.T.Fatal(err)
	}
	h.Reopen(dir)
	h.useKeys()
	if err := EndLeases(h.T.Context(), h.Store); err != nil {
		h.T.Fatal(err)
	}
	return h.eraser()
}

func (h *household) eraser() *Eraser {
	return &Eraser{Inbox: h.Inbox, Store: h.Store, Log: slog.New(slog.DiscardHandler), Dir: h.Dir}
}

// kept hashes all records of a person.
func (h *household) kept(person int64) string {
	h.T.Helper()
	sum := sha256.New()
	for _, kind := range garmin.Kinds() {
		for rec, err := range h.Store.EachVersion(h.T.Context(), person, kind.Type, 0, health.Day(1<<20)) {
			if err != nil {
				h.T.Fatal(err)
			}
			fmt.Fprintln(sum, rec.Type, rec.Key, rec.Day, string(rec.Body))
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// traces are texts of the erased person that something still holds.
func (h *household) traces() (out []string) {
	h.T.Helper()
	marks := []string{erasedName, erasedToken, markedName, markedWatch, h.erased().UserID, "marked-0", "marked-cut",
		"zebediah-quasten"}
	look := func(where string, b []byte) {
		for _, mark := range marks {
			if bytes.Contains(b, []byte(mark)) {
				out = append(out, where+": "+mark)
			}
		}
	}
	err := filepath.WalkDir(h.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		look(filepath.Base(path), b)
		return err
	})
	if err != nil {
		h.T.Fatal(err)
	}
	list, err := h.Inbox.After(h.T.Context(), 0, 1<<20, 1<<40)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, d := range list {
		b, err := io.ReadAll(h.Inbox.Body(h.T.Context(), d))
		if err != nil {
			h.T.Fatal(err)
		}
		look(fmt.Sprint("delivery ", d.ID), b)
	}
	return out
}

func TestNothingOfAnErasedPersonCanBeReadAndOthersKeepAll(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	h := newHousehold(t)
	ctx := t.Context()
	h.day(0)
	h.day(1)
	h.drain()
	h.day(2) // waits to be processed
	if err := os.MkdirAll(filepath.Join(h.Dir, "files/1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.Dir, "files/1/a.fit"), []byte(markedName), 0o600); err != nil {
		t.Fatal(err)
	}
	if len(h.traces()) == 0 {
		t.Fatal("there is nothing to erase")
	}

	if err := h.Store.Erase(ctx, time.Now(), 1); err != nil {
		t.Fatal(err)
	}
	h.kill()
	h.drain()
	want := []string{h.kept(2), h.kept(3)}
	for done := false; !done; h.kill() {
		var err error
		if done, err = h.Store.EraseRows(ctx, 1); err != nil {
			t.Fatal(err)
		}
	}
	list, err := h.Store.Erasures(ctx)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if err := h.Store.EraseMentions(ctx, list[0]); err != nil {
		t.Fatal(err)
	}
	e := h.kill()
	if err := errors.Join(e.removeFiles(list[0]), e.scan(ctx, list[0])); err != nil {
		t.Fatal(err)
	}
	e = h.kill()
	h.drain()
	if err := e.sweep(ctx); err != nil {
		t.Fatal(err)
	}
	e = h.kill()
	if done, err := e.RunOnce(ctx); err != nil || !done {
		t.Fatal(done, err)
	}
	if left := h.traces(); len(left) > 0 {
		t.Errorf("traces are left:\n%s", strings.Join(left, "\n"))
	}
	for i, person := range []int64{2, 3} {
		if got := h.kept(person); got != want[i] {
			t.Errorf("records of person %d changed", person)
		}
	}

	h.day(3) // arrives later
	h.drain()
	if done, err := e.RunOnce(ctx); err != nil || !done {
		t.Fatal(done, err)
	}
	if left := h.traces(); len(left) > 0 {
		t.Errorf("traces of what came later are left:\n%s", strings.Join(left, "\n"))
	}
	if n := h.Ask(`select coalesce(sum(n), 0) from tally where what = ?`, TallyErased); n == 0 {
		t.Error("what was dropped is not counted")
	}
	if n := h.Ask(`select count(*) from person where id = 1`) + h.Ask(`select count(*) from erasure`); n != 0 {
		t.Errorf("%d rows of the erasure are left", n)
	}
}

func TestABodyThatOthersNeedGoesWhenTheyAreSettled(t *testing.T) {
	t.Parallel()
	h := &household{Box: jobstest.Open(t)}
	h.useKeys()
	h.Add("Ada", "u-ada", "")
	id := h.Arrive(db.Arrival{}, `{"sleeps":[{"userId":"u-ada","summaryId":"a","calendarDate":"2026-11-20",
		"startTimeInSeconds":1763590000,"durationInSeconds":25200},{"userId":"u-ben","summaryId":"b",
		"calendarDate":"2026-11-20","startTimeInSeconds":1763590000,"durationInSeconds":25200}]}`)
	h.drain()
	if err := h.Store.Erase(t.Context(), time.Now(), 1); err != nil {
		t.Fatal(err)
	}
	run := func() {
		if done, err := h.eraser().RunOnce(t.Context()); err != nil || !done {
			t.Fatal(done, err)
		}
	}
	run()
	if _, err := h.Inbox.Delivery(t.Context(), id); err != nil {
		t.Fatalf("the element of an unknown person is lost: %v", err)
	}
	h.Add("Ben", "u-ben", "")
	h.drain()
	run()
	if _, err := h.Inbox.Delivery(t.Context(), id); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("the body is still there: %v", err)
	}
	if n := h.Ask(`select count(*) from record`); n != 1 {
		t.Errorf("%d records, want that of Ben", n)
	}
}

// Scrubbing reads all of both files, which takes minutes on a small machine with years of data.
func TestFilesAreScrubbedAfterADeletionByTheNextProcessTooAndNotAgain(t *testing.T) {
	t.Parallel()
	h := &household{Box: jobstest.Open(t)}
	h.useKeys()
	h.Add("Ada", "u-ada", "")
	whileReading := func(run func() error) error { // a reader keeps the log from being emptied
		reader, err := h.Store.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return errors.Join(run(), reader.Close())
	}
	run := func() error {
		_, err := h.eraser().RunOnce(t.Context())
		return err
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	h.Add("Ben", "u-ben", "") // what is in the log is not deleted
	if err := whileReading(run); err != nil {
		t.Errorf("scrubbed although nothing was deleted: %v", err)
	}
	if err := h.Store.Erase(t.Context(), time.Now(), 1); err != nil {
		t.Fatal(err)
	}
	if err := whileReading(run); !errors.Is(err, db.ErrBusy) {
		t.Fatalf("got %v, want ErrBusy", err)
	}
	if err := whileReading(run); !errors.Is(err, db.ErrBusy) {
		t.Fatalf("the next process: got %v, want ErrBusy", err)
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	if done, err := h.Store.Scrubbed(t.Context()); err != nil || !done {
		t.Errorf("not scrubbed, %v", err)
	}
}

func TestAPersonWhoConsentsAgainIsNoLongerErased(t *testing.T) {
	t.Parallel()
	h := &household{Box: jobstest.Open(t)}
	h.useKeys()
	h.Add("Ada", "u-ada", "")
	if err := h.Store.Erase(t.Context(), time.Now(), 1); err != nil {
		t.Fatal(err)
	}
	if done, err := h.eraser().RunOnce(t.Context()); err != nil || !done {
		t.Fatal(done, err)
	}
	h.Arrive(db.Arrival{}, fmt.Sprintf(jobstest.Night, "u-ada"))
	h.drain()
	if n := h.Ask(`select count(*) from record`) + h.Ask(`select count(*) from issue`); n != 0 {
		t.Fatalf("%d rows of an erased person", n)
	}
	h.Add("Ada", "u-ada", "")
	h.Arrive(db.Arrival{}, fmt.Sprintf(jobstest.Night, "u-ada"))
	h.drain()
	if n := h.Ask(`select count(*) from record`); n != 1 {
		t.Errorf("%d records after the new consent, want 1", n)
	}
	if n := h.Ask(`select count(*) from erased`); n != 0 {
		t.Errorf("%d hashes are left", n)
	}
}
