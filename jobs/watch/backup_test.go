package watch

import (
	"strings"
	"testing"
	"time"

	"garner/db"
)

// backup records a backup that ended now.
func (g *guarded) backup(t *testing.T, fault, copyFault string) {
	t.Helper()
	b := db.Backup{Cause: "schedule", File: "f", Began: g.now}
	var err error
	if b.ID, err = g.w.Store.BeginBackup(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	b.Ended, b.Fault, b.CopyFault = g.now, fault, copyFault
	if err := g.w.Store.EndBackup(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func TestAMissingBackupIsReportedAfterThreeDaysInWhichGarnerRan(t *testing.T) {
	t.Parallel()
	const missing = "There is no recent backup"
	g := newGuarded(t)
	g.w.Backups = true
	g.pass(72, nil)
	if got := g.headlines(); strings.Contains(got, missing) {
		t.Errorf("before three days it says %q", got)
	}
	g.pass(2, nil)
	if got := g.headlines(); !strings.Contains(got, missing) {
		t.Errorf("after three days it says %q", got)
	}
	g.backup(t, "", "")
	g.pass(3, nil)
	if got := g.headlines(); !strings.Contains(got, "Over: "+missing) {
		t.Errorf("after a backup it says %q", got)
	}
}

func TestABackupThatFailedIsReportedUntilOneSucceeds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fault, copyFault, says string }{
		"verified": {"the file does not hold what was written", "", "The last backup failed"},
		"copied":   {"", "no such folder", "The last backup failed"},
		"good":     {"", "", ""},
	} {
		g := newGuarded(t)
		g.backup(t, "", "")
		g.now = g.now.Add(time.Minute)
		g.backup(t, c.fault, c.copyFault)
		g.pass(1, nil)
		if got := g.headlines(); !strings.Contains(got, c.says) || c.says == "" && strings.Contains(got, "backup") {
			t.Errorf("%s: it says %q, want %q", name, got, c.says)
		}
		g.backup(t, "", "")
		g.pass(3, nil)
		if got := g.headlines(); c.says != "" && !strings.Contains(got, "Over: "+c.says) {
			t.Errorf("%s: after a good one it says %q", name, got)
		}
	}
}
