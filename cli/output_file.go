package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// writeFile writes a file atomically: the old one stays until the new one is on
// disk. It is private, since it contains health data. If path is a link, its target
// is replaced. If it is not a regular file, such as a device or a FIFO, it is
// written in place.
func writeFile(path string, write func(io.Writer) error) error {
	st, err := os.Stat(path)
	if err == nil && !st.Mode().IsRegular() {
		return writeInPlace(path, 0, write)
	}
	target, open, err := follow(path)
	if err != nil {
		return err
	}
	if open {
		// Whether to truncate it was decided when it was opened.
		return writeInPlace(path, os.O_APPEND, write)
	}
	return writeRegular(target, createUnnamed, write)
}

// writeInPlace writes to an existing file and keeps its size and permissions.
func writeInPlace(path string, flags int, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|flags, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// mostLinks is how many links are followed, as in Linux itself.
const mostLinks = 40

// follow returns the path at the end of the links of path; it need not exist yet.
// It reports whether that is an open file of a process, as /dev/stdout is: its path
// may by now be that of another file, or of none.
func follow(path string) (target string, open bool, err error) {
	for range mostLinks {
		dir, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", false, err
		}
		path = filepath.Join(dir, filepath.Base(path))
		next, err := os.Readlink(path)
		if errors.Is(err, unix.EINVAL) || errors.Is(err, os.ErrNotExist) {
			return path, false, nil // no link, or no such file yet
		}
		if err != nil {
			return "", false, err
		}
		if onProc(dir) {
			return path, true, nil
		}
		if !filepath.IsAbs(next) {
			next = dir + "/" + next // not cleaned: .. may follow a link
		}
		path = next
	}
	return "", false, &os.PathError{Op: "follow", Path: path, Err: unix.ELOOP}
}

// onProc reports whether a folder is in /proc, whose links are not paths.
func onProc(dir string) bool {
	var st unix.Statfs_t
	return unix.Statfs(dir, &st) == nil && st.Type == unix.PROC_SUPER_MAGIC
}

// writeRegular writes a file that create makes in path's folder, and moves it
// to path.
func writeRegular(path string, create func(dir string) (*output, error), write func(io.Writer) error) error {
	out, err := create(filepath.Dir(path))
	if err != nil {
		return err
	}
	if err := write(out.f); err != nil {
		return errors.Join(err, out.discard())
	}
	// A rename may reach the disk before the content does.
	if err := errors.Join(out.f.Sync(), out.giveName()); err != nil {
		return errors.Join(err, out.discard())
	}
	if err := os.Rename(out.name, path); err != nil {
		return errors.Join(err, out.discard())
	}
	return out.f.Close()
}

// output is a file that is being written. It may have no name yet.
type output struct {
	f    *os.File
	name string
}

// createUnnamed makes a file without a name in a folder: it disappears with its
// process, however that ends. If that is not supported, the file has a name.
func createUnnamed(dir string) (*output, error) {
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return createNamed(dir) // it reports what is wrong with the folder
	}
	out := &output{f: os.NewFile(uintptr(fd), filepath.Join(dir, "unnamed"))}
	// Without /proc it could never get a name.
	if _, err := os.Lstat(procPath(out.f)); err != nil {
		named, err := createNamed(dir)
		return named, errors.Join(err, out.discard())
	}
	return out, nil
}

func createNamed(dir string) (*output, error) {
	f, err := os.CreateTemp(dir, ".garner-*")
	if err != nil {
		return nil, err
	}
	return &output{f: f, name: f.Name()}, nil
}

// giveName names a file that has no name, next to its destination: a link cannot
// replace a file, but a rename can.
func (o *output) giveName() error {
	if o.name != "" {
		return nil
	}
	name := filepath.Join(filepath.Dir(o.f.Name()), ".garner-"+rand.Text())
	if err := unix.Linkat(unix.AT_FDCWD, procPath(o.f), unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW); err != nil {
		return &os.LinkError{Op: "link", Old: o.f.Name(), New: name, Err: err}
	}
	o.name = name
	return nil
}

// discard removes an unneeded file.
func (o *output) discard() error {
	err := o.f.Close()
	if o.name != "" {
		err = errors.Join(err, os.Remove(o.name))
	}
	return err
}

// procPath is a path of an open file itself.
func procPath(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }
