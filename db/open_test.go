package db_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

// opened counts the descriptors that this process has of a file.
func opened(t *testing.T, path string) (n int) {
	t.Helper()
	const dir = "/proc/self/fd"
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Skip(err)
	}
	for _, e := range list {
		if to, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil && strings.HasPrefix(to, path) {
			n++
		}
	}
	return n
}

func TestAStoreThatDoesNotOpenLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "garner.db")
	s, err := db.OpenStore(t.Context(), dir, kinds, metrics)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	harm(t, path, `create trigger harm before insert on type begin select raise(abort, 'refused'); end`)
	more := append(slices.Clone(kinds), health.Kind{Type: "new"})
	if s, err := db.OpenStore(t.Context(), dir, more, metrics); err == nil {
		t.Fatal("it opened", s.Close())
	}
	if n := opened(t, path); n > 0 {
		t.Errorf("%d descriptors are left open", n)
	}
}

func TestOpeningBesideTheOwnerWritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openStore(t, dir)
	s, err := db.OpenStoreBeside(t.Context(), dir, append(slices.Clone(kinds), health.Kind{Type: "new"}), metrics)
	if !errors.Is(err, db.ErrNotSetUp) {
		t.Errorf("got %v, %v, want ErrNotSetUp", s, err)
	}
	if n := count(t, filepath.Join(dir, "garner.db"), `select count(*) from type where key = 'new'`); n > 0 {
		t.Error("the type was added")
	}
}

func TestASnapshotRefusesToBeWrittenTo(t *testing.T) {
	t.Parallel()
	s := openStore(t, t.TempDir())
	snapshot, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := snapshot.AddPerson(t.Context(), time.Now(), "Ada", "u1", ""); err == nil {
		t.Error("it took a person")
	}
	if err := snapshot.Close(); err != nil {
		t.Error(err)
	}
}
