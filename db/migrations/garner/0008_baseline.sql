-- The tables of before the first release are made anew, with one name for each
-- thing, units in names, checks on closed sets of values, and references for
-- people: what is of a person goes with them.
--
-- Old tables step aside under another name, new ones are made and filled, and
-- the old ones are dropped, those that reference others first.

drop trigger delivery_added;
drop trigger delivery_removed;
drop trigger delivery_changed;

alter table type rename to old_type;
alter table metric rename to old_metric;
alter table meta rename to old_meta;
alter table person rename to old_person;
alter table identity rename to old_identity;
alter table delivery rename to old_delivery;
alter table counter rename to old_counter;
alter table issue rename to old_issue;
alter table record rename to old_record;
alter table version rename to old_version;
alter table kept rename to old_kept;
alter table block rename to old_block;
alter table reading rename to old_reading;
alter table coverage rename to old_coverage;
alter table freshness rename to old_freshness;
alter table dirty rename to old_dirty;
alter table arrival rename to old_arrival;
alter table volume rename to old_volume;
alter table rhythm rename to old_rhythm;
alter table notice rename to old_notice;
alter table tally rename to old_tally;
alter table request rename to old_request;
alter table stretch rename to old_stretch;
alter table sign rename to old_sign;
alter table incident rename to old_incident;
alter table incident_event rename to old_incident_event;
alter table message rename to old_message;
alter table pause rename to old_pause;
alter table rule rename to old_rule;

create table type (
	id  integer primary key,
	key text not null unique
) strict;
create table metric (
	id   integer primary key,
	name text not null unique
) strict;
create table meta (
	name  text primary key,
	value integer not null
) strict, without rowid;
create table person (
	id         integer primary key,
	name       text    not null,
	name_fold  text    not null unique,
	slug       text    not null unique,
	units      text    not null default 'metric' check (units in ('metric', 'imperial')),
	created_ms integer not null
) strict;
create table identity (
	kind      text    not null check (kind in ('user_id', 'token')),
	value     blob    not null,
	person_id integer not null references person on delete cascade,
	primary key (kind, value)
) strict, without rowid;
create table delivery (
	id            integer primary key,
	state         integer not null check (state between 0 and 2),
	attempts      integer not null default 0,
	due_ms        integer not null default 0,
	received_ms   integer not null,
	applied_ms    integer not null default 0,
	applied_up_ms integer not null default 0,
	size          integer not null,
	type_key      text    not null default '',
	elements      integer not null default 0,
	reason        text    not null default '',
	issues        integer not null default 0,
	accepted      integer not null default 0 check (accepted in (0, 1)),
	set_aside     integer not null default 0 check (set_aside in (0, 1)),
	slow          integer not null default 0 check (slow in (0, 1))
) strict;
create table counter (
	id            integer primary key check (id = 1),
	waiting       integer not null,
	waiting_bytes integer not null,
	quarantined   integer not null,
	processed     integer not null,
	parked        integer not null,
	orphaned      integer not null,
	fetching      integer not null,
	unfinished    integer not null,
	aside         integer not null
) strict;
create table issue (
	delivery_id integer not null,
	element     integer not null,
	kind        integer not null check (kind between 1 and 4),
	type_key    text    not null,
	user_id     text    not null default '',
	token       text    not null default '',
	reason      text    not null,
	count       integer not null default 1,
	at_ms       integer not null,
	since_up_ms integer not null default 0,
	primary key (delivery_id, element)
) strict, without rowid;
create table record (
	id           integer primary key,
	person_id    integer not null references person on delete cascade,
	type_id      integer not null references type,
	key          text    not null,
	day          integer not null,
	start_s      integer not null,
	end_s        integer not null,
	offset_s     integer,
	class        integer not null check (class between 0 and 3),
	reach_s      integer not null,
	upload_end_s integer not null,
	delivery_id  integer not null,
	element      integer not null,
	sum          blob    not null,
	summary_id   text    not null,
	device       text    not null,
	origin       integer not null check (origin between 0 and 7),
	received_ms  integer not null,
	processed_ms integer not null,
	versions     integer not null,
	span_start_s integer,
	span_end_s   integer,
	hidden       integer not null default 0 check (hidden in (0, 1)),
	blended      integer not null default 0 check (blended in (0, 1)),
	crc          integer not null default 0,
	body         blob    not null,
	unique (person_id, type_id, key)
) strict;
create table version (
	record_id    integer not null references record on delete cascade,
	sum          blob    not null,
	class        integer not null check (class between 0 and 3),
	reach_s      integer not null,
	upload_end_s integer not null,
	delivery_id  integer not null,
	element      integer not null,
	start_s      integer not null,
	end_s        integer not null,
	received_ms  integer not null,
	summary_id   text    not null,
	weighed      integer not null default 0 check (weighed in (0, 1)),
	primary key (record_id, sum)
) strict, without rowid;
create table kept (
	record_id    integer not null references record on delete cascade,
	sum          blob    not null,
	class        integer not null check (class between 0 and 3),
	reach_s      integer not null,
	upload_end_s integer not null,
	delivery_id  integer not null,
	element      integer not null,
	start_s      integer not null,
	end_s        integer not null,
	crc          integer not null default 0,
	body         blob    not null,
	primary key (record_id, sum)
) strict, without rowid;
create table block (
	person_id integer not null references person on delete cascade,
	type_id   integer not null references type,
	uday      integer not null,
	crc       integer not null default 0,
	body      blob    not null,
	primary key (person_id, type_id, uday)
) strict;
create table reading (
	person_id integer not null references person on delete cascade,
	type_id   integer not null,
	day       integer not null,
	record_id integer not null,
	hidden    integer not null default 0 check (hidden in (0, 1)),
	vals      blob    not null,
	primary key (person_id, type_id, day, record_id)
) strict, without rowid;
create table coverage (
	person_id integer not null references person on delete cascade,
	type_id   integer not null,
	day       integer not null,
	records   integer not null,
	first_ms  integer not null,
	last_ms   integer not null,
	hidden    integer not null default 0,
	simulated integer not null default 0 check (simulated in (0, 1)),
	primary key (person_id, type_id, day)
) strict, without rowid;
create table freshness (
	person_id    integer not null references person on delete cascade,
	type_id      integer not null,
	sample_s     integer not null,
	received_ms  integer not null,
	processed_ms integer not null,
	live_s       integer not null default 0,
	news_ms      integer not null default 0,
	offset_s     integer,
	offset_at_s  integer not null default 0,
	primary key (person_id, type_id)
) strict, without rowid;
create table dirty (
	person_id integer not null references person on delete cascade,
	day       integer not null,
	family    integer not null,
	mark      integer not null default 0,
	primary key (family, person_id, day)
) strict, without rowid;
create table arrival (
	person_id integer not null references person on delete cascade,
	type_id   integer not null,
	uday      integer not null,
	hours     integer not null,
	primary key (person_id, type_id, uday)
) strict, without rowid;
create table arrival_all (
	type_id integer not null,
	uday    integer not null,
	hours   integer not null,
	primary key (type_id, uday)
) strict, without rowid;
create table volume (
	type_id integer not null,
	uday    integer not null,
	n       integer not null,
	primary key (type_id, uday)
) strict, without rowid;
create table rhythm (
	person_id integer references person on delete cascade,
	type_id   integer references type,
	gap_s     integer not null,
	days      integer not null,
	by_min    integer not null,
	uday      integer not null
) strict;
create table notice (
	delivery_id integer not null,
	element     integer not null,
	person_id   integer not null references person on delete cascade,
	type_key    text    not null,
	detail      text    not null,
	at_ms       integer not null,
	primary key (delivery_id, element)
) strict, without rowid;
create table tally (
	what     text    not null,
	type_key text    not null,
	name     text    not null,
	n        integer not null,
	at_ms    integer not null,
	primary key (what, type_key, name)
) strict, without rowid;
create table request (
	id         integer primary key,
	kind       text    not null,
	done       integer not null default 0,
	total      integer not null default 0,
	created_ms integer not null,
	ended_ms   integer,
	error      text    not null default ''
) strict;
create table uptime (
	id      integer primary key,
	kind    text    not null check (kind in ('up', 'unreachable')),
	from_ms integer not null,
	to_ms   integer not null
) strict;
create table signal (
	name   text    primary key,
	at_ms  integer not null,
	value  integer not null,
	detail text    not null
) strict, without rowid;
create table incident (
	id          integer primary key,
	kind        text    not null,
	person_id   integer references person on delete cascade,
	type_id     integer references type,
	since_ms    integer not null,
	opened_ms   integer not null,
	closed_ms   integer not null default 0,
	evidence    text    not null,
	notified    integer not null check (notified between 0 and 2),
	notified_ms integer not null,
	reminders   integer not null,
	reopened    integer not null
) strict;
create table incident_event (
	id          integer primary key,
	incident_id integer not null references incident on delete cascade,
	at_ms       integer not null,
	event       text    not null
) strict;
create table notification (
	id          integer primary key,
	key         text    not null unique,
	incident_id integer references incident on delete cascade,
	event       text    not null,
	channel     text    not null check (channel in ('mail', 'ntfy', 'webhook')),
	destination text    not null,
	subject     text    not null,
	body        text    not null,
	created_ms  integer not null,
	due_ms      integer not null,
	attempts    integer not null default 0,
	state       integer not null default 0 check (state between 0 and 4),
	ended_ms    integer not null default 0,
	spent_ms    integer not null default 0,
	digest_id   integer not null default 0,
	answer      text    not null default ''
) strict;
create table pause (
	id        integer primary key,
	person_id integer references person on delete cascade,
	type_id   integer references type,
	from_ms   integer not null,
	to_ms     integer not null,
	reason    text    not null
) strict;
create table rule (
	id        integer primary key,
	person_id integer references person on delete cascade,
	type_id   integer references type,
	limit_s   integer not null,
	off       integer not null check (off in (0, 1))
) strict;

insert into type (id, key)
	select o.id, o.key
	from old_type o;
-- Records of a type whose name is lost are kept all the same.
insert or ignore into type (id, key)
	select type, 'type ' || type from old_record union select type, 'type ' || type from old_block;
-- Types of incidents, pauses and rules were words: those that no program
-- declares any more get a number too.
insert into type (key)
	select type from old_incident union select type from old_pause union select type from old_rule except select ''
	on conflict do nothing;
insert into metric (id, name)
	select o.id, o.name
	from old_metric o;
insert into meta (name, value)
	select o.name, o.value
	from old_meta o;
insert into person (id, name, name_fold, slug, units, created_ms)
	select o.id, o.name, o.name_fold, o.slug, o.units, o.created_ms
	from old_person o;
insert into identity (kind, value, person_id)
	select o.kind, o.value, o.person
	from old_identity o where o.person in (select id from person);
insert into delivery (id, state, attempts, due_ms, received_ms, applied_ms, applied_up_ms, size, type_key,
		elements, reason, issues, accepted, set_aside, slow)
	select o.id, o.state, o.attempts, o.due_ms, o.received_ms, o.applied_ms, o.applied_up_ms, o.size,
		o.type, o.elements, o.reason, o.issues, o.accepted, o.set_aside, o.slow
	from old_delivery o;
insert into counter (id, waiting, waiting_bytes, quarantined, processed, parked, orphaned, fetching, unfinished,
		aside)
	select o.id, o.waiting, o.waiting_bytes, o.quarantined, o.processed, o.parked, o.orphaned, o.fetching,
		o.unfinished, o.aside
	from old_counter o;
insert into issue (delivery_id, element, kind, type_key, user_id, token, reason, count, at_ms, since_up_ms)
	select o.delivery, o.element, o.kind, o.type, iif(o.kind = 2 and o.user_id like 'token:%' and o.token in
		('', o.user_id), '', o.user_id), replace(iif(o.kind = 2 and o.user_id like 'token:%' and o.token in ('',
		o.user_id), o.user_id, o.token), 'token:', ''), o.reason, o.count, o.at_ms, o.since_up_ms
	from old_issue o;
insert into record (id, person_id, type_id, key, day, start_s, end_s, offset_s, class, reach_s, upload_end_s,
		delivery_id, element, sum, summary_id, device, origin, received_ms, processed_ms, versions, span_start_s,
		span_end_s, hidden, blended, crc, body)
	select o.id, o.person, o.type, o.key, o.day, o.start_s, o.end_s, o.offset_s, o.class, o.reach,
		o.upload_end, o.delivery, o.element, o.sum, o.summary_id, o.device, o.origin, o.received_ms, o.processed_ms,
		o.versions, o.span_start, o.span_end, o.hidden, o.blended, o.crc, o.body
	from old_record o where o.person in (select id from person);
insert into version (record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s, end_s,
		received_ms, summary_id, weighed)
	select o.record, o.sum, o.class, o.reach, o.upload_end, o.delivery, o.element, o.start_s, o.end_s,
		o.received_ms, o.summary_id, o.weighed
	from old_version o where o.record in (select id from record);
insert into kept (record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s, end_s, crc, body)
	select o.record, o.sum, o.class, o.reach, o.upload_end, o.delivery, o.element, o.start_s, o.end_s,
		o.crc, o.body
	from old_kept o where o.record in (select id from record);
insert into block (person_id, type_id, uday, crc, body)
	select o.person, o.type, o.uday, o.crc, o.body
	from old_block o where o.person in (select id from person);
insert into reading (person_id, type_id, day, record_id, hidden, vals)
	select o.person, o.type, o.day, o.record, o.hidden, o.vals
	from old_reading o where o.person in (select id from person);
insert into coverage (person_id, type_id, day, records, first_ms, last_ms, hidden, simulated)
	select o.person, o.type, o.day, o.records, o.first_ms, o.last_ms, o.hidden, o.simulated
	from old_coverage o where o.person in (select id from person);
insert into freshness (person_id, type_id, sample_s, received_ms, processed_ms, live_s, news_ms, offset_s,
		offset_at_s)
	select o.person, o.type, o.sample_s, o.received_ms, o.processed_ms, o.live_s, o.news_ms, o.offset_s,
		o.offset_at_s
	from old_freshness o where o.person in (select id from person);
insert into dirty (person_id, day, family, mark)
	select o.person, o.day, o.family, o.mark
	from old_dirty o where o.person in (select id from person);
insert into arrival (person_id, type_id, uday, hours)
	select o.person, o.type, o.uday, o.hours
	from old_arrival o where o.person in (select id from person);
insert into arrival_all (type_id, uday, hours) select type, uday, hours from old_arrival where person = 0;
insert into volume (type_id, uday, n)
	select o.type, o.uday, o.n
	from old_volume o;
insert into rhythm (person_id, type_id, gap_s, days, by_min, uday)
	select nullif(o.person, 0), nullif(o.type, 0), o.gap_s, o.days, o.by_min, o.uday
	from old_rhythm o where (o.person = 0 or o.person in (select id from person))
		and (o.type = 0 or o.type in (select id from type));
insert into notice (delivery_id, element, person_id, type_key, detail, at_ms)
	select o.delivery, o.element, o.person, o.type, o.detail, o.at_ms
	from old_notice o where o.person in (select id from person);
insert into tally (what, type_key, name, n, at_ms)
	select o.what, o.type, o.name, o.n, o.at_ms
	from old_tally o;
insert into request (id, kind, done, total, created_ms, ended_ms, error)
	select o.id, o.kind, o.done, o.total, o.created_ms, o.ended_ms, o.error
	from old_request o;
insert into uptime (id, kind, from_ms, to_ms)
	select o.id, case o.kind when 'ran' then 'up' else 'unreachable' end, o.from_ms, o.to_ms
	from old_stretch o;
insert into signal (name, at_ms, value, detail)
	select o.name, o.at_ms, o.value, o.detail
	from old_sign o;
insert into incident (id, kind, person_id, type_id, since_ms, opened_ms, closed_ms, evidence, notified,
		notified_ms, reminders, reopened)
	select o.id, o.kind, nullif(o.person, 0), (select id from type t where t.key = nullif(o.type, '')), o.since_ms,
		o.opened_ms, o.closed_ms, o.evidence, o.told, o.told_ms, o.reminders, o.reopened
	from old_incident o where o.person = 0 or o.person in (select id from person);
insert into incident_event (id, incident_id, at_ms, event)
	select o.id, o.incident, o.at_ms, o.event
	from old_incident_event o where o.incident in (select id from incident);
insert into notification (id, key, incident_id, event, channel, destination, subject, body, created_ms, due_ms,
		attempts, state, ended_ms, spent_ms, digest_id, answer)
	select o.id, o.key, nullif(o.incident, 0), o.event, o.way, o.dest, o.subject, o.body, o.created_ms,
		o.due_ms, o.attempts, o.state, o.ended_ms, o.spent_ms, o.digest, o.answer
	from old_message o where o.incident = 0 or o.incident in (select id from incident);
insert into pause (id, person_id, type_id, from_ms, to_ms, reason)
	select o.id, nullif(o.person, 0), (select id from type t where t.key = nullif(o.type, '')), o.from_ms, o.to_ms,
		o.reason
	from old_pause o where o.person = 0 or o.person in (select id from person);
insert into rule (id, person_id, type_id, limit_s, off)
	select o.id, nullif(o.person, 0), (select id from type t where t.key = nullif(o.type, '')), o.limit_s, o.off
	from old_rule o where o.person = 0 or o.person in (select id from person);

drop table old_rule;
drop table old_pause;
drop table old_message;
drop table old_incident_event;
drop table old_incident;
drop table old_sign;
drop table old_stretch;
drop table old_request;
drop table old_tally;
drop table old_notice;
drop table old_rhythm;
drop table old_volume;
drop table old_arrival;
drop table old_dirty;
drop table old_freshness;
drop table old_coverage;
drop table old_reading;
drop table old_block;
drop table old_kept;
drop table old_version;
drop table old_record;
drop table old_issue;
drop table old_counter;
drop table old_delivery;
drop table old_identity;
drop table old_person;
drop table old_metric;
drop table old_type;
drop table old_meta;

create index delivery_due on delivery (due_ms) where state = 0;
create index delivery_quarantined on delivery (received_ms) where state = 1;
create index delivery_prune on delivery (applied_up_ms) where state = 2;
create index delivery_parked on delivery (received_ms) where issues & 2 and set_aside = 0;
create index delivery_type on delivery (type_key, id);
create index issue_kind on issue (kind, reason, type_key);
create index issue_parked on issue (user_id) where kind = 1;
create index issue_user on issue (user_id, delivery_id) where kind = 2;
create index issue_token on issue (token, delivery_id) where kind = 2 and token <> '';
create index record_day on record (person_id, type_id, day, start_s, id);
create index record_span on record (person_id, type_id, span_start_s) where span_start_s is not null;
create unique index rhythm_of on rhythm (coalesce(person_id, 0), coalesce(type_id, 0));
create index rhythm_person on rhythm (person_id);
create index notice_person on notice (person_id, at_ms);
create index uptime_end on uptime (kind, to_ms);
create unique index incident_open on incident (kind, coalesce(person_id, 0), coalesce(type_id, 0)) where closed_ms = 0;
create index incident_closed on incident (closed_ms);
create index incident_person on incident (person_id, id);
create index incident_event_of on incident_event (incident_id);
create index notification_due on notification (due_ms) where state = 0;
create index notification_ended on notification (ended_ms) where state <> 0;
create index notification_channel on notification (channel, state, id);
create index notification_incident on notification (incident_id);
create index notification_spent on notification (destination, spent_ms) where spent_ms > 0;
create index pause_end on pause (to_ms);
create index pause_person on pause (person_id);
create unique index rule_of on rule (coalesce(person_id, 0), coalesce(type_id, 0));
create index rule_person on rule (person_id);

create trigger delivery_added after insert on delivery begin
	update counter set waiting = waiting + (new.state = 0), waiting_bytes = waiting_bytes + (new.state = 0) * new.size,
		quarantined = quarantined + (new.state = 1), processed = processed + (new.state = 2),
		parked = parked + (new.state = 2 and new.issues & 2 and new.set_aside = 0), orphaned = orphaned + (new.state = 2 and new.issues & 4 <> 0),
		fetching = fetching + (new.state = 2 and new.issues & 8 <> 0), unfinished = unfinished + (new.state = 2 and new.issues & 6 <> 0),
		aside = aside + new.set_aside;
end;
create trigger delivery_removed after delete on delivery begin
	update counter set waiting = waiting - (old.state = 0), waiting_bytes = waiting_bytes - (old.state = 0) * old.size,
		quarantined = quarantined - (old.state = 1), processed = processed - (old.state = 2),
		parked = parked - (old.state = 2 and old.issues & 2 and old.set_aside = 0), orphaned = orphaned - (old.state = 2 and old.issues & 4 <> 0),
		fetching = fetching - (old.state = 2 and old.issues & 8 <> 0), unfinished = unfinished - (old.state = 2 and old.issues & 6 <> 0),
		aside = aside - old.set_aside;
end;
create trigger delivery_changed after update of state, size, issues, set_aside on delivery
	when old.state <> new.state or old.issues <> new.issues or old.set_aside <> new.set_aside or old.size <> new.size begin
	update counter set waiting = waiting - (old.state = 0), waiting_bytes = waiting_bytes - (old.state = 0) * old.size,
		quarantined = quarantined - (old.state = 1), processed = processed - (old.state = 2),
		parked = parked - (old.state = 2 and old.issues & 2 and old.set_aside = 0), orphaned = orphaned - (old.state = 2 and old.issues & 4 <> 0),
		fetching = fetching - (old.state = 2 and old.issues & 8 <> 0), unfinished = unfinished - (old.state = 2 and old.issues & 6 <> 0),
		aside = aside - old.set_aside;
	update counter set waiting = waiting + (new.state = 0), waiting_bytes = waiting_bytes + (new.state = 0) * new.size,
		quarantined = quarantined + (new.state = 1), processed = processed + (new.state = 2),
		parked = parked + (new.state = 2 and new.issues & 2 and new.set_aside = 0), orphaned = orphaned + (new.state = 2 and new.issues & 4 <> 0),
		fetching = fetching + (new.state = 2 and new.issues & 8 <> 0), unfinished = unfinished + (new.state = 2 and new.issues & 6 <> 0),
		aside = aside + new.set_aside;
end;
