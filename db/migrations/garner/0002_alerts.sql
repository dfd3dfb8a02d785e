-- Live data move these two: the newest instant that a push reached, and the
-- arrival that brought it first. Data that come late and are older move
-- neither, so they are no sign of life.
alter table freshness add column live_s integer not null default 0;
alter table freshness add column news_ms integer not null default 0;

-- In which hours something new came, one bit for each hour of a UTC day.
-- Person 0 stands for everybody, type 0 for all types.
create table arrival (
	person integer not null,
	type   integer not null,
	uday   integer not null,
	hours  integer not null,
	primary key (person, type, uday)
) strict, without rowid;

-- How many elements of a type were processed, by the UTC day of arrival.
create table volume (
	type integer not null,
	uday integer not null,
	n    integer not null,
	primary key (type, uday)
) strict, without rowid;

-- Learnt once a day from arrivals.
create table rhythm (
	person  integer not null,
	type    integer not null,
	gap_s   integer not null,
	days    integer not null,
	by_min  integer not null,
	uday    integer not null, -- the day on which it was learnt
	primary key (person, type)
) strict, without rowid;

-- Stretches of time: in which Garner ran ('ran', grown by a beat a minute) and
-- in which it ran and its public address did not answer ('deaf').
create table stretch (
	id      integer primary key,
	kind    text    not null check (kind in ('ran', 'deaf')),
	from_ms integer not null,
	to_ms   integer not null
) strict;
create index stretch_end on stretch (kind, to_ms);

-- The latest of each kind of sign: a contact from outside, a probe of the
-- public address, a heartbeat sent, a check of the clock.
create table sign (
	name   text    primary key,
	at_ms  integer not null,
	value  integer not null,
	detail text    not null
) strict, without rowid;

create table episode (
	id        integer primary key,
	kind      text    not null,
	person    integer not null,
	type      text    not null,
	since_ms  integer not null,
	opened_ms integer not null,
	closed_ms integer not null default 0, -- 0 while it is open
	evidence  text    not null,           -- JSON of alert.Evidence
	told      integer not null,           -- alert.Told
	told_ms   integer not null,
	reminders integer not null,
	reopened  integer not null
) strict;
create unique index episode_open on episode (kind, person, type) where closed_ms = 0;
create index episode_closed on episode (closed_ms);
create index episode_person on episode (person, id);

create table episode_event (
	id      integer primary key,
	episode integer not null references episode on delete cascade,
	at_ms   integer not null,
	event   text    not null
) strict;
create index episode_event_of on episode_event (episode);

-- Notices to be told, one row for each destination, written together with the
-- episode that they tell of.
create table message (
	id         integer primary key,
	key        text    not null unique, -- stable name of the message towards others
	episode    integer not null default 0,
	event      text    not null,        -- alert.Event, or test, summary, digest
	way        text    not null,        -- mail, ntfy, webhook
	dest       text    not null,
	subject    text    not null,
	body       text    not null,        -- JSON of what is sent
	created_ms integer not null,
	due_ms     integer not null,
	attempts   integer not null default 0,
	state      integer not null default 0, -- db.MessageState
	ended_ms   integer not null default 0,
	spent_ms   integer not null default 0, -- when it last counted against the hour's limit
	digest     integer not null default 0, -- the message that it went out with
	answer     text    not null default ''
) strict;
create index message_waiting on message (state, due_ms) where state = 0;
create index message_ended on message (ended_ms) where state <> 0;
create index message_way on message (way, state, id);
create index message_episode on message (episode) where episode > 0;
create index message_spent on message (dest, spent_ms) where spent_ms > 0;

-- Person 0 is everybody, type '' all types.
create table pause (
	id      integer primary key,
	person  integer not null,
	type    text    not null,
	from_ms integer not null,
	to_ms   integer not null,
	reason  text    not null
) strict;
create index pause_end on pause (to_ms);

-- Parked elements by whom they name.
create index issue_parked on issue (user_id) where kind = 1;

create table rule (
	id      integer primary key,
	person  integer not null,
	type    text    not null,
	limit_s integer not null, -- 0: none of its own
	off     integer not null, -- does not apply to this person
	unique (person, type)
) strict;
