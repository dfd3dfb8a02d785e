package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPersonIsErasedWithoutARunningGarner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		line, want string
		status     int
	}{
		{"person add --name Quastenflosser --garmin-user-id user-of-quasten", "added", statusDone},
		{"person erase --name Quastenflosser --confirm Quasten", "must repeat", statusUsage},
		{"person erase --name Other --confirm Other", "no person is called", statusFailed},
		{"person erase --name quastenflosser --confirm quastenflosser", "erased\n", statusDone},
		{"person erase --name Quastenflosser --confirm Quastenflosser", "no person is called", statusFailed},
		{"person list --json", "[]", statusDone},
	} {
		got := runHere(t, dir, "", strings.Fields(c.line)...)
		if got.status != c.status || !strings.Contains(got.out+got.err, c.want) {
			t.Errorf("garner %s: status %d, %s%s, want %d and %q", c.line, got.status, got.out, got.err, c.status, c.want)
		}
	}
	for _, name := range []string{"garner.db", "inbox.db"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(strings.ToLower(string(b)), "quasten") {
			t.Errorf("%s names the person: %v", name, err)
		}
	}
}
