package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// StoreIsOlder reports whether garner.db in dir has a schema of a version before
// this one. Its owner brings it to the newest when it opens it, which may copy
// the file: that takes its time, and space.
func StoreIsOlder(ctx context.Context, dir string) (bool, error) {
	path := filepath.Join(dir, GarnerFile)
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		return false, nil // it is made anew, or opening it tells
	}
	p, err := pool(path, 1, readingOnly)
	if err != nil {
		return false, err
	}
	have, err := garnerSchema.versionOf(ctx, p)
	older := err == nil && 0 < have && have < garnerSchema.version() // 0: its making was interrupted
	return older, errors.Join(fault(err), p.Close())
}

// RoomForUpgrade returns ErrFull if there is not the space to bring garner.db in dir to the
// newest schema.
func RoomForUpgrade(ctx context.Context, dir string) error {
	p, err := pool(filepath.Join(dir, GarnerFile), 1, readingOnly)
	if err != nil {
		return err
	}
	have, err := garnerSchema.versionOf(ctx, p)
	if err == nil && have > 0 && have < garnerSchema.copies {
		err = roomToCopy(ctx, p)
	}
	return errors.Join(fault(err), p.Close())
}

// roomToCopy returns ErrFull, before anything is written, where there is not the
// space that copying all tables of a file takes: its log comes to hold the
// copy, and then the file does too, until the log is moved into it.
func roomToCopy(ctx context.Context, db *sql.DB) error {
	var path string
	err := db.QueryRowContext(ctx, `select file from pragma_database_list where name = 'main'`).Scan(&path)
	if err != nil {
		return err
	}
	size, err := logicalSize(ctx, db)
	if err != nil {
		return err
	}
	free, err := Free(filepath.Dir(path))
	if need := 2*size + leastFree; err == nil && free < need {
		return fmt.Errorf("%w: %s needs %d MB of free space to be brought to the schema of this version, and %d MB are "+
			"free; it stays as it was until there is room", ErrFull, filepath.Base(path), (need+1<<20-1)>>20, free>>20)
	}
	return nil // where it cannot be told, writing will tell
}

// giveBack returns the space of the tables of before back to the disk, in short
// steps. Without it the file would stay twice as large as what it holds; that
// is all that a failure costs, so none is an error.
func giveBack(ctx context.Context, db *sql.DB) {
	for last := int64(-1); ; {
		var free int64
		err := db.QueryRowContext(ctx, `pragma freelist_count`).Scan(&free)
		if err != nil || free == 0 || free == last {
			return
		}
		last = free
		for _, pragma := range []string{`pragma incremental_vacuum(2000)`, `pragma wal_checkpoint(truncate)`} {
			if err := drained(db.QueryContext(ctx, pragma)); err != nil {
				return
			}
		}
	}
}

// drained runs a pragma to its end: it does its work as its rows are read.
func drained(rows *sql.Rows, err error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}
