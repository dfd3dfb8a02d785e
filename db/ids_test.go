package db_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
)

func TestWhatPutAcknowledgedIsThereInItsOrderAfterReopening(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, err := db.OpenInbox(t.Context(), dir, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]db.Arrival{}
	var ids []int64
	for i := range 20 {
		a := db.Arrival{Received: time.UnixMilli(1_700_000_000_000 - int64(i)), Path: fmt.Sprint("type", i),
			Client: db.Client(i % 4), Encoding: []string{"", "gzip"}[i%2]}
		size := []int{0, 10, 20 << 10, db.ChunkSize + 1}[i%4]
		id, err := in.Put(t.Context(), a, make([]byte, size))
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) > 0 && id <= ids[len(ids)-1] {
			t.Errorf("id %d after %d", id, ids[len(ids)-1])
		}
		ids, want[id] = append(ids, id), a
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := openInbox(t, dir, roomy).After(t.Context(), 0, 100, 1<<30)
	if err != nil || len(list) != len(ids) {
		t.Fatalf("%d deliveries of %d, %v", len(list), len(ids), err)
	}
	for i, d := range list {
		if d.ID != ids[i] || d.Arrival != want[d.ID] {
			t.Errorf("place %d: %d %+v, want %d %+v", i, d.ID, d.Arrival, ids[i], want[ids[i]])
		}
	}
}

func TestAnInboxThatWasReplacedGivesNoIDThatTheStoreHasSeen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStore(t, dir)
	in, err := db.OpenInbox(t.Context(), dir, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.MatchFiles(t.Context(), in, s, time.Now()); err != nil {
		t.Fatal(err)
	}
	jobs := put(t, in, s, 7)
	last := jobs[len(jobs)-1].ID
	if err := errors.Join(in.Close(), os.Remove(filepath.Join(dir, "inbox.db"))); err != nil {
		t.Fatal(err)
	}
	in = openInbox(t, dir, roomy)
	m, err := db.MatchFiles(t.Context(), in, s, time.Now())
	if err != nil || m.Kind != db.InboxReplaced || m.Text == "" {
		t.Errorf("%+v, %v", m, err)
	}
	id, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("new"))
	if err != nil || id <= last {
		t.Errorf("id %d after %d, %v", id, last, err)
	}
	if jobs := claimAll(t, in, s); len(jobs) != 1 || jobs[0].ID != id || !jobs[0].First {
		t.Errorf("what came under the new id is not claimed as new: %+v", jobs)
	}
}

func TestASnapshotShowsWhatWasThereWhateverIsWritten(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	add := func(name string) {
		if _, err := s.AddPerson(t.Context(), time.Now(), name, "", ""); err != nil {
			t.Fatal(err)
		}
	}
	add("Ada")
	then, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	add("Ben")
	for range 2 {
		if people, err := then.People(t.Context()); err != nil || len(people) != 1 || people[0].Name != "Ada" {
			t.Errorf("the snapshot shows %d people, %v", len(people), err)
		}
	}
	if _, err := then.PersonBySlug(t.Context(), "ben"); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("who came later: %v", err)
	}
	if people, err := s.People(t.Context()); err != nil || len(people) != 2 {
		t.Errorf("the store shows %d people, %v", len(people), err)
	}
	if err := then.Close(); err != nil {
		t.Error(err)
	}
	add("Cleo") // closing it closes no other
}

func TestABodyThatIsDamagedIsNotHandedOutAsWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := openInbox(t, dir, roomy)
	id, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("as it came"))
	if err != nil {
		t.Fatal(err)
	}
	harm(t, filepath.Join(dir, "inbox.db"), `update delivery set body = cast('as it camE' as blob)`)
	d, err := in.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(in.Body(t.Context(), d)); !errors.Is(err, db.ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}
