package filestore_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"garner/db/filestore"
)

// files lists what is in a folder.
func files(t *testing.T, folder string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestAFileIsKeptOnceCompressedAndReadBack(t *testing.T) {
	t.Parallel()
	store := filestore.In(t.TempDir())
	content := strings.Repeat("a ride ", 10_000)
	sum := sha256.Sum256([]byte(content))
	for range 2 {
		kept, err := store.Put(7, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept.SHA256, sum[:]) || kept.Size != int64(len(content)) || kept.Stored >= kept.Size/10 {
			t.Errorf("%+v", kept)
		}
	}
	if got := files(t, store.Folder(7)); len(got) != 1 {
		t.Errorf("files %v", got)
	}
	r, err := store.Open(7, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil || string(got) != content {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := store.Open(8, sum[:]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of another person: %v", err)
	}
}

func TestAFileThatCannotBeReadLeavesNothing(t *testing.T) {
	t.Parallel()
	store := filestore.In(t.TempDir())
	broken := errors.New("broken")
	if _, err := store.Put(7, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Error(err)
	}
	if got := files(t, store.Folder(7)); len(got) != 0 {
		t.Errorf("files %v", got)
	}
}

func TestADamagedFileIsNotReadToTheEnd(t *testing.T) {
	t.Parallel()
	store := filestore.In(t.TempDir())
	kept, err := store.Put(7, strings.NewReader("content"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := store.Put(7, strings.NewReader("another"))
	if err != nil {
		t.Fatal(err)
	}
	names := files(t, store.Folder(7))
	from, to := filepath.Join(store.Folder(7), names[0]), filepath.Join(store.Folder(7), names[1])
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	damaged := 0
	for _, sum := range [][]byte{kept.SHA256, other.SHA256} {
		r, err := store.Open(7, sum)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if _, err := io.ReadAll(r); errors.Is(err, filestore.ErrDamaged) {
			damaged++
		}
		r.Close()
	}
	if damaged != 1 {
		t.Error("what was kept under another hash was read")
	}
}
