package jobs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"testing"
	"time"

	"garner/db"
	"garner/health"
)

func openInboxOf(t *testing.T, backlogRows int64) *db.Inbox {
	t.Helper()
	in, err := db.OpenInbox(t.Context(), t.TempDir(), db.InboxLimits{QueueRows: 100, QueueBytes: 1 << 24,
		BacklogRows: backlogRows, BacklogBytes: 1 << 40}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

// bodiesOf yields bodies that arrived a day apart.
func bodiesOf(bodies ...[]byte) iter.Seq2[db.Arrival, []byte] {
	return func(yield func(db.Arrival, []byte) bool) {
		for i, body := range bodies {
			if !yield(db.Arrival{Received: time.Unix(int64(i)*86400, 0), Path: "dailies", Source: health.Simulated}, body) {
				return
			}
		}
	}
}

func TestTheIntakeKeepsOrderBytesAndTimeOfArrivalOfBodiesOfEverySize(t *testing.T) {
	t.Parallel()
	inbox := openInboxOf(t, 100)
	want := [][]byte{[]byte("{}"), bytes.Repeat([]byte("x"), 3*db.ChunkSize+1), nil, bytes.Repeat([]byte("y"), 1<<16)}
	intake := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler)}
	if err := intake.Run(t.Context(), bodiesOf(want...)); err != nil {
		t.Fatal(err)
	}
	got, err := inbox.After(t.Context(), 0, 100, 1<<30)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d deliveries, %v", len(got), err)
	}
	for i, d := range got {
		body, err := io.ReadAll(inbox.Body(t.Context(), d))
		if err != nil || !bytes.Equal(body, want[i]) {
			t.Errorf("body %d came back with %d bytes, %v", i, len(body), err)
		}
		if !d.Received.Equal(time.Unix(int64(i)*86400, 0)) || d.Source != health.Simulated || d.Path != "dailies" {
			t.Errorf("body %d arrived as %+v", i, d.Arrival)
		}
	}
}

func TestABodyIsDurableBeforeTheNextIsAskedFor(t *testing.T) {
	t.Parallel()
	inbox := openInboxOf(t, 100)
	intake := &Intake{Inbox: inbox, Log: slog.New(slog.DiscardHandler)}
	err := intake.Run(t.Context(), func(yield func(db.Arrival, []byte) bool) {
		for i := range int64(5) {
			if rows, _, _, _, err := inbox.Tail(t.Context(), 0); err != nil || rows != i {
				t.Errorf("%d bodies of %d are there, %v", rows, i, err)
			}
			if !yield(db.Arrival{Received: time.Unix(0, 0)}, []byte("{}")) {
				return
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheIntakeLeavesHalfOfTheBacklogToPushesAndContinuesOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	inbox := openInboxOf(t, 6)
	waits := 0
	intake := &Intake{Inbox: inbox, Log: slog.New(onLog{slog.DiscardHandler, func(string) {
		waits++
		if rows, _ := inbox.Backlog(); rows != 3 {
			t.Errorf("it waits with a backlog of %d, want 3 of 6", rows)
		}
		if _, err := inbox.Put(t.Context(), db.Arrival{Received: time.Now()}, []byte("{}")); err != nil {
			t.Errorf("a push finds no room: %v", err)
		}
		inbox.Settle(4, 4)
	}})}
	if err := intake.Run(t.Context(), bodiesOf(make([][]byte, 7)...)); err != nil {
		t.Fatal(err)
	}
	if rows, _, _, _, err := inbox.Tail(t.Context(), 0); err != nil || rows != 7+2 || waits != 2 {
		t.Errorf("%d bodies after %d waits, %v", rows, waits, err)
	}
}

func TestAnIntakeThatWaitsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	intake := &Intake{Inbox: openInboxOf(t, 2), Log: slog.New(onLog{slog.DiscardHandler, func(string) { cancel() }})}
	if err := intake.Run(ctx, bodiesOf(make([][]byte, 3)...)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
