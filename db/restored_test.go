package db_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"garner/db"
	"garner/db/seal"
	"garner/health/alert"
	"garner/jobs/jobstest"
)

func TestAfterARestoreIdsGoOnFarAboveAndNothingIsLost(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	b.Add("Ada", "u1", "")
	var last int64
	for range 3 {
		last = b.Arrive(db.Arrival{}, fmt.Sprintf(jobstest.Night, "u1"))
	}
	b.Harm(`update meta set value = 0 where name = 'high_water'`) // none was claimed
	epoch := b.Ask(`select value from meta where name = 'epoch'`)
	if _, err := b.Store.BeginBackup(t.Context(), db.Backup{Cause: "command", Began: time.Now()}); err != nil {
		t.Fatal(err)
	}
	b.Harm(`insert into link (token, kind, created_ms, expires_ms) values (x'01', 'setup', 1, 99999999999999);
		insert into session (token, data, created_ms, seen_ms, ends_ms, address, agent) values (x'01', x'', 1, 1, 1, '', '');
		insert into invitation (token, person_id, created_ms, expires_ms) values (x'01', 1, 1, 1)`)
	got, err := db.AfterRestore(t.Context(), b.Inbox, b.Store, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(db.Restored{Requeued: 3}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if now := b.Ask(`select value from meta where name = 'epoch'`); now == epoch {
		t.Error("the epoch is the same")
	}
	if n := b.Ask(`select (select count(*) from link) + (select count(*) from session) + (select count(*) from invitation)
		+ (select count(*) from backup)`); n != 0 {
		t.Errorf("%d rows of short life are left", n)
	}
	// An inbox.db that is lost after the restore begins above this.
	if n := b.Ask(`select value from meta where name = 'high_water'`); n <= last+1_000_000_000-1 {
		t.Errorf("garner.db has seen ids up to %d", n)
	}
	if m, err := db.MatchFiles(t.Context(), b.Inbox, b.Store, time.Now()); err != nil || m.Kind != db.Paired {
		t.Errorf("the databases do not match: %+v, %v", m, err)
	}
	if id := b.Arrive(db.Arrival{}, `{}`); id <= last+1_000_000_000 {
		t.Errorf("the next delivery has the id %d after %d", id, last)
	}
	id, err := b.Store.BeginBackup(t.Context(), db.Backup{Cause: "command", Began: time.Now()})
	if err != nil || id <= 1_000_000_000 {
		t.Errorf("the next backup has the id %d, %v", id, err)
	}
	if waiting := b.Counts().Waiting; waiting != 4 {
		t.Errorf("%d deliveries wait, want all 4", waiting)
	}
	claimed := 0
	for range 4 {
		jobs, err := b.Store.Claim(t.Context(), b.Inbox.InboxReader, time.Now(), 10, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		claimed += len(jobs)
	}
	if claimed != 4 {
		t.Errorf("%d deliveries were claimed, want all 4", claimed)
	}
}

func TestAfterARestoreIncidentsAndNotificationsHaveNewIds(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	put := func(key string) {
		t.Helper()
		if err := b.Store.PutNotifications(t.Context(), []db.Notification{{Key: key, Event: "test", Channel: "mail",
			Destination: "a@example.org", Created: time.Now(), Due: time.Now()}}); err != nil {
			t.Fatal(err)
		}
	}
	put("one")
	b.Harm(`insert into incident (id, kind, since_ms, opened_ms, evidence, notified, notified_ms, reminders, reopened)
		values (41, 'nothing_arrives', 1, 1, '{}', 0, 0, 0, 0)`)
	if _, err := db.AfterRestore(t.Context(), b.Inbox, b.Store, time.Now()); err != nil {
		t.Fatal(err)
	}
	put("two")
	put("three")
	if n := b.Ask(`select id from notification where key = 'three'`); n != 1_000_000_043 {
		t.Errorf("the notification has the id %d", n)
	}
	list := []alert.Change{{Incident: alert.Incident{Subject: alert.Subject{Kind: alert.WasOff}, Since: time.Now(),
		Opened: time.Now()}}}
	if err := b.Store.PutIncidents(t.Context(), time.Now(), list, func(alert.Change) ([]db.Notification, error) {
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	if id := list[0].Incident.ID; id != 1_000_000_042 {
		t.Errorf("the incident has the id %d", id)
	}
}

func TestAfterARestoreWithoutItsKeysWhatCannotBeReadIsGoneAndNamed(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "other-keys")))
	for _, name := range []string{"Ada", "Bob", "Cleo", "Dan"} {
		b.Add(name, "", "")
	}
	b.Harm(`insert into connection (person_id, user_id, state, began_ms, access, refresh, key_id, access_ends_ms,
			refresh_ends_ms, stopping_ms) values (1, 'u1', 0, 1, x'aa', x'bb', 'deadbeef', 1, 1, 0),
			(2, 'u2', 0, 1, x'aa', x'bb', 'deadbeef', 1, 1, 5), (3, 'u3', 2, 1, x'', x'', '', 1, 1, 0),
			(4, 'u4', 0, 1, x'aa', x'bb', 'deadbeef', 1, 1, 5);
		update person set erasing_ms = 5 where id = 4;
		insert into personal_key (person_id, user_id, state, value, bearer, key_id, since_ms, stored_ms)
			values (2, 'personal-2', 0, x'aa', x'', 'deadbeef', 1, 1);
		insert into setting values ('mail.password', x'aa', 'deadbeef'), ('mail.host', x'68', '');
		insert into hash_key values (1, x'aa', 'deadbeef');
		insert into erased values (x'01', 1), (x'02', 1);
		insert into erasure (id, names, key_id, files, last, created_ms) values (4, x'aa', 'deadbeef', '', 0, 1)`)
	got, err := db.AfterRestore(t.Context(), b.Inbox, b.Store, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	want := db.Restored{Reconnect: []string{"Ada"}, NewKey: []string{"Bob"}, Settings: []string{"mail.password"},
		Forgotten: 2, Erasures: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for query, want := range map[string]int64{
		`select count(*) from connection where key_id <> '' or length(access) > 0`: 0,
		`select state from connection where person_id = 1`:                         1,
		`select state from connection where person_id = 2`:                         2,
		`select state from personal_key`:                                           1,
		`select count(*) from person where name_fold = 'dan'`:                      0,
		`select count(*) from setting where name like 'mail.%'`:                    1,
		`select count(*) from erased`:                                              0,
	} {
		if n := b.Ask(query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	// Nothing refers to the lost key: the store can encrypt again.
	if err := b.Store.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.password", Value: "new",
		Secret: true}); err != nil {
		t.Error(err)
	}
}

func TestAfterARestoreWithItsKeysEverythingCanBeRead(t *testing.T) {
	t.Parallel()
	b := jobstest.Open(t)
	b.Store.UseKeys(seal.File(filepath.Join(b.Dir, "keys")))
	if err := b.Store.ChangeSettings(t.Context(), db.SettingChange{Name: "mail.password", Value: "secret",
		Secret: true}); err != nil {
		t.Fatal(err)
	}
	got, err := db.AfterRestore(t.Context(), b.Inbox, b.Store, time.Now())
	if err != nil || len(got.Settings) > 0 {
		t.Errorf("lost %v, %v", got.Settings, err)
	}
	list, err := b.Store.Settings(t.Context())
	if err != nil || len(list) != 1 || list[0].Value != "secret" {
		t.Errorf("got %+v, %v", list, err)
	}
}
