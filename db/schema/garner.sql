-- garner.db at its newest schema: people, records, and what became of each
-- delivery. New files are made from this page; older files reach the same
-- schema through migrations/garner.
--
-- Words and units of all tables:
--   person_id, type_id, …   id of a row of the table of that name. 0 or null,
--                           where a table says so, stands for all of them
--   delivery_id             id of a delivery in inbox.db. Deliveries are
--                           pruned, so nothing references them
--   element                 place of an element in its delivery, from 0;
--                           -1 is the delivery as a whole
--   type_key                a type by Garmin's callback key, as it arrived:
--                           perhaps of a type that Garner does not know
--   …_ms                    unix milliseconds, or a duration in milliseconds
--   …_s                     unix seconds, or a duration in seconds
--   day                     the person's date, in days since 1970-01-01
--   uday                    a UTC date, in days since 1970-01-01
--   crc                     CRC-32C of a row, see db/checksum.go; 0 for none
-- Words that grow with releases (kinds of incidents, events, requests, names
-- of signals) have no check, those that code has closed do.

-- Numbers for callback keys and metric names, so that rows stay small.
create table type (
	id  integer primary key,
	key text not null unique
) strict;
create table metric (
	id   integer primary key,
	name text not null unique
) strict;

-- Single numbers: pair (shared with inbox.db), high_water (newest delivery
-- that was claimed), people and settings (grow with each change of people and
-- accounts, and of settings), up_ms (time for which Garner ran in all), epoch
-- (of this database: a restore replaces it), id_base (what ids without a
-- sequence of their own stay above since a restore).
create table meta (
	name  text primary key,
	value integer not null
) strict, without rowid;

create table person (
	id         integer primary key,
	name       text    not null,
	name_fold  text    not null unique, -- names are unique whatever their case
	slug       text    not null unique, -- name in addresses; never changes
	units      text    not null default 'metric' check (units in ('metric', 'imperial')),
	created_ms integer not null,
	admins_read integer not null default 1 check (admins_read in (0, 1)), -- whether admins see values
	erasing_ms integer not null default 0, -- since when the rest of the person is being erased
	womens_health integer not null default 0 check (womens_health in (0, 1)), -- whether that page is switched on
	weight_unit text not null default '' check (weight_unit in ('', 'kg', 'lb', 'st')),
	temperature_unit text not null default '' check (temperature_unit in ('', 'c', 'f')),
	energy_unit text not null default '' check (energy_unit in ('', 'kcal', 'kj'))
) strict;

-- By what Garmin calls a person. A user id is kept as sent; a token only as
-- its hash, since it is a credential.
create table identity (
	kind      text    not null check (kind in ('user_id', 'token')),
	value     blob    not null,
	person_id integer not null references person on delete cascade,
	primary key (kind, value)
) strict, without rowid;

-- Accounts sign in. A member sees their own person and those who share with
-- them; an admin runs the installation.
create table account (
	id          integer primary key,
	name        text    not null,
	name_fold   text    not null unique, -- names are unique whatever their case
	role        text    not null check (role in ('admin', 'member')),
	person_id   integer unique references person on delete set null, -- their own
	password    text    not null default '', -- argon2id in PHC form; empty until one is chosen
	disabled    integer not null default 0 check (disabled in (0, 1)),
	units       text    not null default '' check (units in ('', 'metric', 'imperial')),
	clock       text    not null default '' check (clock in ('', '12', '24')),
	week_start  text    not null default '' check (week_start in ('', 'monday', 'saturday', 'sunday')),
	zone        text    not null default '', -- IANA name
	mail        text    not null default '', -- where their own incidents are mailed
	created_ms  integer not null,
	password_ms integer not null default 0,  -- when it was last set
	weight_unit text not null default '' check (weight_unit in ('', 'kg', 'lb', 'st')),
	temperature_unit text not null default '' check (temperature_unit in ('', 'c', 'f')),
	energy_unit text not null default '' check (energy_unit in ('', 'kcal', 'kj'))
) strict;

-- Sessions of browsers, by the SHA-256 of their token.
create table session (
	token      blob    primary key,
	account_id integer references account on delete cascade,
	data       blob    not null, -- of scs
	created_ms integer not null,
	seen_ms    integer not null,
	ends_ms    integer not null,
	address    text    not null, -- of the client, when it signed in
	agent      text    not null  -- its User-Agent
) strict, without rowid;
create index session_account on session (account_id);
create index session_ends on session (ends_ms);

-- Browsers that have signed in before, by the SHA-256 of their cookie: guesses
-- from elsewhere do not slow them down.
create table device (
	token      blob    primary key,
	account_id integer not null references account on delete cascade,
	seen_ms    integer not null
) strict, without rowid;
create index device_account on device (account_id);

-- One-time links, by the SHA-256 of their token. account_id is null for the
-- link that creates the first admin.
create table link (
	token      blob    primary key,
	kind       text    not null check (kind in ('setup', 'invitation', 'reset')),
	account_id integer references account on delete cascade,
	created_ms integer not null,
	expires_ms integer not null,
	used_ms    integer not null default 0
) strict, without rowid;
create index link_account on link (account_id);

-- Who may read the values of a person besides themselves. Whether the admins
-- may is in person.admins_read.
create table share (
	person_id  integer not null references person on delete cascade,
	account_id integer not null references account on delete cascade,
	created_ms integer not null,
	primary key (person_id, account_id)
) strict, without rowid;
create index share_account on share (account_id);

-- What accounts did that others should be able to read later. account_id is
-- null for the command line; actor is the name that the account had.
create table audit (
	id         integer primary key,
	at_ms      integer not null,
	account_id integer references account on delete set null,
	actor      text    not null,
	person_id  integer references person on delete cascade, -- whom it concerns
	action     text    not null, -- db.Action
	detail     text    not null default '',
	address    text    not null default ''
) strict;
create index audit_person on audit (person_id, id);
create index audit_account on audit (account_id);

-- Settings made on pages. What the configuration file sets is not here.
create table setting (
	name   text primary key,
	value  blob not null,
	key_id text not null default '' -- of the key that encrypts it; empty: not encrypted
) strict, without rowid;

-- What became of each delivery of the inbox. The row is written with the
-- first attempt, and again together with the records that it made.
create table delivery (
	id            integer primary key,
	state         integer not null check (state between 0 and 2), -- db.State: 0 waiting, 1 quarantined, 2 done
	attempts      integer not null default 0,
	due_ms        integer not null default 0, -- of one that waits: not before
	received_ms   integer not null,
	applied_ms    integer not null default 0, -- 0 until it was processed
	applied_up_ms integer not null default 0, -- the same on the clock of meta.up_ms
	size          integer not null,           -- bytes, as received
	type_key      text    not null default '', -- the body's first key, or the path's hint
	elements      integer not null default 0,
	reason        text    not null default '',
	issues        integer not null default 0, -- its kinds of issues: bits 1 << issue.kind
	accepted      integer not null default 0 check (accepted in (0, 1)),  -- out of quarantine
	set_aside     integer not null default 0 check (set_aside in (0, 1)), -- its parked elements are off the lists
	slow          integer not null default 0 check (slow in (0, 1)),      -- processed by itself: big, packed, or failed before
	erase         integer not null default 0 check (erase in (0, 1))      -- names an erased person: its body goes once it is settled
) strict;
create index delivery_due on delivery (due_ms) where state = 0;
create index delivery_quarantined on delivery (received_ms) where state = 1;
create index delivery_prune on delivery (applied_up_ms) where state = 2 and type_key not glob 'personal/*';
create index delivery_prune_personal on delivery (applied_up_ms) where state = 2 and type_key glob 'personal/*';
create index delivery_parked on delivery (received_ms) where issues & 2 and set_aside = 0;
create index delivery_type on delivery (type_key, id);
create index delivery_erase on delivery (id) where erase = 1;

-- What pages count, in one row, kept up to date by triggers.
create table counter (
	id            integer primary key check (id = 1),
	waiting       integer not null,
	waiting_bytes integer not null,
	quarantined   integer not null,
	processed     integer not null,
	parked        integer not null, -- of those processed, and not set aside
	orphaned      integer not null,
	fetching      integer not null,
	unfinished    integer not null, -- parked, set aside or not, or orphaned
	aside         integer not null
) strict;
insert into counter values (1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
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

-- Elements that could not become a record (yet), with their reason.
create table issue (
	delivery_id integer not null,
	element     integer not null,
	kind        integer not null check (kind between 1 and 4), -- db.IssueKind: 1 parked, 2 orphaned, 3 fetching, 4 held
	type_key    text    not null,
	user_id     text    not null default '', -- whom the element names; '*' for more people than rows
	token       text    not null default '', -- of an orphan: the token beside or instead of it, see db.TokenName
	reason      text    not null,
	count       integer not null default 1, -- elements that this row stands for
	at_ms       integer not null,
	since_up_ms integer not null default 0, -- when it began, on the clock of meta.up_ms
	primary key (delivery_id, element)
) strict, without rowid;
create index issue_kind on issue (kind, reason, type_key);
create index issue_parked on issue (user_id) where kind = 1;
create index issue_user on issue (user_id, delivery_id) where kind = 2;
create index issue_token on issue (token, delivery_id) where kind = 2 and token <> '';

-- The current version of each record of a type that has rows of its own.
create table record (
	id           integer primary key,
	person_id    integer not null references person on delete cascade,
	type_id      integer not null references type,
	key          text    not null, -- natural key
	day          integer not null,
	start_s      integer not null,
	end_s        integer not null,
	offset_s     integer,          -- of the person's clock against UTC; null where not sent
	class        integer not null check (class between 0 and 3), -- health.Class: 0 off wrist, 1 tentative, 2 final, 3 edited
	reach_s      integer not null, -- health.Order
	upload_end_s integer not null,
	delivery_id  integer not null, -- with element: its first arrival
	element      integer not null,
	sum          blob    not null, -- hash of its content
	summary_id   text    not null,
	device       text    not null,
	origin       integer not null check (origin between 0 and 7), -- health.Origin, three bits as in blocks
	received_ms  integer not null,
	processed_ms integer not null,
	versions     integer not null, -- rows of version
	span_start_s integer,          -- of the group of overlapping versions;
	span_end_s   integer,          -- null for types that do not overlap
	hidden       integer not null default 0 check (hidden in (0, 1)),  -- simulated, beside real ones of its day
	blended      integer not null default 0 check (blended in (0, 1)), -- some samples are of a denser version
	crc          integer not null default 0,
	body         blob    not null, -- the element, packed, zstd
	source       integer not null default 0, -- health.Source, of the version that ranks first
	others       integer not null default 0, -- health.Origins, of the others that body has parts of
	unique (person_id, type_id, key)
) strict;
create index record_day on record (person_id, type_id, day, start_s, id);
create index record_span on record (person_id, type_id, span_start_s) where span_start_s is not null;

-- The facts of every version that ever arrived, the current one included.
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
	weighed      integer not null default 0 check (weighed in (0, 1)), -- its samples were compared with the others'
	source       integer not null default 0, -- health.Source
	primary key (record_id, sum)
) strict, without rowid;

-- Bodies of the versions that a record shows parts of, and of its current
-- version as it was sent. Most records have none.
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
	body         blob    not null, -- packed, zstd
	source       integer not null default 0, -- health.Source
	origin       integer not null default 0, -- health.Origin
	primary key (record_id, sum)
) strict, without rowid;

-- Types of many tiny records: one block per person, type and UTC day of the
-- start, which holds the records and the facts of their versions.
create table block (
	person_id integer not null references person on delete cascade,
	type_id   integer not null references type,
	uday      integer not null,
	crc       integer not null default 0,
	body      blob    not null, -- db/block.go, zstd
	primary key (person_id, type_id, uday)
) strict;

-- The next tables are derived and can be rebuilt from record and block. Their
-- type_id is not a declared reference: that would cost a look-up with each row.

-- Metric values by the record that yields them. type_id is 0 for what is
-- derived across records, record_id is then the health.Derivation.
create table reading (
	person_id integer not null references person on delete cascade,
	type_id   integer not null,
	day       integer not null,
	record_id integer not null,
	hidden    integer not null default 0 check (hidden in (0, 1)), -- as its record is
	vals      blob    not null, -- db/reading.go
	primary key (person_id, type_id, day, record_id)
) strict, without rowid;

-- What arrived for a person, type and day.
create table coverage (
	person_id integer not null references person on delete cascade,
	type_id   integer not null,
	day       integer not null,
	records   integer not null,
	first_ms  integer not null, -- received
	last_ms   integer not null,
	hidden    integer not null default 0, -- simulated records that real ones hide
	simulated integer not null default 0 check (simulated in (0, 1)), -- those that count are
	primary key (person_id, type_id, day)
) strict, without rowid;

-- How new a person's data of a type are. Live data move live_s and news_ms;
-- data that come late and are older are no sign of life.
create table freshness (
	person_id    integer not null references person on delete cascade,
	type_id      integer not null,
	sample_s     integer not null, -- newest instant that the data reach
	received_ms  integer not null,
	processed_ms integer not null,
	live_s       integer not null default 0, -- newest instant that live data reach
	news_ms      integer not null default 0, -- the arrival that brought it first
	offset_s     integer,                    -- the clock that the watch showed last, against UTC
	offset_at_s  integer not null default 0, -- newest instant of a record with that clock
	primary key (person_id, type_id)
) strict, without rowid;

-- Days whose metrics across records wait to be derived again.
create table dirty (
	person_id integer not null references person on delete cascade,
	day       integer not null,
	family    integer not null,           -- health.Derivation
	mark      integer not null default 0, -- grows while the day waits and changes again
	primary key (family, person_id, day)
) strict, without rowid;

-- In which hours something new came: bit n of hours is hour n of the UTC day.
-- type_id 0 stands for all types.
create table arrival (
	person_id integer not null references person on delete cascade,
	type_id   integer not null,
	uday      integer not null,
	hours     integer not null,
	primary key (person_id, type_id, uday)
) strict, without rowid;

-- The same for all people together.
create table arrival_all (
	type_id integer not null,
	uday    integer not null,
	hours   integer not null,
	primary key (type_id, uday)
) strict, without rowid;

-- How many elements of a type were processed, by the UTC day of arrival.
create table volume (
	type_id integer not null,
	uday    integer not null,
	n       integer not null,
	primary key (type_id, uday)
) strict, without rowid;

-- Learnt once a day from arrivals. person_id null: all people; type_id null:
-- all types.
create table rhythm (
	person_id integer references person on delete cascade,
	type_id   integer references type,
	gap_s     integer not null, -- longest usual gap
	days      integer not null, -- days that it was learnt from
	by_min    integer not null, -- minute of the UTC day by which data have usually come
	uday      integer not null  -- the day on which it was learnt
) strict;
create unique index rhythm_of on rhythm (coalesce(person_id, 0), coalesce(type_id, 0));
create index rhythm_person on rhythm (person_id);

-- What Garmin says of a connection. Nobody signs these notices, so they are
-- hints until Garmin confirms them.
create table notice (
	delivery_id integer not null,
	element     integer not null,
	person_id   integer not null references person on delete cascade,
	type_key    text    not null,
	detail      text    not null, -- the element as JSON
	at_ms       integer not null, -- received
	verdict     integer not null default 0 check (verdict between 0 and 2), -- db.Verdict: 0 claimed, 1 confirmed, 2 refuted
	due_ms      integer not null default 0, -- when Garmin may be asked about it (again)
	primary key (delivery_id, element)
) strict, without rowid;
create index notice_open on notice (due_ms) where verdict = 0;
create index notice_person on notice (person_id, at_ms);

-- What was left out, counted by reason.
create table tally (
	what     text    not null,
	type_key text    not null,
	name     text    not null,
	n        integer not null,
	at_ms    integer not null, -- the latest
	primary key (what, type_key, name)
) strict, without rowid;

-- Long work that a command or a page asks of the running appliance.
create table request (
	id         integer primary key,
	kind       text    not null,
	done       integer not null default 0,
	total      integer not null default 0,
	created_ms integer not null,
	ended_ms   integer, -- null while it waits or runs
	error      text    not null default '',
	about      text    not null default '' -- JSON: what the work is about, as its kind says
) strict;

-- Intervals in which Garner ran ('up', grown by a beat a minute), and in which
-- it ran and its public address did not respond ('unreachable').
create table uptime (
	id      integer primary key,
	kind    text    not null check (kind in ('up', 'unreachable')),
	from_ms integer not null,
	to_ms   integer not null
) strict;
create index uptime_end on uptime (kind, to_ms);

-- The latest of each kind of signal: a contact from outside, a probe of the
-- public address, a heartbeat sent, a check of the clock.
create table signal (
	name   text    primary key,
	at_ms  integer not null,
	value  integer not null,
	detail text    not null
) strict, without rowid;

-- One silence or fault, from the moment it became late to recovery. person_id
-- null: of no one person; type_id null: of no one type.
create table incident (
	id          integer primary key,
	kind        text    not null, -- alert.Kind
	person_id   integer references person on delete cascade,
	type_id     integer references type,
	since_ms    integer not null,
	opened_ms   integer not null,
	closed_ms   integer not null default 0, -- 0 while it is open
	evidence    text    not null,           -- JSON of alert.Evidence
	notified    integer not null check (notified between 0 and 2), -- alert.NotifiedState: 0 not, 1 of its start, 2 of its end
	notified_ms integer not null,
	reminders   integer not null,
	reopened    integer not null
) strict;
create unique index incident_open on incident (kind, coalesce(person_id, 0), coalesce(type_id, 0)) where closed_ms = 0;
create index incident_closed on incident (closed_ms);
create index incident_person on incident (person_id, id);

-- The timeline of an incident.
create table incident_event (
	id          integer primary key,
	incident_id integer not null references incident on delete cascade,
	at_ms       integer not null,
	event       text    not null -- alert.Event
) strict;
create index incident_event_of on incident_event (incident_id);

-- Notifications, one row for each destination, written together with the
-- incident that they are about.
create table notification (
	id          integer primary key,
	key         text    not null unique, -- stable name of the notification towards others
	incident_id integer references incident on delete cascade, -- null: a test, summary or digest
	event       text    not null,        -- alert.Event, or test, summary, digest
	channel     text    not null check (channel in ('mail', 'ntfy', 'webhook')),
	destination text    not null,        -- an address of that channel
	subject     text    not null,
	body        text    not null,        -- JSON of what is sent
	created_ms  integer not null,
	due_ms      integer not null,
	attempts    integer not null default 0,
	state       integer not null default 0 check (state between 0 and 4), -- db.NotificationState: 0 unsent, 1 sent, 2 given up, 3 digested, 4 unneeded
	ended_ms    integer not null default 0,
	spent_ms    integer not null default 0, -- when it last counted against the hour's limit
	digest_id   integer not null default 0, -- the notification that a digested one went out with
	answer      text    not null default '', -- what the other side said last
	person_id   integer references person on delete cascade -- to whose own mail it goes; null: to a destination of the installation
) strict;
create index notification_due on notification (due_ms) where state = 0;
create index notification_ended on notification (ended_ms) where state <> 0;
create index notification_channel on notification (channel, state, person_id, id);
create index notification_incident on notification (incident_id);
create index notification_spent on notification (destination, spent_ms) where spent_ms > 0;
create index notification_person on notification (person_id);

-- Times in which no one is notified of silence. person_id null: of anyone;
-- type_id null: of any type.
create table pause (
	id        integer primary key,
	person_id integer references person on delete cascade,
	type_id   integer references type,
	from_ms   integer not null,
	to_ms     integer not null,
	reason    text    not null
) strict;
create index pause_end on pause (to_ms);
create index pause_person on pause (person_id);

-- Limits that were set for a person or a type of theirs. person_id null:
-- everyone; type_id null: all types.
create table rule (
	id        integer primary key,
	person_id integer references person on delete cascade,
	type_id   integer references type,
	limit_s   integer not null, -- how long a silence may last; 0: no limit of its own
	off       integer not null check (off in (0, 1)) -- the type does not apply to the person
) strict;
create unique index rule_of on rule (coalesce(person_id, 0), coalesce(type_id, 0));
create index rule_person on rule (person_id);

-- One consent of a person at Garmin, from linking until it ends. The tokens
-- are encrypted; an ended connection has none.
create table connection (
	id              integer primary key autoincrement,
	person_id       integer not null references person on delete cascade,
	user_id         text    not null, -- Garmin's
	state           integer not null check (state between 0 and 2), -- db.ConnectionState: 0 active, 1 needs to reconnect, 2 ended
	cause           integer not null default 0 check (cause between 0 and 7), -- health.ConnectionCause: why it is not active
	began_ms        integer not null,
	ended_ms        integer not null default 0,
	access          blob    not null,
	refresh         blob    not null,
	key_id          text    not null default '', -- of the key that encrypts both
	access_ends_ms  integer not null,
	refresh_ends_ms integer not null,
	rotation        integer not null default 1, -- grows with each new pair of tokens
	refreshing_ms   integer not null default 0, -- a refresh began whose answer is not known
	stopping_ms     integer not null default 0, -- since when Garmin is to be asked to end it
	due_ms          integer not null default 0  -- when the next call about the connection itself may be made
) strict;
create unique index connection_person on connection (person_id) where state < 2;
create unique index connection_user on connection (user_id) where state < 2;
create index connection_of on connection (person_id, id);

-- What a person granted, as Garmin confirmed it, from an instant on.
create table permission (
	connection_id integer not null references connection on delete cascade,
	at_ms         integer not null,
	granted       text    not null, -- Garmin's names, sorted, with spaces between them
	primary key (connection_id, at_ms)
) strict, without rowid;

-- Invitations to connect, by the SHA-256 of their token.
create table invitation (
	token      blob    primary key,
	person_id  integer not null references person on delete cascade,
	created_ms integer not null,
	expires_ms integer not null,
	used_ms    integer not null default 0
) strict, without rowid;
create index invitation_person on invitation (person_id);

-- Runs through Garmin's sign-in, by the SHA-256 of their state.
create table authorization (
	state           blob    primary key,
	browser         blob    not null, -- SHA-256 of the cookie that it belongs to
	invitation      blob    not null, -- of the table of that name
	person_id       integer not null references person on delete cascade,
	redirect        text    not null, -- redirect_uri
	created_ms      integer not null,
	expires_ms      integer not null,
	returned_ms     integer not null default 0, -- the state is used up
	verifier        blob    not null, -- PKCE, encrypted as the tokens
	access          blob    not null default x'',
	refresh         blob    not null default x'',
	key_id          text    not null default '',
	access_ends_ms  integer not null default 0,
	refresh_ends_ms integer not null default 0,
	user_id         text    not null default '',
	granted         text    not null default '', -- as in permission
	fault           text    not null default '', -- why it cannot be confirmed
	connection_id   integer references connection on delete cascade -- null until it was confirmed
) strict, without rowid;
create index authorization_person on authorization (person_id);
create index authorization_ends on authorization (expires_ms);
create index authorization_connection on authorization (connection_id);

-- Addresses that pings announced, and what became of each.
create table fetch (
	id          integer primary key autoincrement,
	delivery_id integer not null,
	element     integer not null,
	person_id   integer not null references person on delete cascade,
	type_key    text    not null,
	path        text    not null,
	query       text    not null, -- of Garmin's address; empty when it is over, since it holds a token
	announced   text    not null, -- the element as JSON, without the address
	from_s      integer not null, -- upload window, 0 for none
	to_s        integer not null,
	state       integer not null check (state between 0 and 3), -- db.FetchState: 0 waiting, 1 done, 2 lost, 3 failed
	created_ms  integer not null,
	ends_ms     integer not null, -- Garmin keeps it until then
	due_ms      integer not null,
	attempts    integer not null default 0,
	asked_ms    integer not null default 0, -- a call that may use up the address began
	ended_ms    integer not null default 0,
	result_id   integer not null default 0, -- the delivery that it brought
	bytes       integer not null default 0,
	reason      text    not null default '',
	unique (delivery_id, element)
) strict;
create index fetch_due on fetch (due_ms) where state = 0;
create index fetch_person on fetch (person_id, id);
create index fetch_state on fetch (state, ended_ms);

-- Activity files. The bytes are in data_dir/files, compressed.
create table file (
	id          integer primary key,
	person_id   integer not null references person on delete cascade,
	activity    text    not null, -- the activity's natural key
	kind        text    not null, -- FIT, TCX or GPX
	sha256      blob    not null, -- of the bytes as fetched
	size        integer not null, -- as fetched
	stored      integer not null, -- on disk
	delivery_id integer not null,
	received_ms integer not null,
	device      text    not null default '',
	fault       text    not null default '', -- why it could not be decoded
	unique (person_id, activity, sha256)
) strict;

-- Every window of history that Garmin was ever asked for, kept for good.
create table backfill (
	id            integer primary key autoincrement,
	connection_id integer not null references connection on delete cascade,
	person_id     integer not null references person on delete cascade,
	type_key      text    not null,
	from_s        integer not null, -- half-open, by the time of the record
	to_s          integer not null,
	cause         integer not null check (cause between 0 and 2), -- db.BackfillCause: 0 by hand, 1 connecting, 2 a gap
	state         integer not null check (state between 0 and 7), -- db.BackfillState, see there
	planned_ms    integer not null,
	asked_ms      integer not null default 0, -- the first call
	answered_ms   integer not null default 0,
	due_ms        integer not null default 0,
	attempts      integer not null default 0,
	unknown       integer not null default 0 check (unknown between 0 and 3), -- calls whose answer was never learnt
	status        integer not null default 0, -- HTTP
	answer        text    not null default '',
	records       integer not null default 0, -- what came of it
	first_ms      integer not null default 0,
	last_ms       integer not null default 0
) strict;
create index backfill_person on backfill (person_id, type_key, from_s);
create index backfill_connection on backfill (connection_id, type_key, from_s);
create index backfill_open on backfill (due_ms) where state <= 1;
create index backfill_awaited on backfill (person_id, type_key) where state in (1, 2);

-- The earliest instant that Garmin takes requests for, as it said last.
create table earliest (
	connection_id integer not null references connection on delete cascade,
	type_key      text    not null,
	at_s          integer not null,
	learnt_ms     integer not null,
	primary key (connection_id, type_key)
) strict, without rowid;

-- Calls that counted against Garmin's limits in the last minutes, so that a
-- restart does not forget them.
create table spending (
	at_ms integer not null,
	what  text    not null, -- a limit's name
	n     integer not null
) strict;
create index spending_at on spending (what, at_ms);

-- Erased people: what Garmin called them, as a hash by a key that is encrypted.
create table erased (
	hash  blob primary key, -- HMAC-SHA-256
	at_ms integer not null
) strict, without rowid;
create table hash_key (
	id     integer primary key check (id = 1),
	value  blob    not null,
	key_id text    not null
) strict;

-- Erasures that are not complete: what is left to be found in stored bodies.
create table erasure (
	id         integer primary key,
	names      blob    not null, -- user ids and tokens, JSON, encrypted
	key_id     text    not null,
	files      text    not null, -- the folder of the person's activity files
	through    integer not null default 0, -- deliveries up to it are searched
	last       integer not null, -- deliveries after it came later
	created_ms integer not null
) strict;

-- The newest change of each person, type and day, for mirrors: ids grow with
-- every change. type_id 0: the day's metrics; -1, with day 0: the person was
-- erased.
create table change (
	id        integer primary key autoincrement,
	person_id integer not null, -- no reference: of an erased person one row stays
	type_id   integer not null,
	day       integer not null,
	unique (person_id, type_id, day)
) strict;
create trigger person_erased after delete on person begin
	delete from change where person_id = old.id and type_id >= 0;
	insert or ignore into change (person_id, type_id, day) values (old.id, -1, 0);
end;

-- Tokens of the API, by their SHA-256.
create table api_token (
	id         integer primary key autoincrement,
	hash       blob    not null unique,
	name       text    not null,
	account_id integer references account on delete cascade, -- who made it; null: the command line
	person_id  integer references person on delete cascade,  -- the one person it reads; null: all whom its maker reads
	scopes     text    not null, -- sorted, with spaces between them
	created_ms integer not null,
	expires_ms integer not null default 0, -- 0: never
	used_ms    integer not null default 0
) strict;
create unique index api_token_name on api_token (coalesce(account_id, 0), name);
create index api_token_person on api_token (person_id);

-- Every backup that was tried.
create table backup (
	id         integer primary key autoincrement,
	cause      text    not null, -- backup.Cause: schedule, command, page, upgrade
	file       text    not null, -- path
	began_ms   integer not null,
	ended_ms   integer not null default 0, -- 0: it runs, or was killed
	size       integer not null default 0,
	secrets    integer not null default 0 check (secrets in (0, 1)),
	fault      text    not null default '', -- why there is none
	copy_fault text    not null default ''  -- why it is not in the second place
) strict;

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

-- What people wrote about their days, in their own words.
create table day_note (
	person_id  integer not null references person on delete cascade,
	day        integer not null, -- since 1970-01-01
	note       text    not null check (note <> ''),
	changed_ms integer not null,
	primary key (person_id, day)
) strict, without rowid;
