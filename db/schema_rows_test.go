package db

import "strings"

// livedRows fills the tables of version 7. Person 1 is Ada; rows of person 9
// are of no one.
const livedRows = `
insert into type (id, key) values (1, 'dailies'), (2, 'sleeps'), (3, 'epochs');
insert into metric (id, name) values (1, 'steps');
insert into meta values ('pair', 77), ('high_water', 4), ('people', 2), ('up_ms', 5000);
insert into person (id, name, name_fold, slug, units, created_ms) values (1, 'Ada', 'ada', 'ada', 'imperial', 11),
	(2, 'Ben', 'ben', 'ben', 'metric', 12);
insert into identity values ('user_id', x'7531', 1), ('token', x'0102030405060708090a', 2);
insert into delivery (id, state, attempts, due_ms, received_ms, applied_ms, size, type, elements, reason, accepted,
		set_aside, slow, applied_up_ms, issues) values
	(1, 2, 1, 0, 100, 110, 30, 'dailies', 2, '', 0, 0, 0, 7, 0), (2, 2, 1, 0, 200, 210, 31, 'sleeps', 1, 'why', 1, 1, 0, 8, 2),
	(3, 1, 0, 0, 300, 0, 32, 'other', 0, '', 0, 0, 0, 0, 0), (4, 0, 3, 900, 400, 0, 33, '', 0, '', 0, 0, 1, 0, 4);
insert into issue (delivery, element, kind, type, user_id, reason, count, at_ms, since_up_ms, token) values
	(2, 0, 1, 'sleeps', 'u1', 'no key', 1, 210, 8, ''), (4, 0, 2, 'dailies', 'u7', '', 2, 410, 9, 'token:00ff'),
	(4, 1, 2, 'dailies', 'token:00aa', '', 1, 410, 9, 'token:00aa'), (4, 2, 2, 'dailies', 'token:00bb', '', 1, 410, 9, ''),
	(4, 3, 2, '', '*', 'more of this kind', 9, 410, 9, '');
insert into record (id, person, type, key, day, start_s, end_s, offset_s, class, reach, upload_end, delivery, element,
		sum, summary_id, device, origin, received_ms, processed_ms, versions, span_start, span_end, body, crc, hidden,
		blended) values
	(1, 1, 1, 'k1', 20000, 5, 6, 3600, 2, 7, 8, 1, 0, x'aa', 's1', 'watch', 0, 100, 110, 2, null, null, x'01', 42, 0, 1),
	(2, 1, 2, 'k2', 20001, 5, 9, null, 3, 0, 0, 2, 0, x'bb', 's2', '', 4, 200, 210, 1, 5, 9, x'02', 43, 1, 0);
insert into version (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, received_ms, summary_id,
		weighed) values
	(1, x'aa', 2, 7, 8, 1, 0, 5, 6, 100, 's1', 1), (1, x'ac', 1, 6, 8, 1, 1, 5, 6, 100, 's1', 0),
	(2, x'bb', 3, 0, 0, 2, 0, 5, 9, 200, 's2', 1);
insert into kept (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, body, crc) values
	(1, x'ac', 1, 6, 8, 1, 1, 5, 6, x'03', 44);
insert into block (person, type, uday, body, crc) values (1, 3, 20000, x'04', 45), (2, 3, 20000, x'05', 46);
insert into reading (person, type, day, record, vals, hidden) values (1, 1, 20000, 1, x'06', 0), (1, 0, 20000, 1, x'07', 0),
	(1, 2, 20001, 2, x'08', 1);
insert into coverage (person, type, day, records, first_ms, last_ms, hidden, simulated) values
	(1, 1, 20000, 1, 100, 101, 3, 0), (1, 2, 20001, 1, 200, 201, 0, 1);
insert into freshness (person, type, sample_s, received_ms, processed_ms, live_s, news_ms, offset_s, offset_at_s) values
	(1, 1, 6, 100, 110, 5, 99, 3600, 6), (1, 2, 9, 200, 210, 0, 0, null, 0);
insert into dirty values (1, 20000, 1, 2);
insert into arrival values (1, 1, 20000, 3), (1, 0, 20000, 7), (0, 1, 20000, 15), (0, 0, 20000, 31), (9, 1, 20000, 1);
insert into volume values (1, 20000, 12);
insert into rhythm values (0, 0, 60, 3, 4, 20000), (1, 0, 61, 3, 4, 20000), (1, 1, 62, 3, 4, 20000), (0, 1, 63, 3, 4, 20000),
	(9, 1, 64, 3, 4, 20000);
insert into notice values (1, 0, 1, 'deregistrations', '{}', 100), (2, 0, 2, 'deregistrations', '{}', 200);
insert into tally values ('field not readable', 'dailies', 'steps', 4, 110);
insert into request values (1, 'rederive', 3, 4, 50, 60, 'failed'), (2, 'rederive', 0, 0, 70, null, '');
insert into stretch values (1, 'ran', 10, 20), (2, 'deaf', 12, 14);
insert into sign values ('contact', 30, 1, 'x');
insert into incident (id, kind, person, type, since_ms, opened_ms, closed_ms, evidence, told, told_ms, reminders,
		reopened) values (1, 'nothing_arrives', 0, '', 1, 2, 0, '{}', 1, 3, 4, 5),
	(2, 'person_silent', 1, '', 1, 2, 3, '{}', 2, 3, 4, 5), (3, 'pair_stopped', 1, 'sleeps', 1, 2, 0, '{}', 0, 0, 0, 0),
	(4, 'type_stopped', 0, 'forgotten', 1, 2, 0, '{}', 0, 0, 0, 0), (5, 'person_silent', 9, '', 1, 2, 0, '{}', 0, 0, 0, 0);
insert into incident_event values (1, 1, 2, 'opened'), (2, 2, 2, 'opened'), (3, 5, 2, 'opened');
insert into message (id, key, incident, event, way, dest, subject, body, created_ms, due_ms, attempts, state, ended_ms,
		spent_ms, digest, answer) values
	(1, 'm1', 1, 'opened', 'mail', 'a@example.org', 'nothing', '{}', 2, 3, 1, 1, 4, 4, 0, 'ok'),
	(2, 'm2', 2, 'opened', 'ntfy', 'topic', 'Ada', '{}', 2, 3, 2, 3, 4, 4, 3, 'no'),
	(3, 'm3', 0, 'digest', 'webhook', 'hook', 'two', '{}', 2, 3, 0, 0, 0, 0, 0, ''),
	(4, 'm4', 5, 'opened', 'mail', 'a@example.org', 'no one', '{}', 2, 3, 0, 0, 0, 0, 0, '');
insert into pause values (1, 0, '', 5, 6, 'all'), (2, 1, 'sleeps', 5, 6, 'Ada'), (3, 9, '', 5, 6, 'no one');
insert into rule values (1, 0, '', 60, 0), (2, 1, 'sleeps', 0, 1), (3, 1, '', 70, 0), (4, 9, '', 80, 0);
`

// later are the tables that version 7 had no rows for.
var later = []string{"account", "session", "device", "link", "share", "audit", "setting", "connection", "permission",
	"invitation", "authorization", "fetch", "file", "backfill", "earliest", "spending", "erased", "hash_key", "erasure",
	"api_token", "backup", "personal_key", "pulled", "pull_call", "day_note"}

// survival is a query of version 7 and one of now that give the same.
type survival struct{ before, now string }

// table is the first table that the query of now reads.
func (s survival) table() string {
	_, rest, _ := strings.Cut(s.now, " from ")
	return strings.Fields(rest)[0]
}

// as makes a survival of the columns of a table; some have other names now.
func as(before, now, columns, order string, renamed ...string) survival {
	return survival{
		before: "select " + strings.NewReplacer(renamed...).Replace(columns) + " from " + before + " order by " + order,
		now:    "select " + columns + " from " + now + " order by " + order,
	}
}

var survives = []survival{
	{`select id, key from type union all select 4, 'forgotten' order by id`, `select id, key from type order by id`},
	as("metric", "metric", "id, name", "1"),
	as("meta", "meta", "name, value", "1"),
	as("person", "person", "id, name, name_fold, slug, units, created_ms", "1"),
	as("identity", "identity", "kind, value, person_id", "1", "person_id", "person"),
	as("counter", "counter", "waiting, waiting_bytes, quarantined, processed, parked, orphaned, fetching, unfinished, aside",
		"1"),
	as("delivery", "delivery", "id, state, attempts, due_ms, received_ms, applied_ms, applied_up_ms, size, type_key, elements, "+
		"reason, issues, accepted, set_aside, slow", "1", "type_key", "type"),
	{`select delivery, element, kind, type, case element when 1 then '' when 2 then '' else user_id end,
		case delivery * 10 + element when 40 then '00ff' when 41 then '00aa' when 42 then '00bb' else '' end, reason, count,
		at_ms, since_up_ms from issue order by 1, 2`,
		`select delivery_id, element, kind, type_key, user_id, token, reason, count, at_ms, since_up_ms from issue
		order by 1, 2`},
	as("record", "record", "id, person_id, type_id, key, day, start_s, end_s, offset_s, class, reach_s, upload_end_s, "+
		"delivery_id, element, sum, summary_id, device, origin, received_ms, processed_ms, versions, span_start_s, span_end_s, "+
		"body, crc, hidden, blended", "1", "person_id", "person", "type_id", "type", "reach_s", "reach", "upload_end_s",
		"upload_end", "delivery_id", "delivery", "span_start_s", "span_start", "span_end_s", "span_end"),
	as("version", "version", "record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s, end_s, "+
		"received_ms, summary_id, weighed", "1, 2", "record_id", "record", "reach_s", "reach", "upload_end_s", "upload_end",
		"delivery_id", "delivery"),
	as("kept", "kept", "record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s, end_s, body, crc", "1, 2",
		"record_id", "record", "reach_s", "reach", "upload_end_s", "upload_end", "delivery_id", "delivery"),
	as("block", "block", "person_id, type_id, uday, body, crc", "1, 2, 3", "person_id", "person", "type_id", "type"),
	as("reading", "reading", "person_id, type_id, day, record_id, vals, hidden", "1, 2, 3, 4", "person_id", "person",
		"type_id", "type", "record_id", "record"),
	as("coverage", "coverage", "person_id, type_id, day, records, first_ms, last_ms, hidden, simulated", "1, 2, 3",
		"person_id", "person", "type_id", "type"),
	{`select person, type, day from coverage union select person, 0, day from reading order by 1, 2, 3`,
		`select person_id, type_id, day from change order by 1, 2, 3`},
	{`select 'change', 4`, `select name, seq from sqlite_sequence`},
	as("freshness", "freshness", "person_id, type_id, sample_s, received_ms, processed_ms, live_s, news_ms, offset_s, "+
		"offset_at_s", "1, 2", "person_id", "person", "type_id", "type"),
	as("dirty", "dirty", "person_id, day, family, mark", "1, 2, 3", "person_id", "person"),
	as("arrival where person in (1, 2)", "arrival", "person_id, type_id, uday, hours", "1, 2", "person_id", "person",
		"type_id", "type"),
	as("arrival where person = 0", "arrival_all", "type_id, uday, hours", "1, 2", "type_id", "type"),
	as("volume", "volume", "type_id, uday, n", "1", "type_id", "type"),
	{`select nullif(person, 0), nullif(type, 0), gap_s, days, by_min, uday from rhythm where person <> 9 order by gap_s`,
		`select person_id, type_id, gap_s, days, by_min, uday from rhythm order by gap_s`},
	as("notice", "notice", "delivery_id, element, person_id, type_key, detail, at_ms", "1", "delivery_id", "delivery",
		"person_id", "person", "type_key", "type"),
	as("tally", "tally", "what, type_key, name, n, at_ms", "1", "type_key", "type"),
	as("request", "request", "id, kind, done, total, created_ms, ended_ms, error", "1"),
	{`select id, iif(kind = 'ran', 'up', 'unreachable'), from_ms, to_ms from stretch order by 1`,
		`select id, kind, from_ms, to_ms from uptime order by 1`},
	as("sign", "signal", "name, at_ms, value, detail", "1"),
	{`select id, kind, nullif(person, 0), type, since_ms, opened_ms, closed_ms, evidence, told, told_ms, reminders, reopened
		from incident where person <> 9 order by 1`,
		`select i.id, kind, person_id, coalesce(t.key, ''), since_ms, opened_ms, closed_ms, evidence, notified, notified_ms,
		reminders, reopened from incident i left join type t on t.id = i.type_id order by 1`},
	as("incident_event where incident <> 5", "incident_event", "id, incident_id, at_ms, event", "1", "incident_id", "incident"),
	{`select id, key, nullif(incident, 0), event, way, dest, subject, body, created_ms, due_ms, attempts, state, ended_ms,
		spent_ms, digest, answer from message where incident <> 5 order by 1`,
		`select id, key, incident_id, event, channel, destination, subject, body, created_ms, due_ms, attempts, state,
		ended_ms, spent_ms, digest_id, answer from notification order by 1`},
	{`select id, nullif(person, 0), type, from_ms, to_ms, reason from pause where person <> 9 order by 1`,
		`select p.id, person_id, coalesce(t.key, ''), from_ms, to_ms, reason from pause p left join type t on t.id = p.type_id
		order by 1`},
	{`select id, nullif(person, 0), type, limit_s, off from rule where person <> 9 order by 1`,
		`select r.id, person_id, coalesce(t.key, ''), limit_s, off from rule r left join type t on t.id = r.type_id
		order by 1`},
}
