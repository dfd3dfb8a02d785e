package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"garner/db"
)

var roomy = db.InboxLimits{QueueRows: 1024, QueueBytes: 64 << 20, BacklogRows: 1 << 40, BacklogBytes: 1 << 50}

func openInbox(t *testing.T, dir string, lim db.InboxLimits) *db.Inbox {
	t.Helper()
	in, err := db.OpenInbox(t.Context(), dir, lim, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil && !errors.Is(err, db.ErrBroken) {
			t.Error(err)
		}
	})
	return in
}

func bodyOf(t *testing.T, in *db.Inbox, id int64) []byte {
	t.Helper()
	d, err := in.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(in.Body(t.Context(), d))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBodiesOfEverySizeComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	in := openInbox(t, t.TempDir(), roomy)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 16 << 10, 16<<10 + 1, 1 << 20, 1<<20 + 1, 5<<20 + 17} {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(rng.IntN(256))
		}
		id, err := in.Put(t.Context(), db.Arrival{Received: time.Now(), Path: "dailies"}, body)
		if err != nil {
			t.Fatalf("put %d bytes: %v", size, err)
		}
		if !bytes.Equal(bodyOf(t, in, id), body) {
			t.Errorf("body of %d bytes came back changed", size)
		}
	}
}

func TestConcurrentPutsAllGetIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	in := openInbox(t, t.TempDir(), roomy)
	var mu sync.Mutex
	seen := map[int64]string{}
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			body := fmt.Sprintf("body %d", i)
			id, err := in.Put(context.Background(), db.Arrival{Received: time.Now()}, []byte(body))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if other, dup := seen[id]; dup {
				t.Errorf("id %d given to %q and %q", id, other, body)
			}
			seen[id] = body
		})
	}
	wg.Wait()
	for id, want := range seen {
		if got := string(bodyOf(t, in, id)); got != want {
			t.Errorf("delivery %d holds %q, want %q", id, got, want)
		}
	}
}

func TestNothingIsTakenBelowTheFreeSpaceThatIsLeftAlone(t *testing.T) {
	t.Parallel()
	lim := roomy
	lim.MinFree = 1 << 60
	in := openInbox(t, t.TempDir(), lim)
	if _, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("x")); !errors.Is(err, db.ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
	}
	if err := in.Ready(); !errors.Is(err, db.ErrFull) {
		t.Errorf("Ready says %v, want ErrFull", err)
	}
}

func TestABacklogOverItsLimitIsBusyUntilItIsSettled(t *testing.T) {
	t.Parallel()
	lim := roomy
	lim.BacklogRows = 2
	in := openInbox(t, t.TempDir(), lim)
	put := func() error {
		_, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("x"))
		return err
	}
	if err := errors.Join(put(), put()); err != nil {
		t.Fatal(err)
	}
	if err := put(); !errors.Is(err, db.ErrBusy) {
		t.Fatalf("third put: %v, want ErrBusy", err)
	}
	in.Settle(1, 1)
	if err := put(); err != nil {
		t.Errorf("after one was settled: %v", err)
	}
}

func TestChunksOfAnInterruptedUploadAreGoneAfterReopening(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, err := db.OpenInbox(t.Context(), dir, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	up, err := in.Upload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := up.Write(make([]byte, 3<<20)); err != nil {
		t.Fatal(err)
	}
	kept, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, bytes.Repeat([]byte("k"), 2<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	in = openInbox(t, dir, roomy)
	if n := chunks(t, dir); n != 8 {
		t.Errorf("%d chunks left, want the 8 of the complete delivery", n)
	}
	if got := bodyOf(t, in, kept); len(got) != 2<<20 {
		t.Errorf("the complete delivery has %d bytes", len(got))
	}
}

func TestIDsDoNotRecurAfterPruning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, err := db.OpenInbox(t.Context(), dir, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	last, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(in.Prune(t.Context(), []int64{last}), in.Close()); err != nil {
		t.Fatal(err)
	}
	in = openInbox(t, dir, roomy)
	next, err := in.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("y"))
	if err != nil {
		t.Fatal(err)
	}
	if next <= last {
		t.Errorf("id %d after %d", next, last)
	}
}
