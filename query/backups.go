package query

import (
	"context"
	"errors"
	"slices"
	"time"

	"garner/db"
)

// mostBackups is how many backups the list has.
const mostBackups = 50

// Backup is a backup that was made, or tried.
type Backup struct {
	ID    int64
	Cause string // schedule, command, page or upgrade
	File  string // its path
	// Began is when it began; Ended is zero while it runs, and of one that was interrupted.
	Began, Ended time.Time
	Size         int64 // bytes
	// Secrets means that it contains the secrets, and is encrypted.
	Secrets bool
	// Fault is why there is none, CopyFault why it is not in the second place; empty if
	// nothing went wrong.
	Fault, CopyFault string
}

// BackupRun is a backup that was asked for: Done of Total bytes are written, both 0 until
// it begins.
type BackupRun struct{ Done, Total int64 }

// Backups are the backups that were made or tried. Only who runs the installation sees
// them.
type Backups struct {
	// List has the newest first.
	List []Backup
	// Last is the last that was made and verified; nil if there is none.
	Last *Backup
	// HasKey means that a recovery key was made.
	HasKey bool
	// Tested is when a restore was last tried out, and TestedFile with which backup; zero
	// if it never was.
	Tested     time.Time
	TestedFile string
	// Asked is the backup that a page asked for and that is not finished; nil for none.
	Asked *BackupRun
}

// Backups returns them as of now.
func (q *Reader) Backups(ctx context.Context) (*Backups, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	list, err := q.Store.Backups(ctx, mostBackups)
	if err != nil {
		return nil, err
	}
	out := &Backups{}
	for _, b := range list {
		out.List = append(out.List, Backup(b))
	}
	if good, _, err := q.Store.LastBackups(ctx); err == nil && good.ID != 0 {
		last := Backup(good)
		out.Last = &last
	} else if err != nil && !errors.Is(err, db.ErrNotFound) {
		return nil, err
	}
	set, err := q.Store.Settings(ctx, db.SettingRecipient)
	if err != nil {
		return nil, err
	}
	out.HasKey = len(set) > 0
	signs, err := q.Store.Signals(ctx)
	if err != nil {
		return nil, err
	}
	if s, ok := signs[db.SignalRestoreTest]; ok {
		out.Tested, out.TestedFile = s.At, s.Detail
	}
	open, err := q.Store.OpenRequests(ctx)
	if i := slices.IndexFunc(open, func(r db.Request) bool { return r.Kind == db.RequestBackup }); i >= 0 {
		out.Asked = &BackupRun{open[i].Done, open[i].Total}
	}
	return out, err
}

// Backup returns one backup by its id.
func (q *Reader) Backup(ctx context.Context, id int64) (Backup, error) {
	all, err := q.Backups(ctx)
	if err != nil {
		return Backup{}, err
	}
	for _, b := range all.List {
		if b.ID == id {
			return b, nil
		}
	}
	return Backup{}, db.ErrNotFound
}
