-- Deliveries that are big, packed, or have failed before are processed by
-- themselves, beside the others.
alter table delivery add column slow integer not null default 0;
-- When it was processed, and when an issue began, on the clock that only runs
-- while Garner does (see uptime): no clock that is set makes them old.
alter table delivery add column applied_up_ms integer not null default 0;
alter table issue add column since_up_ms integer not null default 0;
-- The hash of the old token that an element of an unknown person carries
-- beside its user id, as hexadecimal digits.
alter table issue add column token text not null default '';
create index issue_token on issue (token, delivery) where kind = 2 and token <> '';
create index delivery_prune on delivery (applied_up_ms) where state = 2;

-- Checksums of what an export shows; 0 for rows of before.
alter table record add column crc integer not null default 0;
alter table block add column crc integer not null default 0;

-- Which kinds of issues a delivery has, one bit each (1 << db.IssueKind).
alter table delivery add column issues integer not null default 0;
update delivery set issues = coalesce((select sum(distinct 1 << kind) from issue i where i.delivery = delivery.id), 0);

create index delivery_parked on delivery (received_ms) where issues & 2 and set_aside = 0;

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
insert into counter select 1, coalesce(sum(state = 0), 0), coalesce(sum((state = 0) * size), 0), coalesce(sum(state = 1), 0),
	coalesce(sum(state = 2), 0), coalesce(sum(state = 2 and issues & 2 and set_aside = 0), 0), coalesce(sum(state = 2 and issues & 4 <> 0), 0),
	coalesce(sum(state = 2 and issues & 8 <> 0), 0), coalesce(sum(state = 2 and issues & 6 <> 0), 0), coalesce(sum(set_aside), 0) from delivery;
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
