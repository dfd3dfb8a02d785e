package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"syscall"
)

// guard detects that an open file is no longer the one that its path names:
// what is then written survives neither a restart nor a backup. It only uses
// stat; opening the file and closing it again would drop the locks that SQLite
// holds on it.
type guard struct {
	mu        sync.Mutex // guards main and wal while the log is emptied
	path      string
	main, wal seenFile
	// least is the smallest size that the database has had since it was opened,
	// its log included. Only a checkpoint cuts the file, and not below that,
	// however late it comes.
	least int64
	// alone is set for a file to which no other process writes more than a few rows, as
	// Litestream does.
	alone bool
}

// seenFile is a file as it was last seen; the zero value was never seen.
type seenFile struct {
	dev, inode uint64
	size       int64
}

// walKept is the size to which SQLite may truncate a log that it restarts, the
// journal_size_limit of every connection.
const walKept = 64 << 20

func newGuard(ctx context.Context, f *file) (*guard, error) {
	g := &guard{path: f.path}
	size, err := logicalSize(ctx, f.r)
	if err != nil {
		return nil, err
	}
	g.least = size
	return g, g.check()
}

// logicalSize is the size of the database including its log.
func logicalSize(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (size int64, err error) {
	err = db.QueryRowContext(ctx, `select page_count * page_size from pragma_page_count, pragma_page_size`).Scan(&size)
	return size, fault(err)
}

// check returns what has happened to the files, nil if all is well.
func (g *guard) check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, err := see(g.path)
	switch {
	case err != nil:
		return err
	case g.main.inode != 0 && !now.same(g.main):
		return fmt.Errorf("%s was replaced by another file", g.path)
	case now.size < min(g.main.size, g.least):
		return fmt.Errorf("%s was cut from %d to %d bytes", g.path, g.main.size, now.size)
	}
	g.main = now
	return g.checkLog(g.path + "-wal")
}

// cuttingLog runs what empties the log. A log that run could not empty must keep its
// size: if it were cut now, what is committed next would be appended after a hole and
// lost.
func (g *guard) cuttingLog(run func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := run(); err != nil {
		return err
	}
	g.wal.size = 0
	return nil
}

func (g *guard) checkLog(path string) error {
	now, err := see(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && g.wal.inode == 0:
		return nil // nothing was written yet
	case err != nil:
		return err
	case g.wal.inode != 0 && !now.same(g.wal):
		return fmt.Errorf("%s was replaced by another file", path)
	case now.size < g.wal.size && !g.restarts(now.size):
		return fmt.Errorf("%s was cut from %d to %d bytes", path, g.wal.size, now.size)
	}
	g.wal = now
	return nil
}

// restarts reports whether SQLite may have truncated the log to a size: to walKept, when a
// commit restarts it. Another process may have written more since then.
func (g *guard) restarts(size int64) bool { return size == walKept || size > walKept && !g.alone }

func (s seenFile) same(other seenFile) bool { return s.dev == other.dev && s.inode == other.inode }

func see(path string) (seenFile, error) {
	st, err := os.Lstat(path)
	if err != nil {
		return seenFile{}, err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return seenFile{}, fmt.Errorf("%s: no inode", path)
	}
	return seenFile{dev: uint64(sys.Dev), inode: sys.Ino, size: st.Size()},
		nil //nolint:unconvert // of other widths elsewhere
}
