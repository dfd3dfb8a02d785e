package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"garner/db"
	"garner/jobs/jobstest"
)

func ignore(int64, int64) error { return nil }

// copied copies a database of a folder into another one.
func copied(t *testing.T, c *db.Copying, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	var out bytes.Buffer
	if err := c.Write(t.Context(), &out, ignore); err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) != c.Size() {
		t.Errorf("%d bytes, want %d", out.Len(), c.Size())
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestACopyIsOfOneInstantWhateverIsWrittenMeanwhile(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Add("Ada", "u1", "")
	before := b.Arrive(db.Arrival{}, fmt.Sprintf(jobstest.Night, "u1"))
	big := b.Arrive(db.Arrival{}, string(bytes.Repeat([]byte("x"), 3<<20)))
	c, err := db.Copy(t.Context(), filepath.Join(b.Dir, db.InboxFile))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	counts, err := c.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 20 {
				b.Arrive(db.Arrival{}, `{"dailies":[]}`)
			}
		})
	}
	path := copied(t, c, db.InboxFile)
	writers.Wait()
	version, have, err := db.VerifyCopy(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if version != c.Schema || version == 0 {
		t.Errorf("schema %d, want %d", version, c.Schema)
	}
	if diff := cmp.Diff(counts, have); diff != "" || have["delivery"] != 2 {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("verifying left %v, %v", entries, err)
	}
	if n := count(t, path, fmt.Sprintf(`select count(*) from delivery where id in (%d, %d)`, before, big)); n != 2 {
		t.Errorf("%d of 2 deliveries are in the copy", n)
	}
}

func TestACopyNamesItsActivityFilesAndSettings(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Add("Ada", "u1", "")
	b.Harm(`insert into file (person_id, activity, kind, sha256, size, stored, delivery_id, received_ms)
		values (1, 'a', 'FIT', x'01', 1, 1, 1, 1), (1, 'b', 'FIT', x'01', 1, 1, 2, 1)`)
	if err := b.Store.ChangeSettings(t.Context(), db.SettingChange{Name: db.SettingRecipient, Value: "age1"}); err != nil {
		t.Fatal(err)
	}
	c, err := db.Copy(t.Context(), filepath.Join(b.Dir, db.GarnerFile))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	files, err := c.Files(t.Context())
	if diff := cmp.Diff([]db.StoredFile{{Person: 1, SHA256: []byte{1}}}, files); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for name, want := range map[string]string{db.SettingRecipient: "age1", "other": ""} {
		if got, err := c.Setting(t.Context(), name); got != want || err != nil {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}

func TestACopyThatIsStoppedEnds(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Arrive(db.Arrival{}, string(bytes.Repeat([]byte("x"), 3<<20)))
	c, err := db.Copy(t.Context(), filepath.Join(b.Dir, db.InboxFile))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Write(t.Context(), &bytes.Buffer{}, func(int64, int64) error { return context.Canceled }); !errors.Is(err,
		context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoSoundDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Add("Ada", "u1", "")
	c, err := db.Copy(t.Context(), filepath.Join(b.Dir, db.GarnerFile))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	path := copied(t, c, db.GarnerFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(change func([]byte) []byte) error {
		t.Helper()
		if err := os.WriteFile(path, change(bytes.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := db.VerifyCopy(t.Context(), path)
		return err
	}
	for name, change := range map[string]func([]byte) []byte{
		"half":     func(p []byte) []byte { return p[:len(p)/2] },
		"no magic": func(p []byte) []byte { p[3] ^= 1; return p },
		"a page of zeros": func(p []byte) []byte {
			clear(p[5*4096 : 6*4096])
			return p
		},
	} {
		if err := verify(change); !errors.Is(err, db.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var newer *db.NewerSchemaError
	if err := verify(func(p []byte) []byte { p[63] = 200; return p }); !errors.As(err, &newer) {
		t.Errorf("a newer schema: %v", err)
	}
	if _, err := db.Copy(t.Context(), filepath.Join(t.TempDir(), db.GarnerFile)); !errors.Is(err, db.ErrNotSetUp) {
		t.Errorf("a missing file: %v", err)
	}
}

// A file that was not made by garner may be anything: a trigger in it would run with the
// first write.
func TestADatabaseWithASchemaThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	b := jobstest.Open(t)
	b.Add("Ada", "u1", "")
	for _, name := range []string{db.GarnerFile, db.InboxFile} {
		c, err := db.Copy(t.Context(), filepath.Join(b.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for what, text := range map[string]string{
			"as it was":            ``,
			"a table of a sidecar": `create table _litestream_seq (id integer primary key, seq integer)`,
			"a trigger":            `create trigger evil after update on meta begin delete from meta; end`,
			"a view":               `create view evil as select 1`,
			"a virtual table":      `create virtual table evil using fts5(x)`,
			"a trigger that differs": `drop trigger if exists person_erased;
				create trigger person_erased after insert on meta begin select 1; end`,
			"a table less":        `drop table meta`,
			"a version below any": `pragma user_version = -1`,
		} {
			path := copied(t, c, name)
			change(t, path, text)
			_, _, err := db.VerifyCopy(t.Context(), path)
			if right := what == "as it was" || what == "a table of a sidecar"; right != (err == nil) {
				t.Errorf("%s with %s: %v", name, what, err)
			}
		}
	}
}

// change runs statements on a file that nothing else has open.
func change(t *testing.T, path, text string) {
	t.Helper()
	p, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.ExecContext(t.Context(), "pragma journal_mode = delete; "+text+"; pragma journal_mode = wal")
	if err := errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestBackupsAreOnRecordTheNewestFirst(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	began := time.Date(2026, 11, 26, 3, 30, 0, 0, time.Local)
	var ids []int64
	for range 3 {
		id, err := b.Store.BeginBackup(t.Context(), db.Backup{Cause: "schedule", File: "/b/1", Began: began})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	ended := db.Backup{ID: ids[1], Cause: "schedule", File: "/b/2", Began: began, Ended: began.Add(time.Minute), Size: 7,
		Secrets: true, Fault: "why", CopyFault: "why not there"}
	if err := b.Store.EndBackup(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	got, err := b.Store.Backups(t.Context(), 2)
	want := []db.Backup{{ID: ids[2], Cause: "schedule", File: "/b/1", Began: began}, ended}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
