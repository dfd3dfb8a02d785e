package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"garner/e2e/box"
)

var recoveryKey = regexp.MustCompile(`AGE-SECRET-KEY-1\w+`)

func TestABackupBesideServeRestoresToABoxThatServes(t *testing.T) {
	t.Parallel()
	w, list := box.Household(1, 3)
	list = distinct(list)
	half := len(list) / 2
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	b.Reader()
	b.Push(list[:half])
	key := recoveryKey.FindString(b.Run("recovery-key"))
	identity := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(identity, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup")
	b.Run("backup", file)
	b.Push(list[half:]) // lost with the disk
	b.Stop()

	fresh := filepath.Join(t.TempDir(), "data")
	if out := box.Run(t, fresh, "restore", file, "--identity", identity); !strings.Contains(out, "restored") {
		t.Errorf("it says %s", out)
	}
	mustHold(t, fresh, list[:half])
	again := box.Start(t, fresh, box.Options{})
	client := box.SignedIn(t, "http://"+again.Addr)
	again.Push(list[half:]) // Garmin sends it again
	counts := again.Drained()
	if counts.Orphaned > 0 || counts.Done != int64(len(list)) {
		t.Errorf("got %+v, want %d deliveries done", counts, len(list))
	}
	resp, err := client.Get("http://" + again.Addr + "/people")
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Errorf("the page of people answers %s", resp.Status)
	}
	again.Stop()
	mustHold(t, fresh, list)
	box.Sound(t, fresh)
}
