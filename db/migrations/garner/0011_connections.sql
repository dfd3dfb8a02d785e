-- Connections to Garmin: consents, tokens, fetches, activity files, and
-- requests for history.
alter table person add column erasing_ms integer not null default 0;
alter table delivery add column erase integer not null default 0 check (erase in (0, 1));
create index delivery_erase on delivery (id) where erase = 1;
alter table notice add column verdict integer not null default 0 check (verdict between 0 and 2);
alter table notice add column due_ms integer not null default 0;
create index notice_open on notice (due_ms) where verdict = 0;
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
