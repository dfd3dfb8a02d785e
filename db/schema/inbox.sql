-- inbox.db at its newest schema: every body as it arrived. New files are made
-- from this page; older files reach the same schema through migrations/inbox.
-- Nothing in it changes after it was written; later it is only pruned.
-- …_ms is unix milliseconds.
--
-- Values have no checks: a check that is added later has every row read, and
-- one damaged page would then keep the file from being opened. A migration of
-- this file must read no bodies.

-- One row per body as it arrived. Ids grow with arrival and never recur.
create table delivery (
	id          integer primary key autoincrement,
	received_ms integer not null,
	path        text    not null, -- the type that the callback's path names, a hint
	client      integer not null, -- db.Client, what the client id header said: 0 not checked, 1 right, 2 missing, 3 wrong
	source      integer not null, -- health.Origin
	encoding    text    not null, -- Content-Encoding as received
	sha256      blob    not null, -- of the bytes as received
	size        integer not null, -- bytes as received
	form        integer not null, -- 0 as received, 1 zstd, 2 zstd in chunk rows
	upload_id   integer,          -- names the chunk rows of form 2
	body        blob              -- null for form 2
) strict;
-- Finds at each start the chunks that have no delivery, without reading bodies.
create index delivery_upload on delivery (upload_id) where upload_id is not null;

-- Big bodies come in several short transactions, the delivery's row last:
-- chunks without a delivery are leftovers of an interrupted upload.
create table upload (
	id         integer primary key autoincrement,
	started_ms integer not null
) strict;
create table chunk (
	id        integer primary key,
	upload_id integer not null,
	n         integer not null, -- from 1
	body      blob    not null, -- zstd
	unique (upload_id, n)
) strict;

-- Single numbers: pair (shared with garner.db, so that a replaced file is
-- noticed), unmatched (1 while deliveries are received without a garner.db to
-- compare with).
create table meta (
	name  text primary key,
	value integer not null
) strict, without rowid;
