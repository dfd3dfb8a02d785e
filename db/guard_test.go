package db

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// copied is what a kill leaves of an open inbox: the file and its log as they
// are at this moment.
func copied(t *testing.T, dir string) string {
	t.Helper()
	out := t.TempDir()
	for _, name := range []string{"inbox.db", "inbox.db-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(out, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// prunedNotMoved gives a directory whose log holds that the file is shorter
// than it is: pruned, and killed before a checkpoint has cut the file.
func prunedNotMoved(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	in := openHere(t, dir, 0)
	var ids []int64
	for i := range 10 {
		id, err := in.Put(t.Context(), Arrival{Received: time.Now()}, noise(900<<10+i))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	in = openHere(t, dir, 0)
	reader := readerAt(t, in)
	if err := in.Prune(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	killed := copied(t, dir)
	reader()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	return killed
}

// readerAt holds a snapshot, so that no checkpoint cuts the file.
func readerAt(t *testing.T, in *Inbox) (end func()) {
	t.Helper()
	rows, err := in.f.r.QueryContext(t.Context(), `select id from delivery`)
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal("no deliveries")
	}
	return func() {
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKillAfterPruningIsNotTakenForACutFile(t *testing.T) {
	t.Parallel()
	dir := prunedNotMoved(t)
	before := fileSize(t, dir)
	in := openHere(t, dir, 0)
	if _, err := in.checkpoints.checkpoint(t.Context(), `pragma wal_checkpoint(passive)`); err != nil {
		t.Fatal(err)
	}
	if after := fileSize(t, dir); after >= before {
		t.Fatalf("the checkpoint cut nothing: %d bytes, then %d", before, after)
	}
	_, err := in.Put(t.Context(), Arrival{Received: time.Now()}, []byte("{}"))
	if err = errors.Join(err, in.Close()); err != nil {
		t.Error(err)
	}
}

func TestAFileThatAReaderKeepsLongAfterPruningIsNotTakenForACutOne(t *testing.T) {
	t.Parallel()
	g := guard{main: seenFile{size: 1000}}
	for _, step := range []struct {
		what             string
		shrink, size     int64
		wantCut, pending bool
	}{
		{what: "nothing was given back", size: 900, wantCut: true},
		{what: "given back, and not cut yet", shrink: 400, size: 1000, pending: true},
		{what: "more given back", shrink: 300, size: 1000, pending: true},
		{what: "cut in part, whenever that is", size: 400, pending: true},
		{what: "cut shorter than the log says", size: 200, wantCut: true, pending: true},
		{what: "cut in whole", size: 300},
		{what: "cut again", size: 299, wantCut: true},
		{what: "grown", size: 800},
		{what: "given back again", shrink: 500, size: 800, pending: true},
		{what: "grown over it before it was cut", size: 801},
		{what: "cut although the log has moved on", size: 600, wantCut: true},
	} {
		if step.shrink > 0 {
			g.mayShrink(step.shrink)
		}
		before := g
		if cut := !g.sized(step.size); cut != step.wantCut {
			t.Errorf("%s: cut is %v", step.what, cut)
		}
		if step.wantCut {
			g = before
		}
		if pending := g.floor > 0; pending != step.pending {
			t.Errorf("%s: pending is %v", step.what, pending)
		}
	}
}
