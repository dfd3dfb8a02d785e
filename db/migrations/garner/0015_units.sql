-- Weight, temperature and energy may be read in other units than the system's.
alter table person add column weight_unit text not null default '' check (weight_unit in ('', 'kg', 'lb', 'st'));
alter table person add column temperature_unit text not null default '' check (temperature_unit in ('', 'c', 'f'));
alter table person add column energy_unit text not null default '' check (energy_unit in ('', 'kcal', 'kj'));
alter table account add column weight_unit text not null default '' check (weight_unit in ('', 'kg', 'lb', 'st'));
alter table account add column temperature_unit text not null default '' check (temperature_unit in ('', 'c', 'f'));
alter table account add column energy_unit text not null default '' check (energy_unit in ('', 'kcal', 'kj'));
