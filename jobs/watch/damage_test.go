package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/jobs"
	"garner/jobs/jobstest"
)

// deepChecked reads everything stored and writes down what it found.
func (g *guarded) deepChecked() (found []error) {
	g.T.Helper()
	err := jobs.DeepCheck(g.T.Context(), g.Inbox.InboxReader, g.Store, func(err error) { found = append(found, err) },
		func(string, int64, int64) error { return nil })
	if err != nil {
		g.T.Fatal(err)
	}
	if err := jobs.Concluded(g.T.Context(), g.Store, g.now, found); err != nil {
		g.T.Fatal(err)
	}
	return found
}

func TestADamagedBodyIsParkedAtOnceAndToldAndNoParseErrorIsMadeUp(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Ada")
	id := g.Arrive(db.Arrival{Received: g.now}, fmt.Sprintf(jobstest.Night, "ada"))
	if _, err := g.SQLite("inbox.db").Exec(`update delivery set body = cast(replace(cast(body as text), '25200',
		'25300') as blob)`); err != nil {
		t.Fatal(err)
	}
	g.Arrive(db.Arrival{Received: g.now}, fmt.Sprintf(jobstest.Night, "ada"))
	g.run()
	issues, err := g.Store.Issues(t.Context(), id, 10)
	if err != nil || len(issues) != 1 || issues[0].Reason != "its stored body is damaged" {
		t.Errorf("%+v, %v", issues, err)
	}
	if c := g.Counts(); c.Parked != 1 || c.Done != 1 || c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
	g.look()
	g.wants("opened: 1 delivery could not be processed", "opened: Stored data is damaged")
	if found := g.deepChecked(); len(found) != 1 {
		t.Errorf("a deep check finds %v", found)
	}
}

func TestDamageIsToldAndACleanDeepCheckEndsIt(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Ada")
	g.Arrive(db.Arrival{Received: g.now}, fmt.Sprintf(jobstest.Night, "ada"))
	g.run()
	if found := g.deepChecked(); len(found) > 0 {
		t.Fatalf("undamaged: %v", found)
	}
	for _, harm := range []string{
		`update record set device = device || 'x'`,
		`update record set day = day + 1, crc = crc`,
		`update record set body = cast(substr(body, 1, length(body) - 1) || x'00' as blob)`,
		`delete from version`,
		`update reading set vals = cast(vals || x'00' as blob)`,
	} {
		g.Harm(`create table saved as select * from record`)
		g.Harm(`create table saved_version as select * from version`)
		g.Harm(`create table saved_reading as select * from reading`)
		g.Harm(harm)
		if found := g.deepChecked(); len(found) == 0 {
			t.Errorf("%s: found nothing", harm)
		}
		g.Harm(`delete from version`)
		g.Harm(`delete from record`)
		g.Harm(`insert into record select * from saved`)
		g.Harm(`insert into version select * from saved_version`)
		g.Harm(`delete from reading`)
		g.Harm(`insert into reading select * from saved_reading`)
		g.Harm(`drop table saved_reading`)
		g.Harm(`drop table saved`)
		g.Harm(`drop table saved_version`)
	}
	g.now = g.now.Add(time.Minute)
	g.look()
	g.wants("opened: Stored data is damaged")
	if found := g.deepChecked(); len(found) > 0 {
		t.Fatalf("mended: %v", found)
	}
	for range 3 {
		g.now = g.now.Add(time.Hour)
		g.look()
	}
	g.wants("opened: Stored data is damaged", "recovered: Over: Stored data is damaged")
}

func TestDamageIsToldThoughTheCheckCannotReadTheFileToItsEnd(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Ada")
	g.Arrive(db.Arrival{Received: g.now}, fmt.Sprintf(jobstest.Night, "ada"))
	g.run()
	root := g.Ask(`select rootpage from sqlite_schema where name = 'record'`)
	size := g.Ask(`select page_size from pragma_page_size`)
	for busy := 1; busy != 0; { // as long as another checkpoint runs
		var log, moved int
		g.must(g.SQLite("garner.db").QueryRow(`pragma wal_checkpoint(truncate)`).Scan(&busy, &log, &moved))
	}
	f, err := os.OpenFile(filepath.Join(g.Dir, "garner.db"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 100), (root-1)*size); err != nil {
		t.Fatal(err)
	}
	// Another process closes it: here, closing would end the locks of others.
	t.Cleanup(func() { f.Close() })
	store, err := db.OpenStoreBeside(t.Context(), g.Dir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := jobs.DeepCheck(t.Context(), g.Inbox.InboxReader, store, func(error) {},
		func(string, int64, int64) error { return nil }); err == nil {
		t.Fatal("the check went through")
	}
	if found, err := store.SaveDamage(t.Context(), g.now); err != nil || len(found) == 0 {
		t.Errorf("%v is told, %v", found, err)
	}
}
