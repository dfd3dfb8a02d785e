package db_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
)

func keysOf(t *testing.T, dir string) (ids []string) {
	t.Helper()
	keys, err := seal.File(filepath.Join(dir, "keys")).Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		ids = append(ids, k.ID)
	}
	return ids
}

func rotate(t *testing.T, s *db.Store, values int) string {
	t.Helper()
	id, n, err := s.RotateKeys(t.Context(), time.Now())
	if err != nil || n != values {
		t.Fatalf("rotated %d values, %v, want %d", n, err, values)
	}
	return id
}

func TestRotatingEncryptsEverythingWithANewKeyAndDropsTheOld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := sealedStore(t, dir)
	setSecrets(t, s, "a", "one", "b", "two")
	old := keysOf(t, dir)
	id := rotate(t, s, 2)
	if now := keysOf(t, dir); len(now) != 1 || now[0] != id || now[0] == old[0] {
		t.Errorf("keys %v, then %v, want %s", old, now, id)
	}
	wantSecrets(t, s, "a", "one", "b", "two")
	wantSecrets(t, sealedStore(t, dir), "a", "one", "b", "two")
	if uses, err := s.KeyUses(t.Context()); err != nil || len(uses) != 1 || uses[0].ID != id || uses[0].Values != 2 ||
		uses[0].Created.IsZero() {
		t.Errorf("uses: %+v, %v", uses, err)
	}
}

func TestARotationThatStopsAfterTheNewKeyIsWrittenLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := sealedStore(t, dir)
	setSecrets(t, s, "a", "one")
	// The end of the first step: the key is durable, no value uses it.
	if _, err := seal.File(filepath.Join(dir, "keys")).Add(time.Now()); err != nil {
		t.Fatal(err)
	}
	wantSecrets(t, sealedStore(t, dir), "a", "one")
	setSecrets(t, s, "b", "two")
	wantSecrets(t, s, "a", "one", "b", "two")
	id := rotate(t, s, 2)
	if now := keysOf(t, dir); len(now) != 1 || now[0] != id {
		t.Errorf("left %v, want %s", now, id)
	}
	wantSecrets(t, s, "a", "one", "b", "two")
}

func TestARotationThatStopsBeforeTheOldKeyIsDroppedLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	s := sealedStore(t, dir)
	setSecrets(t, s, "a", "one")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rotate(t, s, 1)
	now, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The end of the second step: the values use the new key, the old is there.
	if err := os.WriteFile(path, append(now, old...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := sealedStore(t, dir)
	wantSecrets(t, again, "a", "one")
	if uses, err := again.KeyUses(t.Context()); err != nil || len(uses) != 2 || uses[0].Values != 1 || uses[1].Values != 0 {
		t.Errorf("uses: %+v, %v", uses, err)
	}
	id := rotate(t, again, 1)
	if left := keysOf(t, dir); len(left) != 1 || left[0] != id {
		t.Errorf("left %v, want %s", left, id)
	}
	wantSecrets(t, s, "a", "one")
}

func TestARotationThatFailsChangesNoValueAndDropsNoKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := sealedStore(t, dir)
	setSecrets(t, s, "a", "one", "b", "two")
	before := keysOf(t, dir)
	// The second write of a value fails, after the new key was written.
	harm(t, filepath.Join(dir, "garner.db"), `create trigger stop before update on setting when old.name = 'b'
		begin select raise(abort, 'stopped here'); end`)
	if _, _, err := s.RotateKeys(t.Context(), time.Now()); err == nil || !strings.Contains(err.Error(), "stopped here") {
		t.Fatalf("got %v", err)
	}
	wantSecrets(t, s, "a", "one", "b", "two")
	if now := keysOf(t, dir); len(now) != 2 || now[1] != before[0] {
		t.Errorf("keys %v, then %v", before, now)
	}
	harm(t, filepath.Join(dir, "garner.db"), `drop trigger stop`)
	harm(t, filepath.Join(dir, "garner.db"), `update setting set value = x'00' where name = 'b'`)
	if _, _, err := s.RotateKeys(t.Context(), time.Now()); !errors.Is(err, db.ErrSealed) ||
		!strings.Contains(err.Error(), "setting b") {
		t.Fatalf("a damaged value: %v", err)
	}
	wantSecrets(t, s, "a", "one")
	if now := keysOf(t, dir); len(now) != 2 || now[1] != before[0] {
		t.Errorf("keys %v, then %v", before, now)
	}
}

func TestSecretsSetWhileOthersRotateKeepTheirKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	owner := sealedStore(t, dir)
	beside, err := db.OpenStoreBeside(t.Context(), dir, kinds, metrics)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := beside.Close(); err != nil {
			t.Error(err)
		}
	})
	beside.UseKeys(seal.File(filepath.Join(dir, "keys")))
	const rounds = 20
	var work sync.WaitGroup
	work.Go(func() {
		for i := range rounds {
			change := db.SettingChange{Name: fmt.Sprint("s", i), Value: fmt.Sprint("value", i), Secret: true}
			if err := owner.ChangeSettings(t.Context(), change); err != nil {
				t.Error(err)
			}
		}
	})
	for _, s := range []*db.Store{owner, beside} {
		work.Go(func() {
			for range rounds {
				if _, _, err := s.RotateKeys(t.Context(), time.Now()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	for i := range rounds {
		wantSecrets(t, owner, fmt.Sprint("s", i), fmt.Sprint("value", i))
		wantSecrets(t, beside, fmt.Sprint("s", i), fmt.Sprint("value", i))
	}
	rotate(t, beside, rounds)
	if left := keysOf(t, dir); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}
