-- The API, its tokens, and the list of backups.

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

-- Mirrors that begin get all that is there.
insert into change (person_id, type_id, day) select person_id, type_id, day from coverage order by person_id, type_id, day;
insert into change (person_id, type_id, day) select person_id, 0, day from coverage
	union select person_id, 0, day from reading where type_id = 0 order by 1, 3;
-- As in a new file, where nothing was added.
delete from sqlite_sequence where name = 'change' and seq = 0;
