-- Several sources of one record, and Garmin's Personal API.

alter table record add column source integer not null default 0; -- health.Source, of the version that ranks first
alter table record add column others integer not null default 0; -- health.Origins, of the others that body has parts of
alter table version add column source integer not null default 0; -- health.Source
alter table kept add column source integer not null default 0; -- health.Source
alter table kept add column origin integer not null default 0; -- health.Origin
update kept set origin = (select origin from record where id = record_id);

alter table request add column about text not null default ''; -- JSON: what the work is about, as its kind says

-- Keys for Garmin's Personal API, one per person: how data of the person are
-- asked for. The row stays when the key was removed, for what it says of the past.
create table personal_key (
	person_id      integer primary key references person on delete cascade,
	user_id        text    not null unique, -- what Garner calls the person in deliveries, see db.PersonalID
	state          integer not null check (state between 0 and 2), -- db.KeyState: 0 in use, 1 refused, 2 removed
	value          blob    not null, -- the key, encrypted; empty unless it is in use or refused
	bearer         blob    not null, -- encrypted
	key_id         text    not null default '', -- of the key that encrypts both
	bearer_ends_ms integer not null default 0,
	generation     integer not null default 1, -- grows with each key of the person
	since_ms       integer not null,           -- the person's first key was stored
	stored_ms      integer not null,           -- this key was
	ends_day       integer not null default 0, -- its last day, as the person said; 0: unknown
	refused_ms     integer not null default 0,
	fault          text    not null default '', -- what Garmin said when it refused it
	first_day      integer not null default 0, -- first day of the account, 0: unknown
	zone           text    not null default '', -- the person's time zone as Garmin has it, IANA name
	resume_ms      integer not null default 0  -- no calls before, since Garmin said so
) strict;

-- What the Personal API was asked for, by person, endpoint and item: the newest
-- answer for each. item is a day (since 1970-01-01), an activity's id, or 0.
create table pulled (
	person_id integer not null references person on delete cascade,
	endpoint  text    not null, -- personal.Endpoint.Key
	item      integer not null,
	day       integer not null, -- the item's day
	state     integer not null check (state between 0 and 4), -- db.PulledState: 0 to ask, 1 nothing, 2 placeholder, 3 data, 4 failed
	asked_ms  integer not null default 0, -- the newest call that was answered
	tries     integer not null default 0, -- failed calls in a row
	due_ms    integer not null default 0, -- not to be asked again before
	final     integer not null default 0 check (final in (0, 1)), -- the answer will not change any more
	answer    integer not null default 0, -- hash of the newest answer and its path; 0: none
	kept_ms   integer not null default 0, -- that answer was stored in the inbox
	primary key (person_id, endpoint, item)
) strict, without rowid;
create index pulled_day on pulled (person_id, day);

-- Calls of the Personal API, written before they are made. The newest of each
-- person are kept.
create table pull_call (
	id          integer primary key autoincrement,
	person_id   integer not null references person on delete cascade,
	endpoint    text    not null,
	item        integer not null, -- first day, an activity's id, or 0
	days        integer not null, -- how many from item on, 0 if item is no day
	began_ms    integer not null,
	ended_ms    integer not null default 0, -- 0: it runs, or its answer was lost
	status      integer not null default 0, -- HTTP; 0: none came
	state       integer not null default 0 check (state between 0 and 4), -- as in pulled
	bytes       integer not null default 0,
	delivery_id integer not null default 0,
	fault       text    not null default ''
) strict;
create index pull_call_person on pull_call (person_id, id);

-- Answers of the Personal API are kept for longer than what is pushed.
drop index delivery_prune;
create index delivery_prune on delivery (applied_up_ms) where state = 2 and type_key not glob 'personal/*';
create index delivery_prune_personal on delivery (applied_up_ms) where state = 2 and type_key glob 'personal/*';
