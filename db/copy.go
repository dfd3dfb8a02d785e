package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// The names of the databases in a data directory.
const (
	GarnerFile = "garner.db"
	InboxFile  = "inbox.db"
)

// Copying is one read transaction of a database file, which may be open elsewhere and
// have any schema. Everything that it returns is of the same instant. The log of the
// file cannot restart until it is closed.
//
// The file is read through SQLite, page by page. A plain read would have to open the
// file itself, and closing that would drop the locks that SQLite holds on it in this
// process.
type Copying struct {
	path        string
	pool        *sql.DB
	conn        *sql.Conn
	pages, page int64
	// Schema is the version of the file's schema.
	Schema int
}

// Copy begins a read transaction of the database at path, which must be named
// GarnerFile or InboxFile. ErrNotSetUp means that the file is missing or empty.
func Copy(ctx context.Context, path string) (*Copying, error) {
	s, err := schemaOf(path)
	if err != nil {
		return nil, err
	}
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, ErrNotSetUp), err)
	}
	c := &Copying{path: path}
	if c.pool, err = pool(path, 1, readingOnly); err != nil {
		return nil, err
	}
	if err := c.begin(ctx, s); err != nil {
		return nil, errors.Join(fmt.Errorf("copy %s: %w", path, fault(err)), c.Close())
	}
	return c, nil
}

func schemaOf(path string) (schema, error) {
	switch filepath.Base(path) {
	case GarnerFile:
		return garnerSchema, nil
	case InboxFile:
		return inboxSchema, nil
	}
	return schema{}, fmt.Errorf("%s is no database of garner", path)
}

// NewestSchema is the version of the schema that this program gives a database, by its
// name; 0 for another file.
func NewestSchema(name string) int {
	s, err := schemaOf(name)
	if err != nil {
		return 0
	}
	return s.version()
}

// begin begins the transaction. Its first read fixes what it sees.
func (c *Copying) begin(ctx context.Context, s schema) (err error) {
	if c.conn, err = c.pool.Conn(ctx); err != nil {
		return err
	}
	if _, err := c.conn.ExecContext(ctx, `begin`); err != nil {
		return err
	}
	if c.Schema, err = s.versionOf(ctx, c.conn); err != nil {
		return err
	}
	if err := c.conn.QueryRowContext(ctx, `pragma page_count`).Scan(&c.pages); err != nil {
		return err
	}
	return c.conn.QueryRowContext(ctx, `pragma page_size`).Scan(&c.page)
}

// Close ends the transaction.
func (c *Copying) Close() error {
	var err error
	if c.conn != nil {
		err = c.conn.Close()
	}
	return errors.Join(err, c.pool.Close())
}

// Size is the size of the copy in bytes.
func (c *Copying) Size() int64 { return c.pages * c.page }

// copyStep is how many bytes are written between two calls of between.
const copyStep = 1 << 20

// Write writes the file. between is called after about each MiB with the bytes that are
// written and the total; if it returns an error, writing ends.
func (c *Copying) Write(ctx context.Context, to io.Writer, between func(done, total int64) error) error {
	rows, err := c.conn.QueryContext(ctx, `select pgno, data from sqlite_dbpage`)
	if err != nil {
		return fmt.Errorf("copy %s: %w", c.path, fault(err))
	}
	defer rows.Close()
	var number, done, last int64
	var data sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&number, &data); err != nil {
			return fmt.Errorf("copy %s: %w", c.path, fault(err))
		}
		if number != done/c.page+1 || int64(len(data)) != c.page {
			return fmt.Errorf("copy %s: %w: page %d is not where it belongs", c.path, ErrDamaged, number)
		}
		if _, err := to.Write(data); err != nil {
			return err
		}
		if done += c.page; done-last < copyStep && done != c.Size() {
			continue
		}
		last = done
		if err := between(done, c.Size()); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("copy %s: %w", c.path, fault(err))
	}
	if done != c.Size() {
		return fmt.Errorf("copy %s: %w: %d of %d bytes can be read", c.path, ErrDamaged, done, c.Size())
	}
	return nil
}

// Counts returns the number of rows of each table.
func (c *Copying) Counts(ctx context.Context) (map[string]int64, error) {
	return countRows(ctx, c.conn)
}

// Setting returns a setting that is not encrypted; empty if there is none.
func (c *Copying) Setting(ctx context.Context, name string) (string, error) {
	if has, err := c.has(ctx, "setting"); err != nil || !has {
		return "", err
	}
	var value []byte
	err := c.conn.QueryRowContext(ctx, `select value from setting where name = ? and key_id = ''`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return string(value), fault(err)
}

// StoredFile names an activity file in the folder of files.
type StoredFile struct {
	Person int64
	SHA256 []byte
}

// Files returns the activity files, in order.
func (c *Copying) Files(ctx context.Context) ([]StoredFile, error) {
	if has, err := c.has(ctx, "file"); err != nil || !has {
		return nil, err
	}
	rows, err := c.conn.QueryContext(ctx, `select distinct person_id, sha256 from file order by 1, 2`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (f StoredFile, err error) { return f, rows.Scan(&f.Person, &f.SHA256) })
}

// has reports whether there is a table: an older schema may not have it.
func (c *Copying) has(ctx context.Context, table string) (has bool, err error) {
	err = c.conn.QueryRowContext(ctx, `select exists (select 1 from sqlite_schema where type = 'table' and name = ?)`,
		table).Scan(&has)
	return has, fault(err)
}

// querier is a connection, or a pool of them.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

func countRows(ctx context.Context, q querier) (map[string]int64, error) {
	rows, err := q.QueryContext(ctx, `select name from sqlite_schema where type = 'table' and name not like 'sqlite!_%'
		escape '!' order by name`)
	if err != nil {
		return nil, fault(err)
	}
	tables, err := collect(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, table := range tables {
		var n int64
		if err := q.QueryRowContext(ctx, `select count(*) from "`+strings.ReplaceAll(table, `"`, `""`)+`"`).
			Scan(&n); err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", table, fault(err))
		}
		counts[table] = n
	}
	return counts, nil
}

// VerifyCopy reads a copied file, of which nothing else may know, as a whole. It returns
// the version of its schema and the number of rows of each table. ErrDamaged means that
// SQLite finds fault with it or that its schema is not that of its version,
// NewerSchemaError that a newer program has written it.
func VerifyCopy(ctx context.Context, path string) (version int, counts map[string]int64, err error) {
	s, err := schemaOf(path)
	if err != nil {
		return 0, nil, err
	}
	p, err := pool(path, 1, verifying)
	if err != nil {
		return 0, nil, err
	}
	defer func() {
		if err = errors.Join(fault(err), p.Close()); errors.Is(err, ErrBroken) {
			err = errors.Join(ErrDamaged, err)
		}
	}()
	if version, err = s.versionOf(ctx, p); err != nil {
		return 0, nil, err
	}
	if err := s.ours(ctx, p, version); err != nil {
		return 0, nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	rows, err := p.QueryContext(ctx, `pragma integrity_check(1)`)
	if err != nil {
		return 0, nil, err
	}
	words, err := collect(rows, func(rows *sql.Rows) (word string, err error) { return word, rows.Scan(&word) })
	if err != nil {
		return 0, nil, err
	}
	if len(words) != 1 || words[0] != "ok" {
		return 0, nil, fmt.Errorf("%s: %w: %s", filepath.Base(path), ErrDamaged, strings.Join(words, "; "))
	}
	counts, err = countRows(ctx, p)
	return version, counts, err
}
