-- An episode is called an incident, in the database too.
alter table episode rename to incident;
alter table episode_event rename to incident_event;
alter table incident_event rename column episode to incident;
alter table message rename column episode to incident;
