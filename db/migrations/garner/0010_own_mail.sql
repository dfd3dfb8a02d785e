-- The person to whose own mail a notification goes.
alter table notification add column person_id integer references person on delete cascade;
create index notification_person on notification (person_id);
drop index notification_channel;
create index notification_channel on notification (channel, state, person_id, id);
