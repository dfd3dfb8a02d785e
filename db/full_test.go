package db

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func noise(size int) []byte {
	rng := rand.New(rand.NewPCG(1, uint64(size)))
	out := make([]byte, size)
	for i := range out {
		out[i] = byte(rng.Uint32())
	}
	return out
}

func openHere(t *testing.T, dir string, keepFree int64) *Inbox {
	t.Helper()
	in, err := OpenInbox(t.Context(), dir, InboxLimits{QueueRows: 100, QueueBytes: 64 << 20, BacklogRows: 1 << 40,
		BacklogBytes: 1 << 50, MinFree: keepFree}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "inbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestPruningGivesSpaceBackWhileTheDiskIsFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := openHere(t, dir, 0)
	var ids []int64
	for i := range 30 {
		id, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(900<<10+i))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	before := fileSize(t, dir)
	in = openHere(t, dir, 1<<60)
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}")); !errors.Is(err, ErrFull) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := in.Prune(t.Context(), ids); err != nil {
		t.Errorf("prune: %v", err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if after := fileSize(t, dir); after > 1<<20 {
		t.Errorf("%d bytes before, %d after all bodies were pruned", before, after)
	}
}

func TestAnUploadThatMeetsAFullDiskLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	in := openHere(t, t.TempDir(), 0)
	up, err := in.Upload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := up.Write(noise(2 << 20)); err != nil {
		t.Fatal(err)
	}
	in.lim.MinFree = 1 << 60 // the writer looks at it once it is handed the next piece
	if _, err := up.Write(noise(2 << 20)); !errors.Is(err, ErrFull) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := up.Abort(t.Context()); err != nil {
		t.Errorf("abort: %v", err)
	}
	var left int
	if err := in.f.queryRow(t.Context(), `select count(*) from chunk`).Scan(&left); err != nil || left > 0 {
		t.Errorf("%d chunks are left, %v", left, err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestBigBodiesOnTheirWayLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	in := openHere(t, t.TempDir(), 0)
	for _, sent := range []int{0, pieceSize - 1} {
		var ups []*Upload
		refused := 0
		for range 300 {
			up, err := in.Upload(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ups = append(ups, up)
			if _, err := up.Write(make([]byte, sent)); err != nil {
				refused++
			}
		}
		if all := sent * len(ups); (refused > 0) != (int64(all) > in.lim.QueueBytes) {
			t.Errorf("%d of %d uploads that have sent %d bytes were refused", refused, len(ups), sent)
		}
		if err := in.Hold(smallBody, 0); err != nil {
			t.Errorf("after %d bytes each: %v", sent, err)
		}
		in.Unhold(smallBody)
		for _, up := range ups {
			if err := up.Abort(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if used := in.memory.used.Load(); used != 0 {
			t.Errorf("%d bytes are still held", used)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAClosedInboxIsOneFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := openHere(t, dir, 0)
	if _, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestABigBodyThatIsPrunedLeavesNoRow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := openHere(t, dir, 0)
	id, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(3*ChunkSize))
	if err != nil {
		t.Fatal(err)
	}
	up, err := in.Upload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(up.Abort(t.Context()), in.Prune(t.Context(), []int64{id})); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := in.f.queryRow(t.Context(), `select (select count(*) from upload) + (select count(*) from chunk)
		+ (select count(*) from delivery)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}
