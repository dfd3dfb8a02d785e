-- Whether the person has switched on the page about their menstrual cycle.
alter table person add column womens_health integer not null default 0 check (womens_health in (0, 1));
