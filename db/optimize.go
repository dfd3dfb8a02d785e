package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

const (
	// analysisLimit is how many rows of an index SQLite looks at: enough to tell
	// indexes apart, and so few that a table of any size takes some tens of milliseconds.
	// With a limit it also keeps no samples of values, which would outlive an erased
	// person.
	analysisLimit = `pragma analysis_limit = 400`
	// analyzeFrom is how many rows a table has before it gets statistics. Without them
	// SQLite expects a large table. A small one could grow much larger than its
	// statistics say.
	analyzeFrom = 10_000
)

// Optimize updates the statistics by which SQLite chooses indexes, of those large tables
// that have changed much since the last time: one table in each transaction.
func (s *Store) Optimize(ctx context.Context) error {
	var due []string
	if err := s.w.do(ctx, func(t *tx) error {
		// 0x10003: of all tables, and only say what would be analyzed.
		rows, err := t.query(`pragma optimize(0x10003)`)
		if err != nil {
			return err
		}
		due, err = collect(rows, func(rows *sql.Rows) (statement string, err error) {
			return statement, rows.Scan(&statement)
		})
		return err
	}); err != nil {
		return err
	}
	for _, statement := range due {
		name, analyzes := strings.CutPrefix(statement, `ANALYZE "main".`)
		if !analyzes {
			continue
		}
		if err := s.analyze(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// analyze updates the statistics of a table by its quoted name.
func (s *Store) analyze(ctx context.Context, name string) error {
	var rows int
	if err := s.f.r.QueryRowContext(ctx, `select count(*) from (select 1 from `+name+` limit ?)`, analyzeFrom).
		Scan(&rows); err != nil || rows < analyzeFrom {
		return fault(err)
	}
	return s.w.do(ctx, func(t *tx) error {
		return errors.Join(t.exec(analysisLimit), t.exec(`analyze main.`+name))
	})
}
