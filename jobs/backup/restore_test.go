package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"filippo.io/age"

	"garner/db"
	"garner/db/seal"
	"garner/garmin"
)

// prepare opens the databases as their owner, as the command does.
func prepare(ctx context.Context, dir string) error {
	in, err := db.OpenInbox(ctx, dir, db.InboxLimits{QueueRows: 100, QueueBytes: 1 << 24, BacklogRows: 1 << 30,
		BacklogBytes: 1 << 40}, nil)
	if err != nil {
		return err
	}
	store, err := db.OpenStore(ctx, dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		return errors.Join(err, in.Close())
	}
	store.UseKeys(seal.File(filepath.Join(dir, KeysFile)))
	_, err = db.AfterRestore(ctx, in, store, time.Now())
	return errors.Join(err, in.Close(), store.Close())
}

func restore(t *testing.T, file, dir string, step func(string), keys ...age.Identity) error {
	t.Helper()
	b, err := Open(file, keys...)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	return (&Restorer{DataDir: dir, Backups: filepath.Join(dir, "backups"), Prepare: prepare, Between: quiet,
		step: step}).Restore(t.Context(), b)
}

func TestAKillAtAnyStepOfARestoreIsNoticedAndItCanBeRepeated(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := box(t)
	keys := recovery(t, b.Store)
	file := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "backup")).File
	var killed []string // folders as a kill leaves them
	after := map[string]int{}
	dir := t.TempDir()
	if err := restore(t, file, dir, func(name string) {
		if after[name]++; after[name] > 1 && name != "moved" {
			return
		}
		copied := filepath.Join(t.TempDir(), name)
		if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if name != "done" && !HalfRestored(copied) {
			t.Errorf("a kill after %s is not noticed", name)
		}
		killed = append(killed, copied)
	}, keys...); err != nil {
		t.Fatal(err)
	}
	if HalfRestored(dir) || after["moved"] != 6 || len(killed) < 10 {
		t.Errorf("half restored: %v, steps %v", HalfRestored(dir), after)
	}
	want := list(t, dir)
	for _, dir := range killed {
		if !HalfRestored(dir) {
			if diff := cmp.Diff(want, list(t, dir)); diff != "" {
				t.Errorf("after %s: (-want +got)\n%s", filepath.Base(dir), diff)
			}
			continue
		}
		if err := restore(t, file, dir, nil, keys...); err != nil {
			t.Errorf("after %s: %v", filepath.Base(dir), err)
		}
		if diff := cmp.Diff(want, list(t, dir)); diff != "" || HalfRestored(dir) {
			t.Errorf("after %s: (-want +got)\n%s", filepath.Base(dir), diff)
		}
	}
}

func TestARestoreIsIntoAnEmptyFolderOnly(t *testing.T) {
	t.Parallel()
	b := box(t)
	file := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "backup")).File
	put(t, filepath.Join(b.Dir, partialPrefix+"x", db.GarnerFile), "of a backup that is being verified")
	before := list(t, b.Dir)
	if err := restore(t, file, b.Dir, nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into one with data: %v", err)
	}
	if diff := cmp.Diff(before, list(t, b.Dir)); diff != "" {
		t.Errorf("it has changed: (-want +got)\n%s", diff)
	}
	other := t.TempDir()
	put(t, filepath.Join(other, "letter.txt"), "mine")
	if err := restore(t, file, other, nil); !errors.Is(err, ErrNotEmpty) || !strings.Contains(err.Error(), "letter.txt") {
		t.Errorf("into one with a letter: %v", err)
	}
	empty := t.TempDir()
	put(t, filepath.Join(empty, "backups", "garner-20261126T033000Z.tar.zst"), "older backups")
	if err := restore(t, file, empty, nil); err != nil {
		t.Errorf("into one with backups: %v", err)
	}
}

func TestARestoreThatFailsLeavesTheFolderEmpty(t *testing.T) {
	t.Parallel()
	b := box(t)
	file := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "backup")).File
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put(t, file, string(whole[:len(whole)-100]))
	dir := t.TempDir()
	if err := restore(t, file, dir, nil); !isTyped(err) {
		t.Errorf("got %v", err)
	}
	if names := list(t, dir); len(names) > 0 || HalfRestored(dir) {
		t.Errorf("left: %v", names)
	}
}

func TestARestoreTestChangesNothing(t *testing.T) {
	t.Parallel()
	b := box(t)
	file := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "backup")).File
	before := list(t, b.Dir)
	opened, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if err := (&Restorer{DataDir: b.Dir, Prepare: prepare, Between: quiet}).Test(t.Context(), opened); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, list(t, b.Dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
