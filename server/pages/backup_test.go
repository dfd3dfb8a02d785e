package pages_test

import (
	"context"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/server"
	"garner/server/pages"
	"garner/server/servertest"
)

// backups is a site whose backups are in a folder.
func backups(t *testing.T) (s *servertest.Site, dir string) {
	t.Helper()
	dir = t.TempDir()
	s = servertest.Open(t, servertest.Limits(), func(o *server.Options) {
		o.Backups = pages.Backups{Dir: dir, Schedule: "30 3 * * *", Daily: 7, Weekly: 4, Monthly: 6,
			NewKey: func(context.Context, bool) (string, error) { return "AGE-SECRET-KEY-1X", nil }}
	})
	s.Account("root", db.RoleAdmin, 0)
	s.As("root")
	return s, dir
}

// made records a backup of a file.
func made(t *testing.T, s *servertest.Site, file, fault string) {
	t.Helper()
	b := db.Backup{Cause: "schedule", File: file, Began: time.Now().Add(-time.Hour)}
	var err error
	if b.ID, err = s.Store.BeginBackup(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	b.Ended, b.Size, b.Fault = time.Now(), 7, fault
	if err := s.Store.EndBackup(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func TestThePageAboutBackupsSaysWhatWouldBeLost(t *testing.T) {
	t.Parallel()
	s, dir := backups(t)
	has := func(words ...string) {
		t.Helper()
		page := s.Page("/settings/backup")
		for _, w := range words {
			if !strings.Contains(page, w) {
				t.Errorf("the page does not have %q", w)
			}
		}
	}
	has("There is no backup yet.", "There is no recovery key", "A restore was never tested", "No backup was made yet.")
	made(t, s, filepath.Join(dir, "one"), "")
	has("The last backup was made just now, and verified.", "It contains no secrets", "all but secrets, not encrypted")
	made(t, s, filepath.Join(dir, "two"), "the disk is full")
	has("The newest try failed: the disk is full.", "and verified.")
	if w := s.Form("/settings/backup", nil); w.Code != http.StatusSeeOther {
		t.Error("asking for one:", w.Code)
	}
	if open, err := s.Store.OpenRequests(t.Context()); err != nil || len(open) != 1 || open[0].Kind != db.RequestBackup {
		t.Errorf("%+v, %v", open, err)
	}
	has("A backup begins in a moment.")
}

func TestARecoveryKeyIsShownOnceAndReplacedOnlyWhenThatIsConfirmed(t *testing.T) {
	t.Parallel()
	s, _ := backups(t)
	w := s.Form("/settings/backup/key", nil)
	if !strings.Contains(w.Body.String(), "AGE-SECRET-KEY-1X") || w.Header().Get("Cache-Control") != "no-store" {
		t.Error(w.Code, w.Header())
	}
	if err := s.Store.ChangeSettings(t.Context(), db.SettingChange{Name: db.SettingRecipient, Value: "age1x"}); err != nil {
		t.Fatal(err)
	}
	if page := s.Page("/settings/backup"); strings.Contains(page, "AGE-SECRET-KEY") || !strings.Contains(page, "There is a recovery key") {
		t.Error("the page after it:", page)
	}
	if w := s.Form("/settings/backup/key", nil); w.Code != http.StatusBadRequest {
		t.Error("replaced without confirmation:", w.Code)
	}
	if w := s.Form("/settings/backup/key", map[string][]string{"replace": {"yes"}}); w.Code != http.StatusOK {
		t.Error("not replaced:", w.Code)
	}
}

func TestOnlyBackupsInTheConfiguredFolderCanBeDownloaded(t *testing.T) {
	t.Parallel()
	s, dir := backups(t)
	elsewhere := t.TempDir()
	for _, file := range []string{filepath.Join(dir, "here"), filepath.Join(elsewhere, "there")} {
		if err := os.WriteFile(file, []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
		made(t, s, file, "")
	}
	made(t, s, filepath.Join(dir, "gone"), "")
	odd := filepath.Join(dir, `a"; x="b`)
	if err := os.WriteFile(odd, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	made(t, s, odd, "")
	if w := s.Form("/settings/backup/1/file", nil); w.Code != http.StatusOK || w.Body.String() != "content" ||
		!strings.Contains(w.Header().Get("Content-Disposition"), `filename="here"`) {
		t.Error(w.Code, w.Header())
	}
	_, params, err := mime.ParseMediaType(s.Form("/settings/backup/4/file", nil).Header().Get("Content-Disposition"))
	if err != nil || params["filename"] != filepath.Base(odd) {
		t.Errorf("a name with quotes: %v, %v", params, err)
	}
	for _, id := range []string{"2", "3", "5"} {
		if w := s.Form("/settings/backup/"+id+"/file", nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", id, w.Code)
		}
	}
}
