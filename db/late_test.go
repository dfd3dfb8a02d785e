package db

import (
	"context"
	"errors"
	"testing"
	"time"
)

// blocked is a step that takes until it is let go.
type blocked struct{ began, end chan struct{} }

func (b *blocked) run(context.Context, *inboxWriter) error {
	close(b.began)
	<-b.end
	return nil
}

// holdUp holds the writer until the function that it gives is called.
func holdUp(t *testing.T, in *Inbox) (free func()) {
	t.Helper()
	b := &blocked{make(chan struct{}), make(chan struct{})}
	if err := in.enqueue(&op{do: b, err: make(chan error, 1)}); err != nil {
		t.Fatal(err)
	}
	<-b.began
	return func() { close(b.end) }
}

func TestADeliveryThatIsStoredAfterItsSenderGaveUpCounts(t *testing.T) {
	t.Parallel()
	in := openHere(t, t.TempDir(), 0)
	free := holdUp(t, in)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := in.Put(ctx, Arrival{Received: time.Now()}, []byte("late")); !errors.Is(err, ErrBusy) {
		t.Fatalf("got %v, want ErrBusy", err)
	}
	free()
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("next")); err != nil {
		t.Fatal(err)
	}
	stored, _, _, _, err := in.Tail(t.Context(), 0)
	if rows, size := in.Backlog(); err != nil || rows != stored || size != 8 {
		t.Errorf("%d are stored, %v; the backlog is %d of %d bytes", stored, err, rows, size)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnUploadWhoseRowIsRefusedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	in := openHere(t, t.TempDir(), 0)
	up, err := in.Upload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := up.Write(noise(2 << 20)); err != nil {
		t.Fatal(err)
	}
	in.lim.MinFree = 1 << 60 // the writer looks at it once it is handed the row
	if id, err := up.Commit(t.Context(), Arrival{Received: time.Now()}); !errors.Is(err, ErrFull) {
		t.Fatalf("%d, %v", id, err)
	}
	var left int
	if err := in.f.queryRow(t.Context(), `select count(*) from chunk`).Scan(&left); err != nil || left > 0 {
		t.Errorf("%d chunks are left, %v", left, err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}

// The race detector finds out if the id is read while the writer may still write it.
func TestACommitWhoseSenderHasGoneGivesNoID(t *testing.T) {
	t.Parallel()
	in := openHere(t, t.TempDir(), 0)
	for range 20 {
		ctx, leave := context.WithCancel(t.Context())
		up, err := in.Upload(ctx)
		if err != nil {
			t.Fatal(err)
		}
		leave()
		if id, err := up.Commit(ctx, Arrival{Received: time.Now()}); err != nil && id != 0 {
			t.Fatalf("%d, %v", id, err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}
