package query_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/jobs"
	"garner/query"
)

// box is both files with one person, Ada, whose Garmin user id is u1. It is read
// a minute after t0.
type box struct {
	*query.Reader
	t      *testing.T
	inbox  *db.Inbox
	person int64
}

func openBox(t *testing.T) *box {
	t.Helper()
	dir := t.TempDir()
	in, err := db.OpenInbox(t.Context(), dir, db.InboxLimits{QueueRows: 100, QueueBytes: 64 << 20, BacklogRows: 1 << 30,
		BacklogBytes: 1 << 40}, nil)
	if err != nil {
		t.Fatal(err)
	}
	store, err := db.OpenStore(t.Context(), dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	ada, err := store.AddPerson(t.Context(), t0, "Ada", "u1", "")
	if err != nil {
		t.Fatal(err)
	}
	return &box{t: t, inbox: in, person: ada.ID, Reader: &query.Reader{Viewer: query.Operator(), Store: store,
		Inbox: in.InboxReader, Now: t0.Add(time.Minute)}}
}

// put takes a callback for dailies that arrived at t0.
func (b *box) put(client db.Client, body string) {
	b.t.Helper()
	arrival := db.Arrival{Received: t0, Path: "dailies", Client: client}
	if _, err := b.inbox.Put(b.t.Context(), arrival, []byte(body)); err != nil {
		b.t.Fatal(err)
	}
}

// drain processes what waits.
func (b *box) drain() {
	b.t.Helper()
	d := jobs.Drain{Inbox: b.inbox.InboxReader, Receiving: b.inbox, Store: b.Store, Log: slog.New(slog.DiscardHandler),
		Workers: 1}
	if err := d.RunUntilEmpty(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}
