package db_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
)

func TestAQueueThatIsFullIsBusyAtOnceAndTheRestIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lim := roomy
	lim.QueueRows = 3
	in := openInbox(t, dir, lim)
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "inbox.db")+"?_busy_timeout=8000&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	block, err := conn.Begin() // the writer cannot begin its transaction
	if err != nil {
		t.Fatal(err)
	}
	const senders = 300 + 3 + 100 // more than a commit and the queue can hold
	answers := make(chan error, senders)
	for range senders {
		go func() {
			_, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("x"))
			answers <- err
		}()
	}
	for range 100 { // these are answered while nothing can be written
		if err := <-answers; !errors.Is(err, db.ErrBusy) {
			t.Fatalf("%v, want ErrBusy", err)
		}
	}
	if err := block.Rollback(); err != nil {
		t.Fatal(err)
	}
	took := 0
	for range senders - 100 {
		switch err := <-answers; {
		case err == nil:
			took++
		case !errors.Is(err, db.ErrBusy):
			t.Error(err)
		}
	}
	if rows, _, _, _, err := in.Tail(t.Context(), 0); err != nil || int(rows) != took || took == 0 {
		t.Errorf("%d are kept of %d that were acknowledged, %v", rows, took, err)
	}
}

func TestTheBacklogIsLimitedByItsBytesToo(t *testing.T) {
	t.Parallel()
	lim := roomy
	lim.BacklogBytes = 4 << 20
	in := openInbox(t, t.TempDir(), lim)
	put := func(size int) error {
		_, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, make([]byte, size))
		return err
	}
	if err := put(3 << 20); err != nil { // in pieces
		t.Fatal(err)
	}
	if err := in.Spare(); !errors.Is(err, db.ErrBusy) {
		t.Errorf("what can wait: %v, want ErrBusy", err)
	}
	if err := put(1 << 20); err != nil { // to the limit
		t.Error(err)
	}
	for _, size := range []int{1, 2 << 20} {
		if err := put(size); !errors.Is(err, db.ErrBusy) {
			t.Errorf("%d bytes over the limit: %v, want ErrBusy", size, err)
		}
	}
	if rows, bytes := in.Backlog(); rows != 2 || bytes != 4<<20 {
		t.Errorf("%d deliveries and %d bytes wait", rows, bytes)
	}
	in.SetBacklog(0, 0)
	if err := errors.Join(in.Spare(), put(1)); err != nil {
		t.Errorf("after all was applied: %v", err)
	}
}

func TestTheBacklogAtStartIsWhatWasNeverApplied(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, s := openInbox(t, dir, roomy), openStore(t, dir)
	jobs := put(t, in, s, 5)
	apply(t, s, jobs[:3], none)
	put := func() {
		if _, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
	}
	put()
	if _, err := s.Requeue(t.Context(), false, jobs[0].ID); err != nil { // waits, but was applied
		t.Fatal(err)
	}
	rows, bytes, err := s.Backlog(t.Context(), in.InboxReader)
	if err != nil || rows != 3 || bytes != 2*2+10 {
		t.Errorf("%d deliveries of %d bytes, %v", rows, bytes, err)
	}
}
