package db

import "testing"

// odd are rows that no program of ours writes, in a garner.db of version 7:
// rows of people, types and incidents that do not exist, and rows that new
// unique indexes and checks could refuse. Person 1 and type 1 exist.
const odd = `pragma foreign_keys = off;
	begin;
	create temp table n as with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000) select i from n;
	insert into person (id, name, name_fold, slug, created_ms) values (0, 'Zero', 'zero', 'zero', 1);
	insert into type (id, key) values (77, '');
	insert into record (id, person, type, key, day, start_s, end_s, class, reach, upload_end, delivery, element, sum,
		summary_id, device, origin, received_ms, processed_ms, versions, body) values
		(100, 9, 1, 'k', 1, 1, 1, 0, 1, 1, 1, 1, x'00', '', '', 0, 1, 1, 1, x'00'),
		(101, 1, 88, 'k', 1, 1, 1, 0, 1, 1, 1, 1, x'00', '', '', 0, 1, 1, 1, x'00');
	insert into identity values ('user_id', x'99', 9);
	insert into notice values (90, 0, 9, 'deregistrations', '{}', 1);
	insert into block (person, type, uday, body) values (9, 1, 1, x'00'), (1, 88, 1, x'00');
	insert into version (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, received_ms,
		summary_id) values (100, x'00', 0, 1, 1, 1, 1, 1, 1, 1, ''), (999, x'00', 0, 1, 1, 1, 1, 1, 1, 1, '');
	insert into kept (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, body) values
		(100, x'00', 0, 1, 1, 1, 1, 1, 1, x'00'), (999, x'00', 0, 1, 1, 1, 1, 1, 1, x'00');
	insert into incident_event values (900, 999, 1, 'opened');
	insert into message (id, key, incident, event, way, dest, subject, body, created_ms, due_ms) values
		(900, 'm900', 999, 'opened', 'mail', 'a@example.org', '', '{}', 1, 1);
	insert into incident (id, kind, person, type, since_ms, opened_ms, evidence, told, told_ms, reminders, reopened)
		values (900, 'nothing_arrives', 1, '', 1, 1, '{}', 0, 0, 0, 0), (901, 'nothing_arrives', 1, 'unheard', 1, 1,
		'{}', 0, 0, 0, 0);
	insert into rule values (900, 1, 'unheard', 1, 0);
	insert into pause values (900, 1, 'unheard', 1, 1, '');
	insert into rhythm values (1, 88, 1, 1, 1, 1), (88, 88, 1, 1, 1, 1);
	insert into reading (person, type, day, record, vals) values (9, 1, 1, 1, x'00');
	insert into coverage (person, type, day, records, first_ms, last_ms) values (9, 1, 1, 1, 1, 1);
	insert into freshness (person, type, sample_s, received_ms, processed_ms) values (9, 1, 1, 1, 1);
	insert into dirty values (9, 1, 1, 1);
	insert into arrival values (9, 88, 1, 1), (0, 88, 1, 1);
	insert into identity select 'token', cast(i as blob), 1 + i % 3 from n;
	insert into incident (kind, person, type, since_ms, opened_ms, closed_ms, evidence, told, told_ms, reminders,
		reopened) select 'type_stopped', 0, 't' || i, 1, 1, 0, '{}', 0, 0, 0, 0 from n;
	insert into coverage (person, type, day, records, first_ms, last_ms) select 1 + i % 3, i, i, 1, 1, 1 from n;
	insert into record (person, type, key, day, start_s, end_s, class, reach, upload_end, delivery, element, sum,
		summary_id, device, origin, received_ms, processed_ms, versions, body)
		select 1 + i % 2, 1, 'n' || i, 1, 1, 1, 0, 1, 1, 1, 1, x'00', '', '', 0, 1, 1, 1, x'00' from n;
	drop table n;
	commit;
	pragma foreign_keys = on;`

func TestNoRowOfThePastKeepsTheStoreFromBeingMigrated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	p := lived(t)
	if _, err := p.Exec(odd); err != nil {
		t.Fatal(err)
	}
	before := rowsOf(t, p, `select count(*) from record r join person p on p.id = r.person`)
	if err := garnerSchema.migrate(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if bad := rowsOf(t, p, `pragma foreign_key_check`); len(bad) > 0 {
		t.Error("references to nothing:", bad)
	}
	if now := rowsOf(t, p, `select count(*) from record`); now[0] != before[0] {
		t.Errorf("%s records of %s", now, before)
	}
}

func TestAMigratedFileIsNotTwiceAsLargeAsWhatItHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	t.Parallel()
	p := lived(t)
	if _, err := p.Exec(odd); err != nil {
		t.Fatal(err)
	}
	if err := garnerSchema.migrate(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if free := rowsOf(t, p, `pragma freelist_count`); free[0] != "[0]" {
		t.Errorf("%s pages are free", free)
	}
}
