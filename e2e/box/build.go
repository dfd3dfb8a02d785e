package box

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

var builds struct {
	sync.Mutex
	paths map[string]string // by linker flags
	dir   string            // of this test process alone
}

// Program builds garner, once per set of linker flags, and returns its path.
// Test processes share the builds in the user's cache folder, where go build
// leaves alone what is up to date. Each runs a link of its own, so that a
// later build changes no program under a test.
func Program(t testing.TB, ldflags string) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if path, ok := builds.paths[ldflags]; ok {
		return path
	}
	path, err := build(ldflags)
	if err != nil {
		t.Fatal(err)
	}
	if builds.paths == nil {
		builds.paths = map[string]string{}
	}
	builds.paths[ldflags] = path
	return path
}

func build(ldflags string) (path string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "garner-test")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return "", err
	}
	name, err := buildName(ldflags)
	if err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(cache, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if err := ownFolder(cache); err != nil {
		return "", err
	}
	shared := filepath.Join(cache, name)
	out, err := exec.Command("go", "build", "-ldflags", ldflags, "-o", shared, "garner").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	path = filepath.Join(builds.dir, name)
	return path, os.Link(shared, path)
}

// ownFolder makes the folder of this process, and removes those of processes
// that were killed.
func ownFolder(cache string) error {
	if builds.dir != "" {
		return nil
	}
	others, err := filepath.Glob(filepath.Join(cache, "run-*"))
	if err != nil {
		return err
	}
	for _, path := range others {
		var pid int
		n, _ := fmt.Sscanf(filepath.Base(path), "run-%d", &pid)
		if n == 1 && (pid == os.Getpid() || syscall.Kill(pid, 0) == syscall.ESRCH) {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	builds.dir = filepath.Join(cache, fmt.Sprintf("run-%d", os.Getpid()))
	return os.MkdirAll(builds.dir, 0o700)
}

// buildName tells working trees and linker flags apart.
func buildName(ldflags string) (string, error) {
	module, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env: %w", err)
	}
	return fmt.Sprintf("garner-%.6x", sha256.Sum256(append(module, ldflags...))), nil
}

// Main runs the tests of a package and removes its programs afterwards. It is
// what TestMain calls. Temporary folders are in GARNER_TEST_DISK if that is set.
func Main(m *testing.M) {
	if disk := os.Getenv("GARNER_TEST_DISK"); disk != "" {
		if err := os.Setenv("TMPDIR", disk); err != nil { // t.TempDir reads it
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	status := m.Run()
	if err := os.RemoveAll(builds.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = max(status, 1)
	}
	os.Exit(status)
}
