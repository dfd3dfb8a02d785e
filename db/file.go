package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // registers the driver
)

// synchronous is FULL, so that a commit survives a power cut. It is a variable
// only so that the power-cut test can be linked with NORMAL and be seen to
// fail.
var synchronous = "full"

// readers is the size of each file's pool of read-only connections: enough
// that a slow export does not hold up a page.
const readers = 4

// file is one open SQLite file: one writing connection, several reading ones.
type file struct {
	path string
	w, r *sql.DB
	// stmts are the reading statements by their text. All texts are constants,
	// so there are only so many; preparing one takes as long as many a query.
	stmts sync.Map
}

// prepared gives the reading statement of a text.
func (f *file) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := f.stmts.Load(text); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := f.r.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if have, loaded := f.stmts.LoadOrStore(text, st); loaded {
		return have.(*sql.Stmt), st.Close()
	}
	return st, nil
}

func (f *file) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	st, err := f.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// scanner is a row, or why there is none.
type scanner interface{ Scan(dest ...any) error }

type noRow struct{ err error }

func (n noRow) Scan(...any) error { return n.err }

func (f *file) queryRow(ctx context.Context, text string, args ...any) scanner {
	st, err := f.prepared(ctx, text)
	if err != nil {
		return noRow{err}
	}
	return st.QueryRowContext(ctx, args...)
}

// openFile opens or creates the file at path and brings it to the newest
// schema.
func openFile(ctx context.Context, path string, app appID, migrations fs.FS) (*file, error) {
	f := &file{path: path}
	var err error
	if f.w, err = sql.Open("sqlite", dsn(path, true)); err != nil {
		return nil, err
	}
	f.w.SetMaxOpenConns(1)
	f.w.SetMaxIdleConns(1)
	f.w.SetConnMaxLifetime(0)
	if err := migrate(ctx, f.w, app, migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, fault(err)), f.w.Close())
	}
	if f.r, err = sql.Open("sqlite", dsn(path, false)); err != nil {
		return nil, errors.Join(err, f.w.Close())
	}
	f.r.SetMaxOpenConns(readers)
	f.r.SetMaxIdleConns(readers)
	f.r.SetConnMaxLifetime(0)
	if err := f.verify(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, fault(err)), f.Close())
	}
	return f, nil
}

// Close closes both pools; the writer goes last, so that its closing
// checkpoint finds no reader in the way.
func (f *file) Close() error {
	var err error
	for _, st := range f.stmts.Range {
		err = errors.Join(err, st.(*sql.Stmt).Close())
	}
	return errors.Join(err, f.r.Close(), f.w.Close())
}

// dsn holds every pragma: a pragma run by Exec would reach only one connection
// of a pool.
func dsn(path string, writer bool) string {
	p := []string{
		"_journal_mode=wal",
		"_synchronous=" + synchronous,
		"_busy_timeout=8000",
		"_foreign_keys=on",
		"_defensive=1",
		"_dqs=0",
		"_error_rc=1",
		"_pragma=journal_size_limit(67108864)",
		// A checkpoint writes every page again and syncs twice; four times the
		// default distance costs 16 MB of disk and a slightly longer recovery.
		"_pragma=wal_autocheckpoint(4000)",
		"_pragma=temp_store(2)",
		"_pragma=trusted_schema(0)",
		"_pragma=cell_size_check(1)",
		"_pragma=cache_size(-8000)",
	}
	if writer {
		p = append(p, "_txlock=immediate", "_auto_vacuum=incremental", "_pragma=secure_delete(fast)")
	} else {
		p = append(p, "_query_only=1")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(p, "&")
}

// verify reads the pragmas back: a misspelt one would be ignored in silence.
func (f *file) verify(ctx context.Context) error {
	sync := map[string]string{"full": "2", "normal": "1"}[synchronous]
	for _, want := range []struct{ pragma, value string }{
		{"journal_mode", "wal"}, {"synchronous", sync}, {"foreign_keys", "1"}, {"busy_timeout", "8000"},
	} {
		for _, pool := range []*sql.DB{f.w, f.r} {
			var got string
			if err := pool.QueryRowContext(ctx, "pragma "+want.pragma).Scan(&got); err != nil {
				return fmt.Errorf("read pragma %s: %w", want.pragma, err)
			}
			if got != want.value {
				return fmt.Errorf("pragma %s is %s, want %s", want.pragma, got, want.value)
			}
		}
	}
	var readOnly string
	if err := f.r.QueryRowContext(ctx, "pragma query_only").Scan(&readOnly); err != nil {
		return err
	}
	if readOnly != "1" {
		return errors.New("reading connections can write")
	}
	return nil
}
