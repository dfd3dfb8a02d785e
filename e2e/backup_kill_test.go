package e2e

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/jobs/backup"
)

// backedUp is a box with data, whose backups go to two folders and are encrypted.
type backedUp struct {
	t        *testing.T
	rng      *rand.Rand
	dir      string
	second   string
	identity string
}

func newBackedUp(t *testing.T, dir string) *backedUp {
	t.Helper()
	seed := seed()
	t.Logf("seed %d", seed)
	k := &backedUp{t: t, rng: rand.New(rand.NewPCG(seed, 0)), dir: dir, second: filepath.Join(filepath.Dir(dir), "second"),
		identity: filepath.Join(t.TempDir(), "key")}
	if err := os.Mkdir(k.second, 0o700); err != nil {
		t.Fatal(err)
	}
	w, list := box.Household(1, 4)
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	b.Push(list)
	b.Drained()
	b.Derived()
	b.Stop()
	putFile(t, k.identity, []byte(recoveryKey.FindString(box.Run(t, dir, "recovery-key"))))
	return k
}

func (k *backedUp) env() []string { return []string{"GARNER_BACKUP_SECOND_DIR=" + k.second} }

// command is a command that is killed when ctx ends.
func (k *backedUp) command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, box.Program(k.t, ""), args...)
	cmd.Env = box.Environment(dir, k.env())
	return cmd
}

// killed runs a command and kills it at a random instant of the time that it takes in all.
// It reports whether the command was done before.
func (k *backedUp) killed(takes time.Duration, dir string, args ...string) (done bool) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), time.Duration(k.rng.Int64N(int64(takes))))
	defer cancel()
	out, err := k.command(ctx, dir, args...).CombinedOutput()
	if err != nil && ctx.Err() == nil {
		k.t.Errorf("garner %v: %v\n%s", args, err, out)
	}
	return err == nil
}

// completed runs a command to its end, and returns how long that took.
func (k *backedUp) completed(dir string, args ...string) time.Duration {
	k.t.Helper()
	began := time.Now()
	if out, err := k.command(k.t.Context(), dir, args...).CombinedOutput(); err != nil {
		k.t.Fatalf("garner %v: %v\n%s", args, err, out)
	}
	return time.Since(began)
}

// folders are where backups are.
func (k *backedUp) folders() []string { return []string{filepath.Join(k.dir, "backups"), k.second} }

// backups are the paths of the backups in a folder, the oldest first.
func (k *backedUp) backups(folder string) (list []string) {
	k.t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		k.t.Fatal(err)
	}
	for _, entry := range entries { // by name, which is by time
		if _, ok := backup.TimeOf(entry.Name()); ok {
			list = append(list, filepath.Join(folder, entry.Name()))
		}
	}
	return list
}

// wantWhole wants each backup of a folder to be whole, and the newest to be the one from
// before or a newer one. It returns the newest.
func (k *backedUp) wantWhole(folder, before string) string {
	k.t.Helper()
	list := k.backups(folder)
	for _, file := range list {
		k.completed(k.t.TempDir(), "restore", "--test", file, "--identity", k.identity)
	}
	if len(list) == 0 {
		if before != "" {
			k.t.Fatalf("%s has no backup; it had %s", folder, before)
		}
		return ""
	}
	if newest := list[len(list)-1]; newest >= before {
		return newest
	}
	k.t.Errorf("%s had %s, and has %v", folder, before, list)
	return before
}

// wantNothingPartial wants no leftovers of killed runs in the folders.
func (k *backedUp) wantNothingPartial(dirs ...string) {
	k.t.Helper()
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, entry := range entries {
			if name := entry.Name(); strings.HasPrefix(name, ".garner-backup-") || name == "restoring" {
				k.t.Errorf("%s has %s", dir, name)
			}
		}
	}
}

// killsOf is how many kills a test has.
func killsOf(few, many int) int {
	if allWanted() {
		return many
	}
	return few
}

func TestABackupThatIsKilledLeavesTheOldBackupsOrAlsoAWholeNewOne(t *testing.T) {
	t.Parallel()
	k := newBackedUp(t, filepath.Join(t.TempDir(), "data"))
	takes := k.completed(k.dir, "backup")
	newest := map[string]string{}
	for range killsOf(5, 60) {
		done := k.killed(takes*5/4, k.dir, "backup")
		for i, folder := range k.folders() {
			before := newest[folder]
			newest[folder] = k.wantWhole(folder, before)
			if done && i == 0 && len(k.backups(folder)) != 1 {
				t.Errorf("one day has the backups %v", k.backups(folder))
			}
		}
	}
	k.completed(k.dir, "backup")
	k.wantNothingPartial(append(k.folders(), k.dir)...)
	for _, folder := range k.folders() {
		if got := k.backups(folder); len(got) != 1 {
			t.Errorf("%s has %v", folder, got)
		}
	}
	box.Sound(t, k.dir)
}

func TestABackupOfAPageIsMadeAfterServeWasKilled(t *testing.T) {
	t.Parallel()
	k := newBackedUp(t, filepath.Join(t.TempDir(), "data"))
	takes := k.completed(k.dir, "backup")
	newest := map[string]string{}
	b := box.Start(t, k.dir, box.Options{Env: k.env()})
	client := b.Reader()
	conn := box.ReadOnly(t, filepath.Join(k.dir, "garner.db"))
	defer conn.Close()
	count := func(query string) (n int) {
		if err := conn.QueryRow(`select count(*) from ` + query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range killsOf(2, 20) {
		runs := count(`backup where cause = 'page'`)
		resp, err := client.Post("http://"+b.Addr+"/settings/backup", "application/x-www-form-urlencoded", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("asking for a backup: %s, %v", resp.Status, err)
		}
		box.Until(t, "it runs", time.Minute, func() bool { return count(`backup where cause = 'page'`) > runs })
		<-time.After(time.Duration(k.rng.Int64N(int64(takes))))
		b.Kill()
		b.Wait() //nolint:errcheck // it was killed
		for _, folder := range k.folders() {
			newest[folder] = k.wantWhole(folder, newest[folder])
		}
		b = box.Start(t, k.dir, box.Options{Env: k.env()})
	}
	box.Until(t, "the backups that were asked for are made", time.Minute, func() bool {
		return count(`request where ended_ms is null`) == 0
	})
	b.Stop()
	k.wantNothingPartial(append(k.folders(), k.dir)...)
	for _, folder := range k.folders() {
		k.wantWhole(folder, newest[folder])
	}
}

func TestARestoreThatIsKilledCanBeRepeated(t *testing.T) {
	t.Parallel()
	k := newBackedUp(t, filepath.Join(t.TempDir(), "data"))
	k.completed(k.dir, "backup")
	file, want := k.backups(k.second)[0], record(t, k.dir)
	args := []string{"restore", file, "--identity", k.identity}
	takes := k.completed(filepath.Join(t.TempDir(), "data"), args...)
	for range killsOf(4, 60) {
		fresh := filepath.Join(t.TempDir(), "data")
		for range 1 + k.rng.IntN(3) {
			if k.killed(takes, fresh, args...) || k.restored(fresh) {
				break
			}
		}
		if !k.restored(fresh) {
			k.completed(fresh, args...)
		}
		k.wantNothingPartial(fresh)
		if d := difference(record(t, fresh), want); d != "" {
			t.Errorf("a repeated restore brings something else back (- restored, + want)\n%s", d)
		}
		box.Sound(t, fresh)
	}
}

// restored reports whether a folder is one that garner would serve.
func (k *backedUp) restored(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "garner.db"))
	return err == nil && !backup.HalfRestored(dir)
}
