package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// appID marks a SQLite file as one of ours (pragma application_id), so that
// another program's file is never taken for one.
type appID int32

const (
	inboxApp  appID = 0x47726e49 // "GrnI"
	garnerApp appID = 0x47726e47 // "GrnG"
)

//go:embed schema migrations
var schemaFiles embed.FS

// schema creates and upgrades the files of a database. A new file is made from
// the newest schema; an older one runs the migrations that it has not yet
// run. Both end with the same schema (see docs/adr/0011-schema-baseline.md).
type schema struct {
	app        appID
	baseline   string
	migrations []string // in order; their number is the version
	copies     int      // the version whose migration copies all tables; 0 for none
}

var (
	garnerSchema = newSchema("garner", garnerApp, 8)
	inboxSchema  = newSchema("inbox", inboxApp, 0)
)

// newSchema reads the schema of a database by its name.
func newSchema(name string, app appID, copies int) schema {
	s := schema{app: app, copies: copies, baseline: embedded("schema/" + name + ".sql")}
	files, err := fs.Glob(schemaFiles, "migrations/"+name+"/*.sql") // sorted
	if err != nil {
		panic(err) // the pattern is constant
	}
	for _, file := range files {
		s.migrations = append(s.migrations, embedded(file))
	}
	return s
}

func embedded(file string) string {
	text, err := schemaFiles.ReadFile(file)
	if err != nil {
		panic(err) // the file is embedded above
	}
	return string(text)
}

func (s schema) version() int { return len(s.migrations) }

// migrate brings a database to the newest version. Each step is a transaction
// of its own with its number, so that a kill leaves it before or after a step,
// never within one. It refuses files that are not ours and files that a newer
// program has written.
func (s schema) migrate(ctx context.Context, db *sql.DB) error {
	have, err := s.versionOf(ctx, db)
	if err != nil {
		return err
	}
	if have == 0 {
		return s.step(ctx, db, s.baseline, s.version())
	}
	if have < s.copies {
		if err := roomToCopy(ctx, db); err != nil {
			return err
		}
	}
	for ; have < s.version(); have++ {
		if err := s.step(ctx, db, s.migrations[have], have+1); err != nil {
			return fmt.Errorf("migrate to version %d: %w", have+1, err)
		}
		if have+1 == s.copies {
			giveBack(ctx, db)
		}
	}
	return nil
}

// NewerSchemaError means that a newer program has written a file.
type NewerSchemaError struct {
	Have, Known int // the versions of the file's schema, and of the newest that is known
}

// Error says which program is needed.
func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("written by a newer garner (schema %d, this program knows %d); install the newer version again",
		e.Have, e.Known)
}

// versionOf is the version of a database, 0 for a new file.
func (s schema) versionOf(ctx context.Context, db querier) (have int, err error) {
	var id int
	if err := db.QueryRowContext(ctx, "pragma user_version").Scan(&have); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if err := db.QueryRowContext(ctx, "pragma application_id").Scan(&id); err != nil {
		return 0, fmt.Errorf("read application id: %w", err)
	}
	var tables int
	if err := db.QueryRowContext(ctx, "select count(*) from sqlite_schema").Scan(&tables); err != nil {
		return 0, fmt.Errorf("read schema: %w", err)
	}
	switch {
	case have < 0 || id != int(s.app) && (id != 0 || have != 0 || tables > 0):
		return 0, fmt.Errorf("not a file of garner (application id %#x)", id)
	case have > s.version():
		return 0, &NewerSchemaError{Have: have, Known: s.version()}
	}
	return have, nil
}

// accepts reports whether a file that is there may be migrated. It opens it for
// reading only: another program's file must not even change its journal mode.
func (s schema) accepts(ctx context.Context, path string) error {
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		return nil //nolint:nilerr // it is made anew, or opening it tells
	}
	p, err := pool(path, 1, readingOnly)
	if err != nil {
		return err
	}
	_, err = s.versionOf(ctx, p)
	return errors.Join(err, p.Close())
}

// upToDate returns ErrNotSetUp if the database has an older version.
func (s schema) upToDate(ctx context.Context, db *sql.DB) error {
	have, err := s.versionOf(ctx, db)
	if err == nil && have < s.version() {
		err = ErrNotSetUp
	}
	return err
}

func (s schema) step(ctx context.Context, db *sql.DB, text string, version int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // no effect after Commit
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	// Pragmas take no parameters; both numbers are ours.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("pragma application_id = %d; pragma user_version = %d", s.app,
		version)); err != nil {
		return err
	}
	return tx.Commit()
}
