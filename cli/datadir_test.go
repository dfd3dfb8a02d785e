package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"garner/config"
)

var quiet = slog.New(slog.DiscardHandler)

func TestTheLockKeepsASecondHolderOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release, err := lockDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = lockDataDir(dir); !errors.Is(err, errServed) {
		t.Errorf("a second holder gets %v", err)
	}
	if yes, err := served(dir); !yes || err != nil {
		t.Errorf("it is served: %v, %v", yes, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := lockDataDir(dir)
	if err != nil {
		t.Fatalf("after its release: %v", err)
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
}

func TestADataDirIsMadePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := openDataDir(dir, false, quiet); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode().Perm() != 0o700 {
		t.Errorf("others may look in: %v", st.Mode())
	}
}

func TestTheDatabasesAreReadableByTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.DataDir = filepath.Join(t.TempDir(), "data")
	if err := withFiles(context.Background(), &app{err: io.Discard}, cfg, func(*view) error { return nil }); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(cfg.DataDir, "*.db*"))
	if err != nil || len(paths) < 2 {
		t.Fatalf("got %v, %v", paths, err)
	}
	for _, path := range paths {
		st, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, st.Mode())
		}
	}
}

func TestDemoAndRealFoldersAreKeptApart(t *testing.T) {
	t.Parallel()
	demo, real := t.TempDir(), t.TempDir()
	for range 2 { // the second time the marker is there
		if err := openDataDir(demo, true, quiet); err != nil {
			t.Fatal(err)
		}
	}
	if err := openDataDir(demo, false, quiet); err == nil || !strings.Contains(err.Error(), "contains a demo") {
		t.Errorf("a demo's folder is taken for real data: %v", err)
	}
	if err := openDataDir(real, false, quiet); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(real, "inbox.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := openDataDir(real, true, quiet); err == nil || !strings.Contains(err.Error(), "contains real data") {
		t.Errorf("a demo runs over real data: %v", err)
	}
	if _, err := os.Stat(filepath.Join(real, demoMarker)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a refused demo left its marker: %v", err)
	}
}

func TestCommandsWorkOnADemosFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := openDataDir(dir, true, quiet); err != nil {
		t.Fatal(err)
	}
	if err := checkOwnerIfThere(dir, quiet); err != nil {
		t.Error(err)
	}
}

func TestAFolderOfAnotherUserIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder to another user")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 12345, -1); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{openDataDir(dir, false, quiet), openDataDir(dir, true, quiet),
		checkOwnerIfThere(dir, quiet)} {
		if err == nil || !strings.Contains(err.Error(), "belongs to user 12345") {
			t.Errorf("got %v, want whose it is", err)
		}
	}
}
