package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"garner/db"
	"garner/db/filestore"
	"garner/db/seal"
	"garner/jobs/jobstest"
)

func quiet(string, int64, int64) error { return nil }

// box has deliveries, a person, an activity file and all secrets; its databases are open.
func box(t *testing.T) *jobstest.Box {
	t.Helper()
	b := jobstest.Open(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, KeysFile)))
	b.Add("Ada", "u1", "")
	b.Arrive(db.Arrival{}, fmt.Sprintf(jobstest.Night, "u1"))
	kept, err := filestore.In(b.Dir).Put(1, strings.NewReader("an activity"))
	if err != nil {
		t.Fatal(err)
	}
	b.Harm(`insert into file (person_id, activity, kind, sha256, size, stored, delivery_id, received_ms)
		values (1, 'a', 'FIT', ?, 1, 1, 1, 1)`, kept.SHA256)
	if err := b.Store.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.password", Value: "hush",
		Secret: true}); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(b.Dir, CallbackFile), "the-secret-of-the-callbacks\n")
	put(t, filepath.Join(b.Dir, CertificatesDir, "ca", "example.org", "example.org.key"), "a key")
	put(t, filepath.Join(b.Dir, CertificatesDir, "locks", "one.lock"), "a lock")
	return b
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// recovery makes a recovery key.
func recovery(t *testing.T, s *db.Store) []age.Identity {
	t.Helper()
	text, err := NewRecoveryKey(t.Context(), s, false)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ReadKeys(strings.NewReader("# kept on paper\n" + text + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func maker(b *jobstest.Box) *Maker {
	return &Maker{DataDir: b.Dir, Dir: filepath.Join(b.Dir, "backups"), Keep: Keep{7, 4, 6}, Zone: time.UTC, Version: "test"}
}

func mustRun(t *testing.T, m *Maker, store *db.Store, file string) Result {
	t.Helper()
	r, err := m.Run(t.Context(), store, Command, file, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// unpack unpacks a backup into a new folder.
func unpack(t *testing.T, file string, keys ...age.Identity) (dir string, err error) {
	t.Helper()
	b, err := Open(file, keys...)
	if err != nil {
		return "", err
	}
	dir = t.TempDir()
	return dir, errors.Join(b.Unpack(t.Context(), dir, func(int64, int64) error { return nil }), b.Close())
}

// list is all files of a folder.
func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestAnEncryptedBackupHasEverything(t *testing.T) {
	t.Parallel()
	b := box(t)
	keys := recovery(t, b.Store)
	r := mustRun(t, maker(b), b.Store, "")
	if !r.Manifest.Secrets || len(r.Warnings) > 0 || filepath.Dir(r.File) != filepath.Join(b.Dir, "backups") ||
		!strings.HasSuffix(r.File, ".tar.zst.age") {
		t.Errorf("got %+v", r)
	}
	dir, err := unpack(t, r.File, keys...)
	if err != nil {
		t.Fatal(err)
	}
	got := list(t, dir)
	if len(got) != 6 || !strings.HasPrefix(got[2], "files/1/") {
		t.Fatalf("got %v", got)
	}
	got[2] = "files"
	want := []string{CallbackFile, "certificates/ca/example.org/example.org.key", "files", db.GarnerFile, db.InboxFile,
		KeysFile}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	text, err := os.ReadFile(filepath.Join(dir, CallbackFile))
	if err != nil || string(text) != "the-secret-of-the-callbacks\n" {
		t.Errorf("got %q, %v", text, err)
	}
	sum := b.SQLite(db.GarnerFile).QueryRow(`select sha256 from file`)
	var hash []byte
	if err := sum.Scan(&hash); err != nil {
		t.Fatal(err)
	}
	file, err := filestore.In(dir).Open(1, hash)
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	for name, mode := range map[string]fs.FileMode{r.File: 0o600, filepath.Join(dir, KeysFile): 0o600,
		filepath.Join(dir, "files"): 0o700} {
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, %v", name, st.Mode(), err)
		}
	}
	rows, err := b.Store.Backups(t.Context(), 10)
	if err != nil || len(rows) != 1 || rows[0].File != r.File || rows[0].Fault != "" || rows[0].Size != r.Size ||
		!rows[0].Secrets || rows[0].Ended.IsZero() || rows[0].Cause != "command" {
		t.Errorf("on record: %+v, %v", rows, err)
	}
}

func TestABackupWithoutARecoveryKeyHasNoSecretsAndSaysSo(t *testing.T) {
	t.Parallel()
	b := box(t)
	r := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "here"))
	if r.Manifest.Secrets || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "no recovery key") {
		t.Errorf("got %+v", r)
	}
	dir, err := unpack(t, r.File)
	if err != nil {
		t.Fatal(err)
	}
	if got := list(t, dir); len(got) != 3 || got[1] != db.GarnerFile || got[2] != db.InboxFile {
		t.Errorf("got %v", got)
	}
}

func TestWhatWasAcceptedBeforeABackupIsInIt(t *testing.T) {
	t.Parallel()
	b := box(t)
	var before sync.Map
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for ctx.Err() == nil {
				before.Store(b.Arrive(db.Arrival{}, fmt.Sprintf(jobstest.Night, "u1")), true)
			}
		})
	}
	for n := 0; n < 20; before.Range(func(any, any) bool { n++; return true }) {
		n = 0
	}
	ids := []int64{}
	before.Range(func(id, _ any) bool { ids = append(ids, id.(int64)); return true })
	r := mustRun(t, maker(b), b.Store, "")
	stop()
	writers.Wait()
	dir, err := unpack(t, r.File)
	if err != nil {
		t.Fatal(err)
	}
	other := &jobstest.Box{T: t}
	other.Reopen(dir)
	for _, id := range ids {
		if _, err := other.Inbox.Delivery(t.Context(), id); err != nil {
			t.Errorf("delivery %d: %v", id, err)
		}
	}
}

func TestAWrongOrMissingKeyIsSaid(t *testing.T) {
	t.Parallel()
	b := box(t)
	recovery(t, b.Store)
	r := mustRun(t, maker(b), nil, "")
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(r.File, other); !errors.Is(err, ErrWrongKey) {
		t.Errorf("another key: %v", err)
	}
	if _, err := Open(r.File); !errors.Is(err, ErrNeedsKey) {
		t.Errorf("no key: %v", err)
	}
	if _, err := NewRecoveryKey(t.Context(), b.Store, false); !errors.Is(err, ErrHasKey) {
		t.Errorf("a second key: %v", err)
	}
	if key, err := NewRecoveryKey(t.Context(), b.Store, true); err != nil || key == "" {
		t.Errorf("a replaced key: %v", err)
	}
	if _, err := ReadKeys(strings.NewReader("AGE-SECRET-KEY-1WRONG")); err == nil || strings.Contains(err.Error(), "WRONG") {
		t.Errorf("a wrong key is read: %v", err)
	}
}

// isTyped reports whether an error says what is wrong with a backup.
func isTyped(err error) bool {
	for _, one := range readFaults {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

func TestAPartOfABackupIsNeverTakenForOne(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := box(t)
	plain := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "plain"))
	keys := recovery(t, b.Store)
	sealed := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "sealed"))
	for _, file := range []string{plain.File, sealed.File} {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lengths := []int{0, 1, 3, 4, 10, 22, 100, len(whole) - 1, len(whole) - 2, len(whole) - 17}
		for n := 0; n < 40; n++ {
			lengths = append(lengths, len(whole)*n/40)
		}
		path := filepath.Join(t.TempDir(), "part")
		for _, n := range lengths {
			put(t, path, string(whole[:n]))
			if _, err := unpack(t, path, keys...); !isTyped(err) {
				t.Errorf("%s: the first %d of %d bytes: %v", filepath.Base(file), n, len(whole), err)
			}
		}
		put(t, path, string(whole)+"x")
		if _, err := unpack(t, path, keys...); !isTyped(err) {
			t.Errorf("%s: a byte more: %v", filepath.Base(file), err)
		}
	}
	path := filepath.Join(t.TempDir(), "other")
	put(t, path, "SQLite format 3\x00 and more of it")
	if _, err := Open(path); !errors.Is(err, ErrNotBackup) {
		t.Errorf("another file: %v", err)
	}
	if _, err := Open(filepath.Dir(path)); !errors.Is(err, ErrNotBackup) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(path + "?"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestAFlippedBitIsAlwaysNoticed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := box(t)
	plain := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "plain"))
	right := contents(t, plain.File)
	keys := recovery(t, b.Store)
	sealed := mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "sealed"))
	for _, file := range []string{plain.File, sealed.File} {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "flipped")
		for i := range 100 {
			at, bit := len(whole)*i/100, byte(1)<<(i%8)
			if i < 10 {
				at = i
			}
			flipped := bytes.Clone(whole)
			flipped[at] ^= bit
			put(t, path, string(flipped))
			dir, err := unpack(t, path, keys...)
			if err == nil && file == plain.File && cmp.Equal(right, folder(t, dir)) {
				continue // of the frame's header, which says nothing of the content
			}
			if !isTyped(err) {
				t.Errorf("%s: bit %d of byte %d: %v", filepath.Base(file), bit, at, err)
			}
		}
	}
}

// contents are the unpacked files of a backup that is not encrypted.
func contents(t *testing.T, file string) map[string]string {
	t.Helper()
	dir, err := unpack(t, file)
	if err != nil {
		t.Fatal(err)
	}
	return folder(t, dir)
}

func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range list(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	return out
}

// A kill leaves a folder as it is at that moment. Whatever the moment, every file with the
// name of a backup is one.
func TestAKillAtAnyStepLeavesOnlyWholeBackups(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := box(t)
	m := maker(b)
	m.SecondDir = t.TempDir()
	put(t, filepath.Join(b.Dir, "backups", Name(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), false)), "")
	old := mustRun(t, m, nil, filepath.Join(b.Dir, "backups", Name(time.Now().Add(-time.Hour), false)))
	steps := map[string]int{}
	m.step = func(name string) {
		steps[name]++
		found := 0
		for _, dir := range []string{m.Dir, m.SecondDir} {
			for _, name := range list(t, dir) {
				if at, ok := TimeOf(name); !ok || at.Year() == 2020 {
					continue
				}
				found++
				if _, err := unpack(t, filepath.Join(dir, name)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if found == 0 {
			t.Error("there is no backup at all")
		}
	}
	r := mustRun(t, m, nil, "")
	if r.CopyFault != nil || r.File == old.File {
		t.Errorf("got %+v", r)
	}
	for _, name := range []string{"begun", "writing", "written", "verifying", "verified", "renamed", "copying", "comparing",
		"copied"} {
		if steps[name] == 0 {
			t.Errorf("step %s was never taken", name)
		}
	}
	m.step = nil
	put(t, filepath.Join(m.Dir, partialPrefix+"left"), "x")
	put(t, filepath.Join(b.Dir, partialPrefix+"left", "garner.db"), "x")
	put(t, filepath.Join(m.SecondDir, partialPrefix+"left"), "x")
	mustRun(t, m, nil, "")
	for _, dir := range []string{b.Dir, m.SecondDir} {
		for _, name := range list(t, dir) {
			if strings.Contains(name, partialPrefix) {
				t.Errorf("%s is left", name)
			}
		}
	}
}

func TestABackupThatFailsLeavesNothingAndTheReasonOnRecord(t *testing.T) {
	t.Parallel()
	b := box(t)
	m := maker(b)
	why := errors.New("the reason")
	for _, at := range []string{"writing", "verifying"} {
		_, err := m.Run(t.Context(), b.Store, Scheduled, "", func(doing string, _, _ int64) error {
			if doing == at {
				return why
			}
			return nil
		})
		if !errors.Is(err, why) {
			t.Errorf("%s: %v", at, err)
		}
		rows, err := b.Store.Backups(t.Context(), 1)
		if err != nil || !strings.Contains(rows[0].Fault, "the reason") || rows[0].Ended.IsZero() {
			t.Errorf("%s: on record: %+v, %v", at, rows, err)
		}
	}
	m.MinFree = 1 << 60
	if _, err := m.Run(t.Context(), nil, Scheduled, "", quiet); !errors.Is(err, db.ErrFull) {
		t.Errorf("a full disk: %v", err)
	}
	if names := list(t, m.Dir); len(names) > 0 {
		t.Errorf("left: %v", names)
	}
}

func TestABackupReplacesNoFileButABackup(t *testing.T) {
	t.Parallel()
	b := box(t)
	letter := filepath.Join(t.TempDir(), "letter")
	put(t, letter, "mine")
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{letter, pipe, filepath.Join(b.Dir, db.GarnerFile), filepath.Join(b.Dir, KeysFile)} {
		before, err := os.Lstat(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := maker(b).Run(t.Context(), nil, Command, file, quiet); !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
		if now, err := os.Lstat(file); err != nil || !os.SameFile(before, now) {
			t.Errorf("%s was replaced: %v", filepath.Base(file), err)
		}
	}
	again := filepath.Join(t.TempDir(), "backup")
	mustRun(t, maker(b), nil, again)
	recovery(t, b.Store)
	mustRun(t, maker(b), nil, again)
	mustRun(t, maker(b), nil, again)
}

func TestASecondPlaceThatFailsCostsNoBackup(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := box(t)
	m := maker(b)
	missing, same := filepath.Join(t.TempDir(), "unmounted"), filepath.Join(t.TempDir(), "same")
	if err := os.Symlink(m.Dir, same); err != nil {
		t.Fatal(err)
	}
	for _, m.SecondDir = range []string{filepath.Join(b.Dir, CallbackFile), missing, same} {
		r := mustRun(t, m, b.Store, "")
		rows, err := b.Store.Backups(t.Context(), 1)
		if r.CopyFault == nil || err != nil || rows[0].CopyFault == "" || rows[0].Fault != "" {
			t.Errorf("%s: got %+v, on record %+v, %v", m.SecondDir, r, rows, err)
		}
		if _, err := unpack(t, r.File); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Lstat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a share that is not mounted became a folder: %v", err)
	}
}

func TestOneBackupRunsAtATime(t *testing.T) {
	t.Parallel()
	b := box(t)
	m := maker(b)
	ran := false
	_, err := m.Run(t.Context(), nil, Command, "", func(string, int64, int64) error {
		if !ran {
			ran = true
			if _, err := maker(b).Run(t.Context(), nil, Command, "", quiet); !errors.Is(err, ErrRunning) {
				t.Errorf("a second one: %v", err)
			}
		}
		return nil
	})
	if err != nil || !ran {
		t.Errorf("the first one: %v", err)
	}
}
