package e2e

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// removeFiles removes files, whether they are there or not.
func removeFiles(t testing.TB, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func takeFile(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func putFile(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// undisturbedTwoDays is the record of two days that nothing disturbed.
var undisturbedTwoDays struct {
	sync.Mutex
	record string
}

// twoDays are two days of one person, and the record of them where nothing goes
// wrong.
func twoDays(t testing.TB) (w *simulator.World, list []simulator.Delivery, want string) {
	t.Helper()
	w, list = box.Household(1, 2)
	list = distinct(list)
	undisturbedTwoDays.Lock()
	defer undisturbedTwoDays.Unlock()
	if undisturbedTwoDays.record == "" {
		undisturbedTwoDays.record = fed(t, w, list)
	}
	return w, list, undisturbedTwoDays.record
}

// highest is the highest id in the inbox.
func highest(t testing.TB, dir string) (id int64) {
	t.Helper()
	for _, other := range box.Sums(t, dir) {
		id = max(id, other)
	}
	return id
}

// mustLieAbove wants list in the inbox with ids above one.
func mustLieAbove(t testing.TB, dir string, id int64, list []simulator.Delivery) {
	t.Helper()
	have := box.Sums(t, dir)
	for i, d := range list {
		if got := have[sha256.Sum256(d.Body)]; got <= id {
			t.Fatalf("delivery %d of %d has id %d, and %d was in use", i, len(list), got, id)
		}
	}
}

// emptied is an inbox of which only the tables are left.
func emptied(t testing.TB, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`delete from delivery; delete from sqlite_sequence`)
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// loss is a way in which inbox.db comes to lack what was received. older is
// what it held earlier. make ends b first.
type loss struct {
	name string
	// log means that it is only the log that is lost.
	log  bool
	make func(t *testing.T, b *box.Box, older []byte)
}

var losses = []loss{
	{"deleted", false, func(t *testing.T, b *box.Box, _ []byte) {
		b.Stop()
		removeFiles(t, databaseFiles(b.Dir, "inbox.db")...)
	}},
	{"emptied", false, func(t *testing.T, b *box.Box, _ []byte) {
		b.Stop()
		emptied(t, filepath.Join(b.Dir, "inbox.db"))
	}},
	{"an older copy", false, func(t *testing.T, b *box.Box, older []byte) {
		b.Stop()
		putFile(t, filepath.Join(b.Dir, "inbox.db"), older)
	}},
	{"killed and without its log", true, func(t *testing.T, b *box.Box, _ []byte) {
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
		path := filepath.Join(b.Dir, "inbox.db")
		alone := takeFile(t, path)
		removeFiles(t, databaseFiles(b.Dir, "inbox.db")...)
		putFile(t, path, alone)
	}},
}

// keepInLog makes what is received from here on stay in the log of inbox.db.
func keepInLog(t testing.TB, dir string) (end func()) {
	t.Helper()
	conn := box.ReadOnly(t, filepath.Join(dir, "inbox.db"))
	tx, err := conn.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`select count(*) from delivery`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := errors.Join(tx.Rollback(), conn.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestNoDeliveryIDRecursWhateverBecomesOfTheInbox(t *testing.T) {
	t.Parallel()
	world, list, want := twoDays(t)
	third := len(list) / 3
	for _, l := range losses {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			box.AddPeople(t, dir, world)
			last := lose(t, dir, l, list[:third], list[third:2*third])
			b := box.Start(t, dir, box.Options{})
			for _, says := range []string{"do not belong together", "missing, empty, or older", "are lost"} {
				if !strings.Contains(b.Log.String(), says) {
					t.Errorf("the log lacks %q:\n%s", says, b.Log)
				}
			}
			b.Push(list[2*third:])
			if c := b.Drained(); c.Parked > 0 || c.Orphaned > 0 {
				t.Errorf("%+v", c)
			}
			b.Stop()
			mustLieAbove(t, dir, last, list[2*third:])
			if d := difference(settledRecord(t, dir), want); d != "" {
				t.Errorf("not all that was received is there (- here, + undisturbed)\n%s", d)
			}
			box.Sound(t, dir)
		})
	}
}

// lose lets a box receive and process two lists, loses what is in its inbox,
// or the second list of it, and returns the highest id that was in use.
func lose(t *testing.T, dir string, l loss, first, second []simulator.Delivery) (last int64) {
	t.Helper()
	b := box.Start(t, dir, box.Options{})
	b.Push(first)
	b.Drained()
	b.Stop()
	older := takeFile(t, filepath.Join(dir, "inbox.db"))

	b = box.Start(t, dir, box.Options{})
	end := func() {}
	if l.log {
		end = keepInLog(t, dir)
	}
	b.Push(second)
	b.Drained()
	last = highest(t, dir)
	l.make(t, b, older)
	end()
	return last
}

func TestAFullInboxMakesAllRecordsAgainWhereGarnerDBIsGone(t *testing.T) {
	t.Parallel()
	world, list, want := twoDays(t)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{})
	b.Push(list)
	b.Drained()
	b.Stop()
	removeFiles(t, databaseFiles(dir, "garner.db")...)

	b = box.Start(t, dir, box.Options{})
	kept := fmt.Sprintf("still contains %d deliveries", len(list))
	for _, says := range []string{"garner.db was missing", kept, "they are applied again", "backup"} {
		if !strings.Contains(b.Log.String(), says) {
			t.Errorf("the log lacks %q:\n%s", says, b.Log)
		}
	}
	box.AddPeople(t, dir, world)
	box.Until(t, "all is applied", time.Minute, func() bool {
		c := b.Counts()
		return c.Waiting == 0 && c.Orphaned == 0
	})
	b.Stop()
	if d := difference(settledRecord(t, dir), want); d != "" {
		t.Errorf("not all records are there again (- here, + before)\n%s", d)
	}
	box.Sound(t, dir)
}

func TestWhatWasReceivedWithNeitherDatabaseIsAppliedToTheRestoredOne(t *testing.T) {
	t.Parallel()
	world, list, want := twoDays(t)
	half := len(list) / 2
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{})
	b.Push(list[:half])
	b.Drained()
	b.Stop()
	path := filepath.Join(dir, "garner.db")
	whole := takeFile(t, path)
	putFile(t, path, bytes.Repeat([]byte("damage "), len(whole)/7))
	removeFiles(t, databaseFiles(dir, "inbox.db")...)

	b = box.Start(t, dir, box.Options{})
	b.Push(list[half:])
	b.Stop()
	removeFiles(t, databaseFiles(dir, "garner.db")...)
	putFile(t, path, whole) // as restored from a backup

	b = box.Start(t, dir, box.Options{})
	b.Drained()
	b.Stop()
	if d := difference(settledRecord(t, dir), want); d != "" {
		t.Errorf("not all that was received is there (- here, + undisturbed)\n%s", d)
	}
	box.Sound(t, dir)
}

// harms are what can be done to an inbox while it is in use.
var harms = map[string]func(t *testing.T, path string){
	"unlinked": func(t *testing.T, path string) { removeFiles(t, path) },
	"replaced by a copy": func(t *testing.T, path string) {
		putFile(t, path+".copy", takeFile(t, path))
		if err := os.Rename(path+".copy", path); err != nil {
			t.Fatal(err)
		}
	},
	"without its log": func(t *testing.T, path string) {
		if err := os.Truncate(path+"-wal", 0); err != nil {
			t.Fatal(err)
		}
	},
}

func TestNothingIsAcknowledgedIntoAFileThatIsNotTheInboxAnyMore(t *testing.T) {
	t.Parallel()
	world, list := box.Household(1, 2)
	list = distinct(list)
	for name, harm := range harms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			box.AddPeople(t, dir, world)
			b := box.Start(t, dir, box.Options{})
			end := keepInLog(t, dir) // an empty log cannot be harmed
			b.Push(list[:20])
			b.Drained() // one that is lost while in process is parked
			harm(t, filepath.Join(dir, "inbox.db"))
			after, other := box.Acked(b.Addr, list[20:60])
			end()
			if status := b.Status(); status != statusFailed {
				t.Errorf("ended with status %d", status)
			}
			if !strings.Contains(b.Log.String(), "inbox.db failed, and only a restart may repair it") {
				t.Errorf("the reason is not in the log:\n%s", b.Log)
			}

			b = box.Start(t, dir, box.Options{})
			mustHold(t, dir, after)
			if _, other := box.Acked(b.Addr, list[20:]); len(other) > 0 {
				t.Errorf("after a fresh start: %v\n%s", other, b.Log)
			}
			if c := b.Drained(); c.Parked > 0 {
				t.Errorf("%+v", c)
			}
			b.Stop()
			mustHold(t, dir, list[20:])
			box.Sound(t, dir)
			t.Logf("%s answered 200 after it, %v otherwise", percent(len(after), 40), other)
		})
	}
}

// It ends by itself even if nothing is sent.
func TestAnInboxThatIsGoneEndsTheProcessWithoutADelivery(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := box.Start(t, dir, box.Options{})
	if status := get(t, b.Addr, "/healthz"); status != http.StatusOK {
		t.Fatalf("healthz answers %d", status)
	}
	removeFiles(t, filepath.Join(dir, "inbox.db"))
	if status := b.Status(); status != statusFailed {
		t.Errorf("ended with status %d", status)
	}
}
