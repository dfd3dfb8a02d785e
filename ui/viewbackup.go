package ui

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"garner/query"
)

// BackupConfig is how backups are made, as the configuration has it.
type BackupConfig struct {
	Dir, SecondDir string
	// Schedule is empty if they are made by hand only; Next is when the next one is due.
	Schedule string
	Next     time.Time
	// Daily, Weekly and Monthly are how many are kept.
	Daily, Weekly, Monthly int
	CanMakeKey             bool
	// Stored are the names of the files in Dir; nil if they are not known.
	Stored map[string]bool
}

// deleted reports whether a backup in Dir is not there any more, as far as is known.
func (c BackupConfig) deleted(b query.Backup) bool {
	return c.holds(b) && c.Stored != nil && !c.Stored[filepath.Base(b.File)]
}

// holds reports whether a backup was put into Dir.
func (c BackupConfig) holds(b query.Backup) bool {
	return filepath.Dir(b.File) == filepath.Clean(c.Dir)
}

// BackupView answers: if the disk fails now, what is lost?
type BackupView struct {
	Notice string
	Summary
	Config BackupConfig
	HasKey bool
	// Progress says how far a backup is that was asked for; empty for none. Share is the
	// same in per cent, 0 until it begins.
	Progress string
	Share    int64
	// Newest is the newest verified backup, which the commands of a restore name; nil for
	// none.
	Newest *query.Backup
	// Tested is when a restore was last tried out; zero for never.
	Tested     time.Time
	TestedFile string
	Rows       []BackupRow
}

// BackupRow is one backup.
type BackupRow struct {
	query.Backup
	Status Status
	// Words say what became of it.
	Words string
	// Download means that the file can be downloaded here, as far as is known.
	Download bool
}

// backupsLate is the age of the last backup at which the page shows it as late.
const backupsLate = 36 * time.Hour

// NewBackupView makes the view as of now.
func NewBackupView(b *query.Backups, c BackupConfig, now time.Time, notice string) BackupView {
	v := BackupView{Notice: notice, Config: c, HasKey: b.HasKey, Newest: b.Last, Tested: b.Tested,
		TestedFile: filepath.Base(b.TestedFile)}
	v.Summary = backupSummary(b, c, now)
	if run := b.Asked; run != nil {
		v.Progress = "A backup begins in a moment."
		if run.Total > 0 {
			v.Share = run.Done * 100 / run.Total
			v.Progress = fmt.Sprintf("A backup is being made: %d\u202f%%", v.Share)
		}
	}
	for i, one := range b.List {
		v.Rows = append(v.Rows, backupRow(one, c, i == 0))
	}
	return v
}

func backupSummary(b *query.Backups, c BackupConfig, now time.Time) Summary {
	if b.Last == nil {
		return Summary{"There is no backup yet.", Late, "If the disk fails, everything on it is lost: Garmin does not send " +
			"again what it has delivered.", nil}
	}
	s := Summary{"The last backup was made " + Ago(b.Last.Ended, now) + ", and verified.", OK, "", nil}
	if now.Sub(b.Last.Ended) > backupsLate && c.Schedule != "" {
		s.Status = Late
	}
	newest := b.List[0]
	switch {
	case newest.Fault != "":
		s.Status, s.Detail = Late, "The newest try failed: "+newest.Fault+"."
	case newest.CopyFault != "":
		s.Status, s.Detail = Late, "It is not in the second folder: "+newest.CopyFault+"."
	case !b.Last.Secrets:
		s.Detail = "It contains no secrets, since there is no recovery key."
	}
	return s
}

// backupCauses are why a backup was made, by query.Backup.Cause.
var backupCauses = map[string]string{"schedule": "on schedule", "command": "by command", "page": "from this page",
	"upgrade": "before an upgrade"}

// backupRow is a backup as the list has it. Only the newest may still run: whether it
// does or was interrupted is not recorded.
func backupRow(b query.Backup, c BackupConfig, newest bool) BackupRow {
	r := BackupRow{Backup: b}
	switch {
	case b.Fault != "":
		r.Status, r.Words = Down, "failed: "+b.Fault
	case b.Ended.IsZero() && newest:
		r.Status, r.Words = Running, "running, or interrupted"
	case b.Ended.IsZero():
		r.Status, r.Words = NoData, "interrupted"
	case c.deleted(b):
		r.Status, r.Words = NoData, "verified, deleted since"
	default:
		r.Status, r.Words, r.Download = OK, "verified", c.holds(b)
		if b.CopyFault != "" {
			r.Status, r.Words = Late, "verified; not in the second folder: "+b.CopyFault
		}
	}
	return r
}

// holds says what a backup contains.
func (r BackupRow) holds() string {
	switch {
	case r.Ended.IsZero() || r.Fault != "":
		return ""
	case r.Secrets:
		return "everything, encrypted"
	}
	return "all but secrets, not encrypted"
}

// kept says how many backups are kept.
func (c BackupConfig) kept() string {
	return fmt.Sprintf("The newest of each of the last %s, %s and %s are kept; older ones are deleted.",
		Plural(c.Daily, "day", "days"), Plural(c.Weekly, "week", "weeks"), Plural(c.Monthly, "month", "months"))
}

// restoring are the arguments of the command that restores the newest backup.
func (v BackupView) restoring() string {
	file := "FILE"
	if v.Newest != nil {
		file = quoted(v.Newest.File)
	}
	if v.identified() {
		return "--identity recovery-key.txt " + file
	}
	return file
}

// identified means that the recovery key is needed to restore the newest backup.
func (v BackupView) identified() bool {
	if v.Newest == nil {
		return v.HasKey
	}
	return v.Newest.Secrets
}

// quoted is a path as a shell reads it.
func quoted(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-", r)
	}) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}
