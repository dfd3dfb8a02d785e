-- pair is a number that both databases of a data directory share, so that one
-- that was replaced is noticed. unmatched is 1 while deliveries were received
-- without a garner.db to compare with.
create table meta (
	name  text primary key,
	value integer not null
) strict, without rowid;

-- Finds at each start the chunks that have no delivery, without reading bodies.
create index delivery_upload on delivery (upload) where upload is not null;
