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

	"garner/garmin/simulator"
)

// ran is what a command gave.
type ran struct {
	status   int
	out, err string
}

// runWithin runs a command of the program over dir, and ends it where it takes
// too long: its status is -1 then.
func runWithin(t testing.TB, dir string, within time.Duration, args ...string) ran {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, program(t, ""), args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(dir, nil), &out, &errs
	err := cmd.Run()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		t.Fatalf("garner %v: %v", args, err)
	}
	return ran{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// until asks again and again, and fails where the answer stays no.
func until(t testing.TB, what string, within time.Duration, yes func() bool) {
	t.Helper()
	end := time.After(within)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !yes() {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("within %s it did not come that %s", within, what)
		}
	}
}

// status is the status with which the process ended by itself.
func (b *box) status() int {
	b.t.Helper()
	b.wait() //nolint:errcheck // the status says it
	return b.cmd.ProcessState.ExitCode()
}

// push sends deliveries one by one; all must be answered 200.
func (b *box) push(list []simulator.Delivery) {
	b.t.Helper()
	if _, other := acked(b.addr, list); len(other) > 0 {
		b.t.Fatalf("not all were answered 200: %v\n%s", other, b.log)
	}
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
	garner(t, dir, "rederive")
	return record(t, dir)
}

// fed is the record of a box that nobody disturbs and that got list.
func fed(t testing.TB, w *simulator.World, list []simulator.Delivery) string {
	t.Helper()
	dir := t.TempDir()
	addPeople(t, dir, w)
	b := start(t, dir, how{})
	b.push(list)
	b.drained()
	b.stop()
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
