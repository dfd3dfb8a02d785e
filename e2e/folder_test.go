package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
)

// serveFails runs a serve that must end by itself, and returns what it said.
func serveFails(t testing.TB, dir string) string {
	t.Helper()
	got := runWithin(t, dir, 15*time.Second, "serve")
	if got.status != statusFailed {
		t.Errorf("serve ended with status %d (-1: not by itself):\n%s", got.status, got.err)
	}
	return got.err
}

func TestNoFileWhoseRemovalLetsTwoServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := box.Start(t, dir, box.Options{})
	removeFiles(t, filepath.Join(dir, "lock"), filepath.Join(dir, "work.lock"))
	if said := serveFails(t, dir); !strings.Contains(said, "another garner serves") {
		t.Errorf("the reason is not told:\n%s", said)
	}
	b.Stop()
	box.Start(t, dir, box.Options{}).Stop()
}

func TestALinkInTheFolderLeavesItsTargetAlone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"lock", "work.lock"} {
		t.Run(name, func(t *testing.T) {
			dir, victim := t.TempDir(), filepath.Join(t.TempDir(), "victim")
			putFile(t, victim, []byte("of someone else\n"))
			if err := os.Symlink(victim, filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			before := prints(t, victim)
			if name == "lock" {
				box.Start(t, dir, box.Options{}).Stop()
			} else if said := serveFails(t, dir); !strings.Contains(said, name+" is not a regular file") {
				t.Errorf("the reason is not told:\n%s", said)
			}
			if after := prints(t, victim); after != before {
				t.Errorf("it is\n%swas\n%s", after, before)
			}
		})
	}
}

func TestAnInboxThatIsALinkIsRefused(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	box.Start(t, dir, box.Options{}).Stop() // makes the files
	if err := os.Rename(filepath.Join(dir, "inbox.db"), filepath.Join(elsewhere, "inbox.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(elsewhere, "inbox.db"), filepath.Join(dir, "inbox.db")); err != nil {
		t.Fatal(err)
	}
	before := prints(t, filepath.Join(elsewhere, "inbox.db"))
	if said := serveFails(t, dir); !strings.Contains(said, "inbox.db is not a regular file") {
		t.Errorf("the reason is not told:\n%s", said)
	}
	if after := prints(t, filepath.Join(elsewhere, "inbox.db")); after != before {
		t.Errorf("it is\n%swas\n%s", after, before)
	}
}

func TestAFolderThatIsOpenToOthersIsClosedAndTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	b := box.Start(t, dir, box.Options{})
	st, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode().Perm() != 0o700 {
		t.Errorf("its mode is %v", st.Mode())
	}
	for _, says := range []string{"level=WARN", "data_dir was accessible to other users"} {
		if !strings.Contains(b.Log.String(), says) {
			t.Errorf("the log lacks %q:\n%s", says, b.Log)
		}
	}
}
