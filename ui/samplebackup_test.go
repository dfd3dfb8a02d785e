package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"garner/query"
)

// sampleBackups have one backup of each outcome.
func sampleBackups() (*query.Backups, BackupConfig) {
	const dir = "/srv/garner data/backups"
	at := func(ago int) time.Time { return sampleNow.AddDate(0, 0, -ago) }
	good := query.Backup{ID: 3, Cause: "schedule", File: dir + "/garner-3.tar.zst.age", Began: at(3), Ended: at(3),
		Size: 40 << 20, Secrets: true}
	return &query.Backups{HasKey: true, Last: &good, Tested: at(30), TestedFile: dir + "/garner-1.tar.zst.age",
			Asked: &query.BackupRun{Done: 30, Total: 120},
			List: []query.Backup{
				{ID: 7, Cause: "page", Began: at(0)},
				{ID: 6, Cause: "command", Began: at(1)},
				{ID: 5, Cause: "schedule", Began: at(2), Ended: at(2), Fault: "the disk is full"},
				good,
				{ID: 2, Cause: "upgrade", File: dir + "/garner-2.tar.zst", Began: at(4), Ended: at(4), Size: 9,
					CopyFault: "the folder is not there"},
				{ID: 1, Cause: "schedule", File: dir + "/garner-1.tar.zst", Began: at(5), Ended: at(5), Size: 9},
			}},
		BackupConfig{Dir: dir, SecondDir: "/mnt/backup", Schedule: "30 3 * * *", Next: sampleNow.Add(time.Hour), Daily: 7,
			Weekly: 4, Monthly: 6, CanMakeKey: true,
			Stored: map[string]bool{"garner-3.tar.zst.age": true, "garner-2.tar.zst": true}}
}

// backupPages are the page about backups and that of a recovery key.
func backupPages() map[string]templ.Component {
	page := samplePage("Backup", NavSettings, nil)
	page.Account = &AccountLink{Name: "Ada", Admin: true}
	list, config := sampleBackups()
	return map[string]templ.Component{
		"backup":        Backup(page, NewBackupView(list, config, sampleNow, "The backup has been asked for.")),
		"backup-none":   Backup(page, NewBackupView(&query.Backups{}, BackupConfig{Dir: "/var"}, sampleNow, "")),
		"recovery-key":  RecoveryKey(page, "AGE-SECRET-KEY-1X", "/settings/backup"),
		"backup-begins": Backup(page, NewBackupView(&query.Backups{Asked: &query.BackupRun{}}, config, sampleNow, "")),
	}
}

func TestEachBackupSaysWhatBecameOfItAndOnlyTheNewestMayStillRun(t *testing.T) {
	t.Parallel()
	list, config := sampleBackups()
	v := NewBackupView(list, config, sampleNow, "")
	for i, want := range []string{"running, or interrupted", "interrupted", "failed: the disk is full", "verified",
		"verified; not in the second folder: the folder is not there", "verified, deleted since"} {
		if got := v.Rows[i].Words; got != want {
			t.Errorf("backup %d: %q, want %q", i, got, want)
		}
		if download := v.Rows[i].Download; download != (i == 3 || i == 4) {
			t.Errorf("backup %d: download %t", i, download)
		}
	}
	if v.Share != 25 || !strings.Contains(v.Progress, "25") {
		t.Errorf("%d, %q", v.Share, v.Progress)
	}
}

func TestTheCommandsOfARestoreNameTheNewestBackup(t *testing.T) {
	t.Parallel()
	list, config := sampleBackups()
	for want, change := range map[string]func(){
		"--identity recovery-key.txt '/srv/garner data/backups/garner-3.tar.zst.age'": func() {},
		"/mnt/garner.tar.zst": func() { list.Last = &query.Backup{File: "/mnt/garner.tar.zst"} },
		`'/it'\''s'`:          func() { list.Last = &query.Backup{File: "/it's"} },
	} {
		list, _ = sampleBackups()
		change()
		if got := NewBackupView(list, config, sampleNow, "").restoring(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := NewBackupView(&query.Backups{HasKey: true}, config, sampleNow, "").restoring(); !strings.HasSuffix(got, " FILE") {
		t.Errorf("without a backup: %s", got)
	}
}

func TestABackupPageSaysItsAnswerOnceAsTheHeading(t *testing.T) {
	t.Parallel()
	for name, c := range backupPages() {
		if _, doc := render(t, c); doc.Find("h1").Length() != 1 {
			t.Errorf("%s has %d main headings", name, doc.Find("h1").Length())
		}
	}
}
