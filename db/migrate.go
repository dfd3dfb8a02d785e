package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"sort"
)

// appID marks a SQLite file as one of ours (pragma application_id), so that
// another program's file is never taken for one.
type appID int32

const (
	inboxApp  appID = 0x47726e49 // "GrnI"
	garnerApp appID = 0x47726e47 // "GrnG"
)

//go:embed migrations
var migrationFiles embed.FS

func migrationsOf(name string) fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations/"+name)
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// migrate applies the numbered files that the database has not seen, each in a
// transaction of its own with its number, so that a kill leaves it before or
// after a file and never within. It refuses files that are not ours and files
// that a newer program has written.
func migrate(ctx context.Context, db *sql.DB, app appID, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	have, err := schemaOf(ctx, db, app, len(names))
	if err != nil {
		return err
	}
	for i := have; i < len(names); i++ {
		if err := applyMigration(ctx, db, app, files, names[i], i+1); err != nil {
			return fmt.Errorf("migrate to %s: %w", names[i], err)
		}
	}
	return nil
}

// schemaOf is the number of the newest file that the database has seen.
func schemaOf(ctx context.Context, db *sql.DB, app appID, known int) (have int, err error) {
	var id int
	if err := db.QueryRowContext(ctx, "pragma user_version").Scan(&have); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if err := db.QueryRowContext(ctx, "pragma application_id").Scan(&id); err != nil {
		return 0, fmt.Errorf("read application id: %w", err)
	}
	switch {
	case id != int(app) && (id != 0 || have != 0):
		return 0, fmt.Errorf("not a file of garner (application id %#x)", id)
	case have > known:
		return 0, fmt.Errorf("written by a newer garner (schema %d, this program knows %d); install the newer version again",
			have, known)
	}
	return have, nil
}

// upToDate says with ErrNotSetUp that the database has not seen all files.
func upToDate(ctx context.Context, db *sql.DB, app appID, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	have, err := schemaOf(ctx, db, app, len(names))
	if err == nil && have < len(names) {
		err = ErrNotSetUp
	}
	return err
}

func applyMigration(ctx context.Context, db *sql.DB, app appID, files fs.FS, name string, version int) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it has nothing to do
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	// Pragmas take no parameters; both numbers are ours.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("pragma application_id = %d; pragma user_version = %d", app,
		version)); err != nil {
		return err
	}
	return tx.Commit()
}
