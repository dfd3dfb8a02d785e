-- The name of a reference. No row is read for it: checks on values would have
-- every row read, and one damaged page would then end receiving.
alter table delivery rename column upload to upload_id;
alter table chunk rename column upload to upload_id;
