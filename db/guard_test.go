package db

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// pruned is an inbox whose pages were given back while a reader kept the
// checkpoint from cutting the file.
func pruned(t *testing.T, dir string) (in *Inbox, endReader func()) {
	t.Helper()
	in = openHere(t, dir, 0)
	var ids []int64
	for i := range 10 {
		id, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(900<<10+i))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := in.checkpoints.once(t.Context()); err != nil {
		t.Fatal(err)
	}
	reader, err := in.f.r.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`begin`, `select count(*) from delivery`} {
		if _, err := reader.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Prune(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	return in, func() {
		if _, err := reader.ExecContext(context.Background(), `rollback`); err != nil {
			t.Error(err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// cutByCheckpoint waits until a checkpoint has cut the file, and puts a body.
func cutByCheckpoint(t *testing.T, in *Inbox, dir string) {
	t.Helper()
	before := fileSize(t, dir)
	if err := in.checkpoints.once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := fileSize(t, dir); after >= before {
		t.Fatalf("%d bytes before, %d after: nothing was cut", before, after)
	}
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}")); err != nil {
		t.Errorf("after the file was cut: %v", err)
	}
}

func TestAFileThatIsCutLongAfterPruningIsStillTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, endReader := pruned(t, dir)
	endReader()
	cutByCheckpoint(t, in, dir)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatIsCutAfterAKillIsStillTheSame(t *testing.T) {
	t.Parallel()
	dir, copied := t.TempDir(), t.TempDir()
	in, endReader := pruned(t, dir)
	// Another process copies: here, closing would end the locks of SQLite.
	copying := exec.Command("cp", filepath.Join(dir, "inbox.db"), filepath.Join(dir, "inbox.db-wal"), copied)
	if out, err := copying.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	endReader()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	in = openHere(t, copied, 0)
	cutByCheckpoint(t, in, copied)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatIsCutByAnotherIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := openHere(t, dir, 0)
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(900<<10)); err != nil {
		t.Fatal(err)
	}
	if err := in.checkpoints.once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "inbox.db"), 32<<10); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}")); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want ErrBroken", err)
	}
	_ = in.Close() // of what it finds then nothing is asked here
}

func TestALogThatIsCutAfterItCouldNotBeEmptiedIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, endReader := pruned(t, dir) // the reader needs the log
	defer endReader()
	put := func() error {
		_, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}"))
		return err
	}
	if err := put(); err != nil { // the pages that the next one needs are in memory then
		t.Fatal(err)
	}
	if err := in.checkpoints.truncate(t.Context(), in.guard); !errors.Is(err, ErrBusy) {
		t.Fatalf("got %v, want ErrBusy", err)
	}
	if err := os.Truncate(filepath.Join(dir, "inbox.db-wal"), 0); err != nil {
		t.Fatal(err)
	}
	if err := put(); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want ErrBroken", err)
	}
	_ = in.Close() // of what it finds then nothing is asked here
}

func TestALogIsStillTheSameWheneverItsEmptyingIsInterrupted(t *testing.T) {
	t.Parallel()
	in := openHere(t, t.TempDir(), 0)
	for i := range 200 {
		if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(64<<10)); err != nil {
			t.Fatalf("after %d interruptions: %v", i, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*10*time.Microsecond)
		_ = in.checkpoints.truncate(ctx, in.guard) // interrupted or not: what counts is the next body
		cancel()
	}
}

// harmedRow is a row during whose transaction another program does harm.
type harmedRow struct {
	rowOp
	harm func() error
}

func (h *harmedRow) run(ctx context.Context, w *inboxWriter) error {
	if err := h.harm(); err != nil {
		return err
	}
	return h.rowOp.run(ctx, w)
}

// A cut log has a hole where it was cut: what is appended after it is lost with the log.
func TestALogThatIsCutWithinATransactionIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := openHere(t, dir, 0)
	put := func(size int) error {
		_, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(size))
		return err
	}
	for range 2 { // the pages that the next one needs are in memory then
		if err := put(300 << 10); err != nil {
			t.Fatal(err)
		}
	}
	row := &harmedRow{rowOp{a: Arrival{Received: time.Now()}, size: 2, body: []byte("{}")},
		func() error { return os.Truncate(filepath.Join(dir, "inbox.db-wal"), 0) }}
	if err := in.submit(t.Context(), &op{do: row}); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want ErrBroken", err)
	}
	_ = in.Close() // of what it finds then nothing is asked here
}

func TestAnEnormousLogThatIsCutIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, endReader := pruned(t, dir) // the reader needs the log
	defer endReader()
	put := func(size int) error {
		_, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(size))
		return err
	}
	for i := range 100 {
		if err := put(900<<10 + i); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(filepath.Join(dir, "inbox.db-wal"), walKept+8<<20); err != nil {
		t.Fatal(err)
	}
	if err := put(100); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want ErrBroken", err)
	}
	_ = in.Close() // of what it finds then nothing is asked here
}

func TestALogThatSQLiteRestartsIsStillTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, endReader := pruned(t, dir)
	for i := range 90 {
		if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(900<<10+i)); err != nil {
			t.Fatal(err)
		}
	}
	endReader()
	if err := in.checkpoints.once(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	if log, err := see(filepath.Join(dir, "inbox.db-wal")); err != nil || log.size != walKept {
		t.Errorf("the log has %d bytes, want %d: it did not restart, %v", log.size, walKept, err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}
