-- Simulated data are records of their own beside the real ones. They are
-- hidden where the person has real records of the type and day.
alter table record add column hidden integer not null default 0;
alter table reading add column hidden integer not null default 0;
alter table coverage add column hidden integer not null default 0;    -- records
alter table coverage add column simulated integer not null default 0; -- 1 where those that are shown are simulated

-- 1 where some samples are those of a denser version than the one that stands.
alter table record add column blended integer not null default 0;

-- Bodies of the versions that such samples come from, and of the standing one
-- as it was sent. Most records have none.
create table kept (
	record     integer not null references record on delete cascade,
	sum        blob    not null,
	class      integer not null,
	reach      integer not null,
	upload_end integer not null,
	delivery   integer not null,
	element    integer not null,
	start_s    integer not null,
	end_s      integer not null,
	body       blob    not null, -- packed, zstd
	primary key (record, sum)
) strict, without rowid;

-- 0 for versions of before: whether their samples are denser is not known.
-- Rederiving asks for their deliveries again.
alter table version add column weighed integer not null default 0;

-- Of edited versions the newest arrival stands, however far each reaches.
update version set reach = 0, upload_end = 0 where class = 3;
update record set reach = 0, upload_end = 0 where class = 3;

-- HRV nights are found by overlap now, as sleeps are.
update record set span_start = start_s, span_end = max(end_s, start_s + 1)
	where type = (select id from type where key = 'hrv');
