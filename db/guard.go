package db

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// guard notices that an open file is no longer the one that its path names:
// what is written then survives neither a restart nor a backup. It only asks
// the file system by name; to open the file and close it again would drop the
// locks that SQLite holds on it.
type guard struct {
	path      string
	main, wal seenFile
	// floor is the size to which a checkpoint may still cut the file, since the
	// log says that free pages were given back, and outgrown the size over which
	// it no longer will; both are 0 where none may.
	floor, outgrown int64
}

// seenFile is a file as it was last seen; the zero value was never seen.
type seenFile struct {
	dev, inode uint64
	size       int64
}

// walKept is the size to which SQLite may cut a log that it begins anew, the
// journal_size_limit of every connection.
const walKept = 64 << 20

func newGuard(path string) (*guard, error) {
	g := &guard{path: path}
	return g, g.check()
}

// check says what has become of the files, nil where all is well.
func (g *guard) check() error {
	now, err := see(g.path)
	switch was := g.main; {
	case err != nil:
		return err
	case was.inode != 0 && !now.same(was):
		return fmt.Errorf("%s was replaced by another file", g.path)
	case !g.sized(now.size):
		return fmt.Errorf("%s was cut from %d to %d bytes", g.path, was.size, now.size)
	}
	g.main = now
	return g.checkLog(g.path + "-wal")
}

// sized notes the size of the file and says whether it may be that short.
func (g *guard) sized(now int64) bool {
	if now < g.main.size && (g.floor == 0 || now < g.floor) {
		return false
	}
	g.main.size = now
	if now <= g.floor || now > g.outgrown {
		g.floor, g.outgrown = 0, 0 // it was cut, or what was written since has filled it again
	}
	return true
}

// mayShrink says that the log holds the file at a size, to which a checkpoint
// cuts it. That may take long: not before every reader has let go, nor before a
// kill.
func (g *guard) mayShrink(size int64) {
	if size >= g.main.size {
		return
	}
	if g.floor == 0 || size < g.floor {
		g.floor = size
	}
	g.outgrown = max(g.outgrown, g.main.size)
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
	case now.size < min(g.wal.size, walKept):
		return fmt.Errorf("%s was cut from %d to %d bytes", path, g.wal.size, now.size)
	}
	g.wal = now
	return nil
}

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
	return seenFile{dev: uint64(sys.Dev), inode: sys.Ino, size: st.Size()}, nil //nolint:unconvert // of other widths elsewhere
}
