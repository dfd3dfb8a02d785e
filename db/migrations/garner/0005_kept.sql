-- The checksum of a kept body and of the facts beside it; 0 for none.
alter table kept add column crc integer not null default 0;
