package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// ran is what a command gave.
type ran struct {
	status   int
	out, err string
}

// runWithin runs a command of the program over dir, and ends it if it takes
// too long: its status is -1 then.
func runWithin(t testing.TB, dir string, within time.Duration, args ...string) ran {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, box.Program(t, ""), args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = box.Environment(dir, nil), &out, &errs
	err := cmd.Run()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		t.Fatalf("garner %v: %v", args, err)
	}
	return ran{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// distinct leaves out what was sent before.
func distinct(list []simulator.Delivery) []simulator.Delivery {
	seen := map[[32]byte]bool{}
	return slices.DeleteFunc(list, func(d simulator.Delivery) bool {
		sum := sha256.Sum256(d.Body)
		again := seen[sum]
		seen[sum] = true
		return again
	})
}

// settledRecord is the record once everything is derived.
func settledRecord(t testing.TB, dir string) string {
	t.Helper()
	box.Run(t, dir, "rederive")
	return record(t, dir)
}

// fed is the record of an undisturbed box that received list.
func fed(t testing.TB, w *simulator.World, list []simulator.Delivery) string {
	t.Helper()
	dir := t.TempDir()
	box.AddPeople(t, dir, w)
	b := box.Start(t, dir, box.Options{})
	b.Push(list)
	b.Drained()
	b.Stop()
	return settledRecord(t, dir)
}

// databaseFiles lists the files of a database: itself, its log and the index
// of the log.
func databaseFiles(dir, name string) []string {
	path := filepath.Join(dir, name)
	return []string{path, path + "-wal", path + "-shm"}
}

// Exit statuses; see the contract of the commands.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)
