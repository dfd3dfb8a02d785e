package db

import (
	"context"
	"errors"
	"fmt"
)

// What was deleted must not remain readable in the files. secure_delete (fast)
// overwrites it within pages that stay in use, at no cost. Pages that became free, and
// the log, still hold it: so free pages are removed, unused parts of pages are
// overwritten, and the log is emptied.
// Overwriting each page that becomes free would slow down the drain.

// scrubPages is how many free pages one transaction removes.
const scrubPages = 500

// Scrub removes the free pages of garner.db, and empties its log. ErrBusy means that
// a reader, such as an export, still needs the log.
func (s *Store) Scrub(ctx context.Context) error {
	if s.checkpoints == nil {
		return errors.New("garner.db belongs to another process")
	}
	for {
		var free int64
		err := s.w.do(ctx, func(t *tx) (err error) {
			free, err = t.removeFree(scrubPages)
			return err
		})
		if err != nil {
			return err
		}
		if free > 0 {
			continue
		}
		if err := s.f.wipe(ctx); err != nil {
			return err
		}
		return s.checkpoints.truncate(ctx, s.w.guard)
	}
}

// Scrubbed reports whether SetScrubbed says that both files were scrubbed since something
// was last deleted from them that must not remain. It takes reading all pages to find out.
func (s *Store) Scrubbed(ctx context.Context) (done bool, err error) {
	err = s.f.queryRow(ctx, `select exists (select 1 from meta where name = 'scrubbed' and value = 1)`).Scan(&done)
	return done, fault(err)
}

// SetScrubbed is called with false before such a deletion, and with true after Scrub.
func (s *Store) SetScrubbed(ctx context.Context, done bool) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into meta (name, value) values ('scrubbed', ?) on conflict (name) do update
			set value = excluded.value where value <> excluded.value`, done)
	})
}

// removeFree removes free pages and returns how many are left.
func (t *tx) removeFree(n int) (left int64, err error) {
	rows, err := t.w.conn.QueryContext(t.ctx, fmt.Sprintf(`pragma incremental_vacuum(%d)`, n))
	if err != nil {
		return 0, err
	}
	for rows.Next() { // each step removes a page
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, err
	}
	if err := t.w.conn.QueryRowContext(t.ctx, `pragma freelist_count`).Scan(&left); err != nil {
		return 0, err
	}
	size, err := logicalSize(t.ctx, t.w.conn)
	if err != nil {
		return left, err
	}
	t.w.guard.least = min(t.w.guard.least, size)
	return left, nil
}

// Scrub removes the free pages of inbox.db, and empties its log. ErrBusy means that
// a reader still needs the log.
func (in *Inbox) Scrub(ctx context.Context) error {
	if err := in.Prune(ctx, nil); err != nil {
		return err
	}
	if err := in.f.wipe(ctx); err != nil {
		return err
	}
	return in.checkpoints.truncate(ctx, in.guard)
}

// truncate moves all pages from the log to the database, and empties the log. Most
// are moved before it makes the writer wait. Its error wraps ErrBusy while a reader
// needs the log. The last step is not interrupted by the end of ctx: it could have
// emptied the log by then, which guard would take for the work of another program.
func (c *checkpointer) truncate(ctx context.Context, g *guard) error {
	for range 2 {
		if _, _, err := c.checkpoint(ctx, `pragma wal_checkpoint(passive)`); err != nil {
			return err
		}
	}
	ctx = context.WithoutCancel(ctx)
	return g.cuttingLog(func() error {
		var busy, frames, moved int64
		err := c.f.c.QueryRowContext(ctx, `pragma wal_checkpoint(truncate)`).Scan(&busy, &frames, &moved)
		if err == nil && busy != 0 {
			return fmt.Errorf("the log of %s is in use: %w", c.f.path, ErrBusy)
		}
		return fault(err)
	})
}
