-- Numbers for the callback keys and metric names, so that rows stay small.
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
	name_fold  text    not null unique, -- names are unique whatever their case
	slug       text    not null unique,
	units      text    not null default 'metric',
	created_ms integer not null
) strict;

-- By what Garmin calls a person. A user id is kept as sent; a token only as
-- its hash, since it is a credential.
create table identity (
	kind   text not null check (kind in ('user_id', 'token')),
	value  blob not null,
	person integer not null references person on delete cascade,
	primary key (kind, value)
) strict, without rowid;

-- What became of each delivery of the inbox. The row is written with the
-- first attempt, and again together with the records that it made.
create table delivery (
	id          integer primary key,
	state       integer not null, -- db.State
	attempts    integer not null default 0,
	due_ms      integer not null default 0,
	received_ms integer not null,
	applied_ms  integer not null default 0,
	size        integer not null,
	type        text    not null default '', -- the first top-level key, or the path's hint
	elements    integer not null default 0,
	reason      text    not null default '',
	accepted    integer not null default 0,  -- a keeper accepted it out of quarantine
	set_aside   integer not null default 0
) strict;
-- SQLite uses it only for queries that say "state <> 2" themselves.
create index delivery_open on delivery (state, due_ms) where state <> 2;
create index delivery_type on delivery (type, id);

-- Elements that could not become a record (yet), with their reason.
create table issue (
	delivery integer not null,
	element  integer not null,
	kind     integer not null, -- db.IssueKind
	type     text    not null,
	user_id  text    not null default '',
	reason   text    not null,
	count    integer not null default 1, -- elements that this row stands for
	at_ms    integer not null,
	primary key (delivery, element)
) strict, without rowid;
create index issue_kind on issue (kind, reason, type);
create index issue_user on issue (user_id, delivery) where kind = 2;

-- The standing version of each record of a type that has rows of its own.
create table record (
	id           integer primary key,
	person       integer not null references person on delete cascade,
	type         integer not null references type,
	key          text    not null,
	day          integer not null,
	start_s      integer not null,
	end_s        integer not null,
	offset_s     integer,
	class        integer not null,
	reach        integer not null,
	upload_end   integer not null,
	delivery     integer not null, -- arrival
	element      integer not null,
	sum          blob    not null,
	summary_id   text    not null,
	device       text    not null,
	origin       integer not null,
	received_ms  integer not null,
	processed_ms integer not null,
	versions     integer not null,
	span_start   integer, -- of the group of overlapping versions
	span_end     integer,
	body         blob    not null, -- the element, packed, zstd
	unique (person, type, key)
) strict;
create index record_day on record (person, type, day, start_s, id);
create index record_span on record (person, type, span_start) where span_start is not null;

-- The facts of every version that ever arrived, the standing one included.
create table version (
	record      integer not null references record on delete cascade,
	sum         blob    not null,
	class       integer not null,
	reach       integer not null,
	upload_end  integer not null,
	delivery    integer not null,
	element     integer not null,
	start_s     integer not null,
	end_s       integer not null,
	received_ms integer not null,
	summary_id  text    not null,
	primary key (record, sum)
) strict, without rowid;

-- Types of many tiny records: one block per person, type and UTC day of the
-- start, which holds the records and the facts of their versions.
create table block (
	person integer not null references person on delete cascade,
	type   integer not null references type,
	uday   integer not null,
	body   blob    not null,
	primary key (person, type, uday)
) strict;

-- All below is derived and can be rebuilt from record and block.

-- Metric values by the record that yields them; type and record are 0 for
-- what is derived across records.
create table reading (
	person integer not null references person on delete cascade,
	type   integer not null,
	day    integer not null,
	record integer not null,
	vals   blob    not null,
	primary key (person, type, day, record)
) strict, without rowid;

create table coverage (
	person      integer not null references person on delete cascade,
	type        integer not null,
	day         integer not null,
	records     integer not null,
	first_ms    integer not null, -- received
	last_ms     integer not null,
	primary key (person, type, day)
) strict, without rowid;

create table freshness (
	person       integer not null references person on delete cascade,
	type         integer not null,
	sample_s     integer not null, -- newest instant that the data reach
	received_ms  integer not null,
	processed_ms integer not null,
	primary key (person, type)
) strict, without rowid;

-- Days whose cross-record metrics wait to be derived again.
create table dirty (
	person integer not null references person on delete cascade,
	day    integer not null,
	family integer not null, -- health.Derivation
	mark   integer not null default 0, -- grows while the day waits and changes again
	primary key (family, person, day)
) strict, without rowid;

-- What Garmin says of a connection. Nobody signs these notices, so they are
-- hints until Garmin confirms them.
create table notice (
	delivery integer not null,
	element  integer not null,
	person   integer not null references person on delete cascade,
	type     text    not null,
	detail   text    not null,
	at_ms    integer not null,
	primary key (delivery, element)
) strict, without rowid;

-- What was left out, counted by reason.
create table tally (
	what  text not null,
	type  text not null,
	name  text not null,
	n     integer not null,
	at_ms integer not null,
	primary key (what, type, name)
) strict, without rowid;

-- Long work that a command or a page asks of the running appliance.
create table request (
	id         integer primary key,
	kind       text    not null,
	done       integer not null default 0,
	total      integer not null default 0,
	created_ms integer not null,
	ended_ms   integer,
	error      text    not null default ''
) strict;
