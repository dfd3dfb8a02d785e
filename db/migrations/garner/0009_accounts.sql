-- Accounts, their sessions and what they may read; settings made on pages.
alter table person add column admins_read integer not null default 1 check (admins_read in (0, 1));

create table account (
	id          integer primary key,
	name        text    not null,
	name_fold   text    not null unique,
	role        text    not null check (role in ('admin', 'member')),
	person_id   integer unique references person on delete set null,
	password    text    not null default '',
	disabled    integer not null default 0 check (disabled in (0, 1)),
	units       text    not null default '' check (units in ('', 'metric', 'imperial')),
	clock       text    not null default '' check (clock in ('', '12', '24')),
	week_start  text    not null default '' check (week_start in ('', 'monday', 'saturday', 'sunday')),
	zone        text    not null default '',
	mail        text    not null default '',
	created_ms  integer not null,
	password_ms integer not null default 0
) strict;

create table session (
	token      blob    primary key,
	account_id integer references account on delete cascade,
	data       blob    not null,
	created_ms integer not null,
	seen_ms    integer not null,
	ends_ms    integer not null,
	address    text    not null,
	agent      text    not null
) strict, without rowid;
create index session_account on session (account_id);
create index session_ends on session (ends_ms);

create table device (
	token      blob    primary key,
	account_id integer not null references account on delete cascade,
	seen_ms    integer not null
) strict, without rowid;
create index device_account on device (account_id);

create table link (
	token      blob    primary key,
	kind       text    not null check (kind in ('setup', 'invitation', 'reset')),
	account_id integer references account on delete cascade,
	created_ms integer not null,
	expires_ms integer not null,
	used_ms    integer not null default 0
) strict, without rowid;
create index link_account on link (account_id);

create table share (
	person_id  integer not null references person on delete cascade,
	account_id integer not null references account on delete cascade,
	created_ms integer not null,
	primary key (person_id, account_id)
) strict, without rowid;
create index share_account on share (account_id);

create table audit (
	id         integer primary key,
	at_ms      integer not null,
	account_id integer references account on delete set null,
	actor      text    not null,
	person_id  integer references person on delete cascade,
	action     text    not null,
	detail     text    not null default '',
	address    text    not null default ''
) strict;
create index audit_person on audit (person_id, id);
create index audit_account on audit (account_id);

create table setting (
	name   text primary key,
	value  blob not null,
	key_id text not null default ''
) strict, without rowid;
