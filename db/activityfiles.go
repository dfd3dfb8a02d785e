package db

import (
	"context"
	"database/sql"
	"time"
)

// File is an activity file. Its bytes are in the folder of files, compressed.
type File struct {
	ID     int64
	Person int64
	// Activity is the activity's natural key.
	Activity string
	Kind     string // FIT, TCX or GPX
	SHA256   []byte // of the bytes as fetched
	Size     int64  // of the bytes as fetched
	Stored   int64  // of the bytes on disk
	Delivery int64
	Received time.Time
	Device   string
	Fault    string // why it could not be decoded; empty if it could
}

// addFiles adds the files of a delivery; one that is known stays as it is, but for
// its fault.
func (a *applier) addFiles(o *Result) error {
	for _, f := range o.Files {
		if err := a.t.exec(`insert into file (person_id, activity, kind, sha256, size, stored, delivery_id, received_ms,
			device, fault) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set fault = excluded.fault`,
			f.Person, f.Activity, f.Kind, f.SHA256, f.Size, f.Stored, o.Job.ID, o.Job.Received.UnixMilli(), f.Device,
			f.Fault); err != nil {
			return err
		}
	}
	return nil
}

const fileColumns = `select id, person_id, activity, kind, sha256, size, stored, delivery_id, received_ms, device, fault
	from file `

func scanFile(rows *sql.Rows) (f File, err error) {
	var received int64
	err = rows.Scan(&f.ID, &f.Person, &f.Activity, &f.Kind, &f.SHA256, &f.Size, &f.Stored, &f.Delivery, &received,
		&f.Device, &f.Fault)
	f.Received = instant(received)
	return f, err
}

// FilesOf returns the files of some activities of a person, by their natural keys,
// the oldest first.
func (s *Store) FilesOf(ctx context.Context, person int64, activities []string) ([]File, error) {
	rows, err := s.f.query(ctx, fileColumns+`where person_id = ?
		and activity in (select value from json_each(?)) order by id`,
		person, list(activities))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanFile)
}

// File returns one file of a person by its id, or ErrNotFound.
func (s *Store) File(ctx context.Context, person, id int64) (File, error) {
	rows, err := s.f.query(ctx, fileColumns+`where person_id = ? and id = ?`, person, id)
	if err != nil {
		return File{}, fault(err)
	}
	files, err := collect(rows, scanFile)
	if err != nil {
		return File{}, err
	}
	if len(files) == 0 {
		return File{}, ErrNotFound
	}
	return files[0], nil
}
