package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"garner/e2e/box"
)

// exportOf is everything that garner exports of dir, by file, and whether the
// command said that all is well.
func exportOf(t testing.TB, dir string) (files map[string][]byte, well bool) {
	t.Helper()
	out := inMemory(t)
	cmd := exec.Command(box.Program(t, ""), "export", "--person", "all", "--type", "all", "-o", out)
	cmd.Env = box.Environment(dir, nil)
	well = cmd.Run() == nil
	files = map[string][]byte{}
	paths, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if files[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(out); err != nil { // memory is short
		t.Fatal(err)
	}
	return files, well
}

// inMemory is a folder for a few megabytes that need not outlive the machine.
// Where the system has a place in memory, nothing waits for a disk: an export
// does it for each file.
func inMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "garner-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func sameFiles(a, b map[string][]byte) bool {
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			return false
		}
	}
	return len(a) == len(b)
}

// TestAFlippedBitChangesNoExportInSilence flips a bit of garner.db at a time:
// the export is what it was, or the command says that something is damaged.
func TestAFlippedBitChangesNoExportInSilence(t *testing.T) {
	t.Parallel()
	flips := 4
	if os.Getenv("GARNER_TEST_ALL") != "" {
		flips = 300
	}
	world, list := box.Household(2, 4)
	dir := t.TempDir()
	box.AddPeople(t, dir, world)
	b := box.Start(t, dir, box.Options{})
	box.NewSender(list).Send(b.Addr, 4, nil, func(int64) {})
	b.Drained()
	b.Stop()
	want, well := exportOf(t, dir)
	if !well {
		t.Fatal("the export of undamaged data fails")
	}
	whole, err := os.ReadFile(filepath.Join(dir, "garner.db"))
	if err != nil {
		t.Fatal(err)
	}
	seed := seed()
	t.Logf("seed %d", seed)
	var refused atomic.Int64
	t.Run("flips", func(t *testing.T) {
		for group := range flipGroups {
			t.Run(fmt.Sprint(group), func(t *testing.T) {
				t.Parallel()
				harmed := inMemory(t)
				if err := os.CopyFS(harmed, os.DirFS(dir)); err != nil {
					t.Fatal(err)
				}
				rng := rand.New(rand.NewPCG(seed, uint64(group)))
				for range flips / flipGroups {
					at, bit := rng.IntN(len(whole)), rng.IntN(8)
					flipBit(t, filepath.Join(harmed, "garner.db"), whole, at, bit)
					got, well := exportOf(t, harmed)
					if !well {
						refused.Add(1)
					} else if !sameFiles(got, want) {
						t.Errorf("bit %d of byte %d (page %d) changed an export in silence", bit, at, at/4096+1)
					}
				}
			})
		}
	})
	t.Logf("%d of %d flips were reported", refused.Load(), flips)
}

const flipGroups = 4

// flipBit writes whole to a file, with one bit changed.
func flipBit(t testing.TB, path string, whole []byte, at, bit int) {
	t.Helper()
	harmed := bytes.Clone(whole)
	harmed[at] ^= 1 << bit
	if err := os.WriteFile(path, harmed, 0o600); err != nil {
		t.Fatal(err)
	}
}
