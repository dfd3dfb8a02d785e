package db

import (
	"context"
	"database/sql"

	"garner/health"
)

// A year has so many records that not each is asked for its device: the newest one of each
// week and type is.
const devicesQuery = `with recursive week(day) as (
		select ?4 union all select day - 7 from week where day - 7 >= ?3),
	newest(device, day) as (
		select (select r.device from record r where r.person_id = ?1 and r.type_id = t.value
			and r.day between max(?3, week.day - 6) and week.day and r.device <> '' and r.hidden = 0
			order by r.day desc, r.start_s desc, r.id desc limit 1), week.day from json_each(?2) t, week)
	select device from newest where device <> '' group by device order by max(day) desc, device`

// DevicesOf are the names of the devices that sent records of some types for days from from
// to to, both included, the last used first; for types whose records have rows of their own.
func (s *Store) DevicesOf(ctx context.Context, person int64, types []string, from, to health.Day) (out []string,
	err error) {
	ids := make([]int64, 0, len(types))
	for _, typ := range types {
		ids = append(ids, s.kinds[typ].id)
	}
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		out = append(out, name)
		return err
	}, devicesQuery, person, list(ids), int64(from), int64(to))
	return out, err
}
