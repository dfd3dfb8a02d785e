package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite" // registers the driver
)

// synchronous is FULL, so that a commit survives a power cut. It is a variable
// only so that the power-cut test can be linked with NORMAL and must then
// fail.
var synchronous = "full"

// readers is the size of each file's pool of read-only connections: enough
// that a slow export does not hold up a page.
const readers = 4

// file is one open SQLite file: one writing connection, several reading ones,
// and, for its owner, one that checkpoints.
type file struct {
	path  string
	owned bool
	w, r  *sql.DB
	// c is nil if another process may own the file.
	c *sql.DB
	// snapshot, if not nil, is the one connection that reads, in a
	// long transaction.
	snapshot *sql.Conn
	// stmts are the reading statements by their text. All texts are constants,
	// so their number is limited; preparing one takes as long as many queries.
	stmts sync.Map
	// queries counts the reading statements that were run.
	queries atomic.Int64
}

// prepared returns the reading statement of a text.
func (f *file) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := f.stmts.Load(text); ok {
		return st.(*sql.Stmt), nil
	}
	prepare := f.r.PrepareContext
	if f.snapshot != nil {
		prepare = f.snapshot.PrepareContext
	}
	st, err := prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	if have, loaded := f.stmts.LoadOrStore(text, st); loaded {
		return have.(*sql.Stmt), st.Close()
	}
	return st, nil
}

func (f *file) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	f.queries.Add(1)
	st, err := f.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// scanner is a row, or the error.
type scanner interface{ Scan(dest ...any) error }

type noRow struct{ err error }

func (n noRow) Scan(...any) error { return n.err }

func (f *file) queryRow(ctx context.Context, text string, args ...any) scanner {
	f.queries.Add(1)
	st, err := f.prepared(ctx, text)
	if err != nil {
		return noRow{err}
	}
	return st.QueryRowContext(ctx, args...)
}

// openFile opens or creates the file at path and brings it to the newest
// schema. Only the process that holds the lock of the data directory may call it.
func openFile(ctx context.Context, path string, s schema, u use) (*file, error) {
	if err := s.accepts(ctx, path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, fault(err))
	}
	f := &file{path: path, owned: true}
	var err error
	if f.w, err = pool(path, 1, u); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, f.w); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, fault(err)), f.w.Close())
	}
	if f.r, err = pool(path, readers, reading); err != nil {
		return nil, errors.Join(err, f.w.Close())
	}
	if f.c, err = pool(path, 1, checkpointing); err != nil {
		return nil, errors.Join(err, f.r.Close(), f.w.Close())
	}
	if err := f.verify(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, fault(err)), f.Close())
	}
	return f, nil
}

// openBeside opens a file that another process may own. It writes nothing, not
// even a missing file: that is ErrNotSetUp, as is a schema of another version.
// Writing is possible only with mayWrite.
func openBeside(ctx context.Context, path string, s schema, mayWrite bool) (*file, error) {
	if st, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && st.Size() == 0 {
		return nil, fmt.Errorf("%s: %w", path, ErrNotSetUp)
	}
	f := &file{path: path}
	var err error
	if f.r, err = pool(path, readers, readingOnly); err != nil {
		return nil, err
	}
	if err := s.upToDate(ctx, f.r); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, fault(err)), f.r.Close())
	}
	if mayWrite {
		if f.w, err = pool(path, 1, writingBeside); err != nil {
			return nil, errors.Join(err, f.r.Close())
		}
	}
	return f, nil
}

// pool makes connections on demand and keeps them open.
func pool(path string, size int, u use) (*sql.DB, error) {
	p, err := sql.Open("sqlite", dsn(path, u))
	if err != nil {
		return nil, err
	}
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	p.SetConnMaxLifetime(0)
	return p, nil
}

// Close closes all pools; the writer goes last, so that its closing
// checkpoint finds no reader in the way.
func (f *file) Close() error {
	var err error
	for _, st := range f.stmts.Range {
		err = errors.Join(err, st.(*sql.Stmt).Close())
	}
	if f.snapshot != nil {
		err = errors.Join(err, f.snapshot.Close())
	}
	for _, p := range []*sql.DB{f.r, f.c, f.w} {
		if p != nil {
			err = errors.Join(err, p.Close())
		}
	}
	return err
}

// use is the purpose of a pool of connections.
type use uint8

const (
	writing use = iota
	writingBodies
	writingBeside
	// wiping writes pages as they are, which the others may not.
	wiping
	checkpointing
	reading
	// readingOnly opens the file itself for reading: whatever goes wrong, it
	// cannot write.
	readingOnly
	// verifying reads a file that nothing else knows of, and leaves nothing beside it.
	verifying
)

// dsn has every pragma: a pragma run by Exec would reach only one connection
// of a pool.
func dsn(path string, u use) string {
	p := []string{
		"_synchronous=" + synchronous,
		"_foreign_keys=on",
		"_dqs=0",
		"_error_rc=1",
		"_pragma=journal_size_limit(67108864)",
		"_pragma=temp_store(2)",
		"_pragma=trusted_schema(0)",
		"_pragma=cell_size_check(1)",
	}
	if u == readingOnly { // of what it reads once, no page needs to stay in memory
		p = append(p, "_pragma=cache_size(-2000)")
	} else {
		p = append(p, "_pragma=cache_size(-8000)")
	}
	if u != verifying {
		p = append(p, "_journal_mode=wal") // the driver applies it after every _pragma
	}
	if u != wiping {
		p = append(p, "_defensive=1")
	}
	if u == writingBodies {
		// Bodies are some kilobytes: with large pages a commit writes fewer of
		// them. It has to come before auto_vacuum, and the driver applies
		// pragmas in the order of their text.
		p = append(p, "_pragma=%22main%22.page_size(16384)")
	}
	switch u {
	case writing, writingBodies:
		// A checkpoint inside a commit is a long wait for its senders; the
		// checkpointer runs in parallel (see checkpoint.go).
		p = append(p, "_txlock=immediate", "_pragma=auto_vacuum(incremental)", "_pragma=secure_delete(fast)",
			"_pragma=wal_autocheckpoint(0)", "_busy_timeout=8000")
	case writingBeside:
		p = append(p, "mode=rw", "_txlock=immediate", "_pragma=secure_delete(fast)", "_pragma=wal_autocheckpoint(4000)",
			"_busy_timeout=8000")
	case wiping:
		p = append(p, "_txlock=immediate", "_pragma=secure_delete(fast)", "_pragma=wal_autocheckpoint(0)",
			"_busy_timeout=8000")
	case checkpointing:
		// It may block the writer while it waits for readers: it waits briefly
		// and retries.
		p = append(p, "_pragma=wal_autocheckpoint(0)", "_busy_timeout=20")
	case reading:
		p = append(p, "_query_only=1", "_busy_timeout=8000")
	case readingOnly:
		p = append(p, "mode=ro", "_query_only=1", "_busy_timeout=8000")
	case verifying:
		p = append(p, "mode=ro", "immutable=1", "_query_only=1")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(p, "&")
}

// verify reads the pragmas back: a misspelled one would be silently ignored.
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
	// The checkpointer's connection is made now: later it could fail for want of
	// descriptors, and seem to be a fault of the file.
	if err := f.c.PingContext(ctx); err != nil {
		return err
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

func init() {
	// fdatasync makes a commit as durable as fsync and writes less; without it,
	// SQLite uses fsync.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		panic(err)
	}
}
