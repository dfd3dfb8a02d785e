-- What people wrote about their days, in their own words.
create table day_note (
	person_id  integer not null references person on delete cascade,
	day        integer not null, -- since 1970-01-01
	note       text    not null check (note <> ''),
	changed_ms integer not null,
	primary key (person_id, day)
) strict, without rowid;
