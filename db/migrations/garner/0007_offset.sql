-- The clock that a person's watch showed last, so that no record needs to be
-- read to know it: its offset against UTC, and the newest instant that a record
-- with it reaches.
alter table freshness add column offset_s integer;
alter table freshness add column offset_at_s integer not null default 0;
