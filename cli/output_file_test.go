package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// say writes a text and ends with an error or nil.
func say(text string, end error) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return errors.Join(err, end)
	}
}

// holds checks the content of a regular file, and that only its owner may read it.
func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v, want %q", path, got, err, want)
	}
	st, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode() != 0o600 {
		t.Errorf("%s has mode %v", path, st.Mode())
	}
}

// entriesOf lists what a folder holds.
func entriesOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestAnExportReplacesAFileAndIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	for _, text := range []string{"first", "second, and longer", "third"} {
		if err := writeFile(path, say(text, nil)); err != nil {
			t.Fatal(err)
		}
		holds(t, path, text)
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := entriesOf(t, dir); !slices.Equal(got, []string{"out"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestAnExportThatFailsLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := writeFile(path, say("old", nil)); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("no more records")
	if err := writeFile(path, say("new", failure)); !errors.Is(err, failure) {
		t.Errorf("%v", err)
	}
	holds(t, path, "old")
	if got := entriesOf(t, dir); !slices.Equal(got, []string{"out"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestAnExportThatIsKilledLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_WRONLY, 0o600)
	if err != nil {
		t.Skipf("%s has no unnamed files: %v", dir, err)
	}
	if err := unix.Close(fd); err != nil {
		t.Fatal(err)
	}
	// What has no name while it is written is gone with its process.
	err = writeFile(filepath.Join(dir, "out"), func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Repeat("x", 1<<20))
		if got := entriesOf(t, dir); len(got) > 0 {
			t.Errorf("the folder holds %v", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWithoutUnnamedFilesAnExportIsWrittenAllTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := writeRegular(path, createNamed, say("text", nil)); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("no more records")
	if err := writeRegular(path, createNamed, say("new", failure)); !errors.Is(err, failure) {
		t.Errorf("%v", err)
	}
	holds(t, path, "text")
	if got := entriesOf(t, dir); !slices.Equal(got, []string{"out"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestAnExportToALinkReplacesWhatItPointsAt(t *testing.T) {
	t.Parallel()
	for name, exists := range map[string]bool{"to a file": true, "to nothing yet": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			target := filepath.Join(dir, "real", "out")
			if err := os.Mkdir(filepath.Dir(target), 0o700); err != nil {
				t.Fatal(err)
			}
			if exists {
				if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			links := []string{"folder", "real", "second", "folder/out", "link", filepath.Join(dir, "second")}
			for i := 0; i < len(links); i += 2 {
				if err := os.Symlink(links[i+1], filepath.Join(dir, links[i])); err != nil {
					t.Fatal(err)
				}
			}
			if err := writeFile(filepath.Join(dir, "link"), say("new", nil)); err != nil {
				t.Fatal(err)
			}
			holds(t, target, "new")
			if got := entriesOf(t, dir); !slices.Equal(got, []string{"folder", "link", "real", "second"}) {
				t.Errorf("the folder holds %v", got)
			}
			for i := 0; i < len(links); i += 2 {
				if got, err := os.Readlink(filepath.Join(dir, links[i])); err != nil || got != links[i+1] {
					t.Errorf("%s points at %q, %v", links[i], got, err)
				}
			}
		})
	}
}

func TestAnExportToALinkInACircleIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink("link", path); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(path, say("text", nil)); err == nil {
		t.Error("it was written somewhere")
	}
}

func TestAnExportGoesIntoAFIFOAndTheFIFOStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "fifo")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("fifo", link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, link} {
		read := make(chan string, 1)
		// Opened for reading and writing, it does not block, and never reads EOF.
		reader, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			text := make([]byte, len("text"))
			_, err := io.ReadFull(reader, text)
			read <- string(text)
			if err != nil {
				t.Error(err)
			}
		}()
		if err := writeFile(path, say("text", nil)); err != nil {
			t.Error(err)
		} else if got := <-read; got != "text" {
			t.Errorf("%q came out", got)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
	if st, err := os.Lstat(path); err != nil || st.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the FIFO became %v, %v", st, err)
	}
}

func TestAnExportToADeviceLeavesTheDevice(t *testing.T) {
	t.Parallel()
	// As root, a device of our own: a failure would cost the machine its own.
	dir := t.TempDir()
	path := filepath.Join(dir, "null")
	if err := unix.Mknod(path, syscall.S_IFCHR|0o600, int(unix.Mkdev(1, 3))); err != nil {
		path = "/dev/null" // who may not make a device can replace none in /dev
	}
	// A file system may allow no devices of its own to be opened.
	if err := writeFile(path, say("text", nil)); err != nil && !errors.Is(err, os.ErrPermission) {
		t.Error(err)
	}
	if st, err := os.Lstat(path); err != nil || st.Mode().Type() != os.ModeDevice|os.ModeCharDevice {
		t.Errorf("the device became %v, %v", st, err)
	}
}

func TestAnExportToStandardOutputByItsNameGoesThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("before\n"); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "stdout") // as /dev/stdout is
	if err := os.Symlink(procPath(f), link); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(link, say("text\n", nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("after\n"); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "before\ntext\nafter\n")
}

func TestAnExportToAFolderThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	if err := writeFile(filepath.Join(t.TempDir(), "none", "out"), say("", nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
