// Package jobstest is an inbox and a store over files of their own, for tests of
// the jobs. It imports none of the jobs, so that their own tests can use it.
package jobstest

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
)

// Night is a delivery of one night, formatted with the Garmin user id.
const Night = `{"sleeps":[{"userId":%q,"summaryId":"x1","calendarDate":"2026-11-20","startTimeInSeconds":1763590000,` +
	`"startTimeOffsetInSeconds":3600,"durationInSeconds":25200,"validation":"ENHANCED_FINAL"}]}`

// Box is an inbox and a store in one folder.
type Box struct {
	T     *testing.T
	Dir   string
	Inbox *db.Inbox
	Store *db.Store
}

// Open makes a box without people. At the end of the test it is closed, and the
// counters of the store are compared with a count.
func Open(t *testing.T) *Box {
	t.Helper()
	b := &Box{T: t}
	b.Reopen(t.TempDir())
	return b
}

// Reopen continues with the files of another folder.
func (b *Box) Reopen(dir string) {
	b.T.Helper()
	t := b.T
	in, err := db.OpenInbox(t.Context(), dir, db.InboxLimits{QueueRows: 100, QueueBytes: 1 << 24, BacklogRows: 1 << 30,
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
		mustCount(t, dir)
	})
	b.Dir, b.Inbox, b.Store = dir, in, store
}

// Arrive stores a delivery and returns its id. Without a time it arrives now.
func (b *Box) Arrive(a db.Arrival, body string) int64 {
	b.T.Helper()
	if a.Received.IsZero() {
		a.Received = time.Now()
	}
	id, err := b.Inbox.Put(b.T.Context(), a, []byte(body))
	if err != nil {
		b.T.Fatal(err)
	}
	return id
}

// Add adds a person with a Garmin user id or token.
func (b *Box) Add(name, userID, token string) {
	b.T.Helper()
	if _, err := b.Store.AddPerson(b.T.Context(), time.Now(), name, userID, token); err != nil {
		b.T.Fatal(err)
	}
}

// Counts returns how many deliveries are in each state.
func (b *Box) Counts() db.Counts {
	b.T.Helper()
	c, err := b.Store.Counts(b.T.Context(), b.Inbox.InboxReader, time.Now())
	if err != nil {
		b.T.Fatal(err)
	}
	return c
}

// SQLite opens garner.db or inbox.db beside the store, to do harm.
func (b *Box) SQLite(name string) *sql.DB {
	b.T.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(b.Dir, name)+"?_busy_timeout=8000")
	if err != nil {
		b.T.Fatal(err)
	}
	b.T.Cleanup(func() { conn.Close() })
	return conn
}

// Harm changes garner.db by a connection of its own.
func (b *Box) Harm(query string, args ...any) {
	b.T.Helper()
	if _, err := b.SQLite("garner.db").Exec(query, args...); err != nil {
		b.T.Fatal(err)
	}
}

// Ask reads one number from garner.db by a connection of its own.
func (b *Box) Ask(query string, args ...any) (n int64) {
	b.T.Helper()
	if err := b.SQLite("garner.db").QueryRow(query, args...).Scan(&n); err != nil {
		b.T.Fatal(err)
	}
	return n
}
