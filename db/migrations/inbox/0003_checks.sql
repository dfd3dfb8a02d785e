-- Checks on closed sets of values, and the name of a reference. No body is
-- copied for it.
alter table delivery rename column upload to upload_id;
alter table delivery add check (client between 0 and 3);
alter table delivery add check (source between 0 and 7);
alter table delivery add check (form between 0 and 2);
alter table chunk rename column upload to upload_id;
