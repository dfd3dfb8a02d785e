package db

import (
	"context"
	"database/sql"
	"time"
)

// Backup is a backup that was tried.
type Backup struct {
	ID    int64
	Cause string // backup.Cause
	File  string // its path
	// Ended is zero while it runs, and of one that was killed.
	Began, Ended time.Time
	Size         int64 // bytes
	// Secrets means that it contains the secrets, and is encrypted.
	Secrets bool
	// Fault is why there is none; empty if it was made and verified. CopyFault is why it is
	// not in the second place; empty if it is, or if there is no such place.
	Fault, CopyFault string
}

// BeginBackup records that a backup begins, by its Cause, File and Began.
func (s *Store) BeginBackup(ctx context.Context, b Backup) (id int64, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		res, err := t.result(`insert into backup (cause, file, began_ms) values (?, ?, ?)`, b.Cause, b.File,
			b.Began.UnixMilli())
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

// EndBackup records how the backup of an ID ended.
func (s *Store) EndBackup(ctx context.Context, b Backup) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update backup set file = ?, ended_ms = ?, size = ?, secrets = ?, fault = ?, copy_fault = ?
			where id = ?`, b.File, b.Ended.UnixMilli(), b.Size, b.Secrets, b.Fault, b.CopyFault, b.ID)
	})
}

// Backups returns the newest backups, the newest first.
func (s *Store) Backups(ctx context.Context, limit int) ([]Backup, error) {
	return s.backups(ctx, `order by id desc limit ?`, limit)
}

// LastBackupOf returns the newest backup of a cause, or ErrNotFound.
func (s *Store) LastBackupOf(ctx context.Context, cause string) (Backup, error) {
	list, err := s.backups(ctx, `where cause = ? order by id desc limit 1`, cause)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Backup{}, err
	}
	return list[0], nil
}

// LastBackups returns the newest backup that was made and verified, and the newest one that
// ended in any way. ErrNotFound means that none has ended.
func (s *Store) LastBackups(ctx context.Context) (good, ended Backup, err error) {
	list, err := s.backups(ctx, `where id in (select max(id) from backup where ended_ms > 0
		union select max(id) from backup where ended_ms > 0 and fault = '') order by id`)
	if err != nil {
		return good, ended, err
	}
	if len(list) == 0 {
		return good, ended, ErrNotFound
	}
	if list[0].Fault == "" {
		good = list[0]
	}
	return good, list[len(list)-1], nil
}

func (s *Store) backups(ctx context.Context, which string, args ...any) ([]Backup, error) {
	rows, err := s.f.query(ctx, `select id, cause, file, began_ms, ended_ms, size, secrets, fault, copy_fault
		from backup `+which, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (b Backup, err error) {
		var began, ended int64
		err = rows.Scan(&b.ID, &b.Cause, &b.File, &began, &ended, &b.Size, &b.Secrets, &b.Fault, &b.CopyFault)
		b.Began, b.Ended = instant(began), instant(ended)
		return b, err
	})
}

// SettingRecipient is the setting with the public part of the recovery key, to which
// backups are encrypted. It is missing until a key was made.
const SettingRecipient = "backup.recipient"

// SignalRestoreTest is the signal for the last restore test that succeeded. Its detail
// is the file.
const SignalRestoreTest = "restore_test"
