package pages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// backupPath is the page about backups.
const backupPath = "/settings/backup"

// Backups is how backups are made, as the configuration has it.
type Backups struct {
	// Dir and SecondDir are where they are stored; SecondDir may be empty.
	Dir, SecondDir string
	// Schedule is a cron line; empty if they are made by hand only. Next is when the next
	// one is due after an instant.
	Schedule string
	Next     func(now time.Time) time.Time
	// Daily, Weekly and Monthly are how many are kept.
	Daily, Weekly, Monthly int
	// NewKey makes a recovery key, and returns its secret part, which is not stored. It
	// replaces an earlier one only if replace is set.
	NewKey func(ctx context.Context, replace bool) (string, error)
}

// backup is GET /settings/backup.
func (s *Site) backup(r *http.Request) (answer, error) {
	p, err := s.base(r, "Backup", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	list, err := s.reader(r, p.Now).Backups(r.Context())
	if err != nil {
		return answer{}, err
	}
	return render(ui.Backup(p, ui.NewBackupView(list, s.shownBackups(p.Now), p.Now, said(r, "flash"))))
}

func (s *Site) shownBackups(now time.Time) ui.BackupConfig {
	b := s.Backups
	out := ui.BackupConfig{Dir: b.Dir, SecondDir: b.SecondDir, Schedule: b.Schedule, Daily: b.Daily, Weekly: b.Weekly,
		Monthly: b.Monthly, CanMakeKey: b.NewKey != nil, Stored: stored(b.Dir)}
	if b.Next != nil {
		out.Next = b.Next(now)
	}
	return out
}

// stored are the names of the files in a folder; nil if it cannot be read.
func stored(dir string) map[string]bool {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	out := map[string]bool{}
	for _, f := range list {
		out[f.Name()] = true
	}
	return out
}

// backupNow is POST /settings/backup.
func (s *Site) backupNow(r *http.Request) (answer, error) {
	if _, err := s.store.Ask(r.Context(), time.Now(), db.RequestBackup); err != nil {
		return answer{}, err
	}
	return flash(r, backupPath, "The backup has been asked for.")
}

// backupKey is POST /settings/backup/key: it makes a recovery key and shows it once.
func (s *Site) backupKey(r *http.Request) (answer, error) {
	if s.Backups.NewKey == nil {
		return answer{}, badRequest("Recovery keys cannot be made here.")
	}
	if again, ok := s.fresh(r, backupPath); !ok {
		return again, nil
	}
	p, err := s.base(r, "Recovery key", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	list, err := s.reader(r, p.Now).Backups(r.Context())
	if err != nil {
		return answer{}, err
	}
	replace := r.PostFormValue("replace") == "yes"
	if list.HasKey && !replace {
		return answer{}, badRequest("There is a recovery key. Confirm that it is to be replaced.")
	}
	key, err := s.Backups.NewKey(r.Context(), replace)
	if err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionSecretRotated, 0, "recovery key")
	next := backupPath
	if after := stepURL(query.StepDone); r.PostFormValue("next") == after {
		next = after
	}
	return answer{view: ui.RecoveryKey(p, key, next), secret: true}, nil
}

// backupFile is POST /settings/backup/{id}/file: the download of a backup.
func (s *Site) backupFile(w http.ResponseWriter, r *http.Request) {
	if again, ok := s.fresh(r, backupPath); !ok {
		http.Redirect(w, r, again.to, http.StatusSeeOther)
		return
	}
	content, name, size, err := s.openBackup(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer content.Close() //nolint:errcheck // it was only read
	s.audit(r, db.ActionExported, 0, name)
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	// The command line may have named it.
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename=%q`, name))
	h.Set("Content-Security-Policy", "sandbox")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	s.stream(w, r, func(out io.Writer) error {
		_, err := io.Copy(out, content)
		return err
	})
}

// openBackup opens the backup of an address, if it is in the configured folder.
func (s *Site) openBackup(r *http.Request) (content *os.File, name string, size int64, err error) {
	b, err := s.reader(r, time.Now()).Backup(r.Context(), pathID(r))
	if err != nil {
		return nil, "", 0, err
	}
	dir, name := filepath.Split(b.File)
	if dir = filepath.Clean(dir); dir != filepath.Clean(s.Backups.Dir) {
		return nil, "", 0, db.ErrNotFound // made by command, somewhere else
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, "", 0, err
	}
	defer root.Close() //nolint:errcheck // it was only read
	content, err = root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = db.ErrNotFound // rotated out
	}
	if err != nil {
		return nil, "", 0, err
	}
	st, err := content.Stat()
	if err != nil {
		return nil, "", 0, errors.Join(err, content.Close())
	}
	return content, name, st.Size(), nil
}
