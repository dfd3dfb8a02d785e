-- One row per body as it arrived. Ids grow with arrival and never recur.
create table delivery (
	id          integer primary key autoincrement,
	received_ms integer not null,
	path        text    not null, -- the type that the callback's path names, a hint
	client      integer not null, -- db.Client: what the client id header said
	source      integer not null, -- health.Origin
	encoding    text    not null, -- Content-Encoding as received
	sha256      blob    not null, -- of the bytes as received
	size        integer not null, -- bytes as received
	form        integer not null, -- 0 as received, 1 zstd, 2 zstd in chunk rows
	upload      integer,          -- names the chunk rows of form 2
	body        blob              -- null for form 2
) strict;

-- Big bodies come in several short transactions, the delivery's row last:
-- chunks without a delivery are leftovers of an interrupted upload.
create table upload (
	id         integer primary key autoincrement,
	started_ms integer not null
) strict;
create table chunk (
	id     integer primary key,
	upload integer not null,
	n      integer not null,
	body   blob    not null,
	unique (upload, n)
) strict;
