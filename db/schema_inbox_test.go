package db

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// olderInbox is the folder of an inbox.db of version 2 with 40 bodies, of which
// one leaf is overwritten with zeros.
func olderInbox(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "inbox.db")
	p, err := pool(path, 1, writingBodies)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range inboxSchema.migrations[:2] {
		if err := inboxSchema.step(t.Context(), p, text, i+1); err != nil {
			t.Fatal(err)
		}
	}
	for range 40 {
		if _, err := p.Exec(`insert into delivery (received_ms, path, client, source, encoding, sha256, size, form, body)
			values (1, 'dailies', 0, 0, '', x'00', 4000, 0, ?)`, []byte(strings.Repeat("body", 1000))); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil { // moves the log into the file
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 16 << 10
	at := bytes.Index(data, []byte("bodybody")) / page * page
	if data[at] != 0x0d {
		t.Fatal("no leaf of a table")
	}
	clear(data[at : at+page])
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Whether what arrives can be kept does not depend on what is kept already.
func TestAnOlderInboxWithDamagedPagesIsMigratedAndReceives(t *testing.T) {
	t.Parallel()
	in, err := OpenInbox(t.Context(), olderInbox(t), InboxLimits{QueueRows: 10, QueueBytes: 1 << 20, BacklogRows: 100,
		BacklogBytes: 1 << 20}, nil)
	if err != nil {
		t.Fatal(err)
	}
	id, err := in.Put(t.Context(), Arrival{Received: time.UnixMilli(2), Path: "dailies"}, []byte("{}"))
	if err != nil || id != 41 {
		t.Errorf("delivery %d, %v, want 41", id, err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}
