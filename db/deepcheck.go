package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Checking reads all stored data in short steps, so that it can run while
// Garner works, and reports each damage it finds as an error that wraps
// ErrDamaged, or ErrUnchecked. between is called after each step with the rows read and the
// total; if it returns an error, the check ends.

const (
	// checkStep is how many rows a step reads.
	checkStep = 100
	// checkTableFor is how long SQLite's own check of a table may take. It cannot be
	// split: it counts every page of the table in one read transaction, and as long as
	// it reads, the log cannot start again. Of a table that takes longer only the
	// checksums are checked.
	checkTableFor = 5 * time.Minute
)

// ErrUnchecked means that SQLite's own check of a table took too long. It is no damage.
var ErrUnchecked = errors.New("the table is too large for SQLite's own check")

// Check verifies everything in garner.db by its checksums, and the file by
// SQLite's own checks.
func (s *Store) Check(ctx context.Context, found func(error), between func(done, total int64) error) error {
	total, err := s.Total(ctx)
	if err != nil {
		return err
	}
	if err := s.f.checkTables(ctx, checkTableFor, found, func() error { return between(0, total) }); err != nil {
		return err
	}
	done := int64(0)
	step := func(n int) error {
		done += int64(n)
		return between(done, max(total, done))
	}
	for after, n := int64(0), 1; n > 0; {
		if after, n, err = s.checkRecords(ctx, after, found); err != nil {
			return err
		}
		if err := step(n); err != nil {
			return err
		}
	}
	for after, n := int64(0), 1; n > 0; {
		if after, n, err = s.checkBlocks(ctx, after, found); err != nil {
			return err
		}
		if err := step(n); err != nil {
			return err
		}
	}
	for after, n := (readingRow{}), 1; n > 0; {
		if after, n, err = s.checkReadings(ctx, after, found); err != nil {
			return err
		}
		if err := step(0); err != nil { // Total counts none of them
			return err
		}
	}
	return nil
}

// readingRow identifies a row of metrics.
type readingRow struct {
	readingKey
	record int64
}

func (s *Store) checkReadings(ctx context.Context, after readingRow, found func(error)) (last readingRow, n int,
	err error) {
	type row struct {
		readingRow
		vals []byte
	}
	rows, err := s.f.query(ctx, `select person_id, type_id, day, record_id, vals from reading
		where (person_id, type_id, day, record_id) > (?, ?, ?, ?) order by person_id, type_id, day, record_id limit ?`,
		after.person, after.typ, int64(after.day), after.record, checkStep)
	if err != nil {
		return after, 0, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.person, &r.typ, &r.day, &r.record, &r.vals)
	})
	if err != nil {
		return after, 0, err
	}
	for _, r := range list {
		after = r.readingRow
		if _, err := s.unpackReadings(r.readingKey, r.vals, nil); err != nil {
			found(err)
		}
	}
	return after, len(list), nil
}

func (s *Store) checkRecords(ctx context.Context, after int64, found func(error)) (last int64, n int, err error) {
	rows, err := s.f.query(ctx, `select person_id, type_id, `+recordColumns+` from record
		where id > ? order by id limit ?`,
		after, checkStep)
	if err != nil {
		return after, 0, fault(err)
	}
	list, err := collect(rows, s.scanAnyRecord)
	if err != nil {
		return after, 0, err
	}
	for _, r := range list {
		after = r.rec.ID
		if r.err == nil {
			r.err = s.checkFacts(ctx, r)
		}
		if r.err != nil && !errors.Is(r.err, ErrDamaged) {
			return after, 0, r.err
		}
		if r.err != nil {
			found(r.err)
		}
	}
	return after, len(list), nil
}

// checkFacts reports whether the facts of a record's versions are complete. It
// uses one statement: a version added between two would look like damage.
func (s *Store) checkFacts(ctx context.Context, r read) error {
	var want, versions, current int
	err := s.f.queryRow(ctx, `select r.versions, (select count(*) from version v where v.record_id = r.id),
		(select count(*) from version v where v.record_id = r.id and v.sum = r.sum)
		from record r where r.id = ?`, r.rec.ID).
		Scan(&want, &versions, &current)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // deleted in the meantime
	}
	if err != nil {
		return fault(err)
	}
	if versions != want || current != 1 {
		return &DamagedError{Person: r.rec.Person, Type: r.rec.Type, Day: r.rec.Day,
			Why: fmt.Sprintf("%d versions are on record of %d", versions, want)}
	}
	return nil
}

func (s *Store) checkBlocks(ctx context.Context, after int64, found func(error)) (last int64, n int, err error) {
	type row struct {
		id     int64
		key    blockKey
		sealed []byte
		crc    int64
	}
	rows, err := s.f.query(ctx, `select rowid, person_id, type_id, uday, body, crc from block where rowid > ?
		order by rowid limit ?`, after, checkStep)
	if err != nil {
		return after, 0, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.id, &r.key.person, &r.key.typ, &r.key.uday, &r.sealed, &r.crc)
	})
	if err != nil {
		return after, 0, err
	}
	for _, r := range list {
		after = r.id
		if _, err := s.openBlock(r.key, r.sealed, r.crc); err != nil {
			found(err)
		}
	}
	return after, len(list), nil
}

// Check verifies every body by its size and hash, and the file by SQLite's
// own checks.
func (in *InboxReader) Check(ctx context.Context, found func(error), between func(done, total int64) error) error {
	total, _, newest, _, err := in.Tail(ctx, 0)
	if err != nil {
		return err
	}
	if err := in.f.checkTables(ctx, checkTableFor, found, func() error { return between(0, total) }); err != nil {
		return err
	}
	for after, done := int64(0), int64(0); ; {
		list, err := in.arrivals(ctx, after, newest, checkStep)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, a := range list {
			after = a.id
			if err := in.checkBody(ctx, a.id); errors.Is(err, ErrDamaged) {
				found(err)
			} else if err != nil {
				return err
			}
		}
		done += int64(len(list))
		if err := between(done, max(total, done)); err != nil {
			return err
		}
	}
}

func (in *InboxReader) checkBody(ctx context.Context, id int64) error {
	d, err := in.Delivery(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil // pruned in the meantime
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in.Body(ctx, d))
	return err
}

// checkTables runs SQLite's own check table by table, on a connection of its
// own, so that no page waits for it, each for at most longest.
func (f *file) checkTables(ctx context.Context, longest time.Duration, found func(error),
	between func() error) (err error) {
	p, err := pool(f.path, 1, readingOnly)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	rows, err := p.QueryContext(ctx, `select name from sqlite_schema where type = 'table'`)
	if err != nil {
		return fault(err)
	}
	tables, err := collect(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		return err
	}
	for _, table := range tables {
		words, err := checkTable(ctx, p, table, longest)
		switch err = fault(err); {
		case errors.Is(err, ErrBroken):
			words = []string{err.Error()}
		case errors.Is(err, ErrUnchecked):
			found(fmt.Errorf("%s, table %s: %w", f.path, table, err))
		case err != nil:
			return err
		}
		for _, word := range words {
			if word != "ok" {
				found(fmt.Errorf("%s, table %s: %w: %s", f.path, table, ErrDamaged, word))
			}
		}
		if err := between(); err != nil {
			return err
		}
	}
	return nil
}

// checkTable returns what SQLite finds wrong with a table: "ok" for nothing.
func checkTable(ctx context.Context, p *sql.DB, table string, longest time.Duration) ([]string, error) {
	bounded, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	words, err := func() ([]string, error) {
		rows, err := p.QueryContext(bounded, `pragma integrity_check('`+strings.ReplaceAll(table, `'`, `''`)+`')`)
		if err != nil {
			return nil, err
		}
		return collect(rows, func(rows *sql.Rows) (word string, err error) { return word, rows.Scan(&word) })
	}()
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return nil, ErrUnchecked
	}
	return words, err
}
