package db

import (
	"context"
	"database/sql"

	"garner/health"
)

// RecordOf returns the current record of a person and type with a natural key, or
// ErrNotFound if there is none, it is hidden or the type is small. A damaged one is
// its *DamagedError.
func (s *Store) RecordOf(ctx context.Context, person int64, typ, key string) (*health.Record, error) {
	k, ok := s.kinds[typ]
	if !ok || k.Packed {
		return nil, ErrNotFound
	}
	rows, err := s.f.query(ctx, `select `+recordColumns+` from record
		where person_id = ? and type_id = ? and key = ? and hidden = 0`, person, k.id, key)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (read, error) { return s.scanRecord(rows, person, typ) })
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return list[0].rec, list[0].err
}

// DayCount is how many records a day has.
type DayCount struct {
	Day     health.Day
	Records int
}

func scanDayCount(rows *sql.Rows) (c DayCount, err error) { return c, rows.Scan(&c.Day, &c.Records) }

// DayCounts are the days with current records of a person and type, in order.
func (s *Store) DayCounts(ctx context.Context, person int64, typ string) ([]DayCount, error) {
	rows, err := s.f.query(ctx, `select day, records from coverage where person_id = ? and type_id = ? order by day`,
		person, s.kinds[typ].id)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanDayCount)
}

// UnmatchedDays are the days from from to to, both included, on which Unmatched yields
// something, in order.
func (s *Store) UnmatchedDays(ctx context.Context, person int64, typ, other string,
	from, to health.Day) ([]DayCount, error) {
	rows, err := s.f.query(ctx, `select day, count(*) from record r where person_id = ? and type_id = ? and hidden = 0
		and day between ? and ?
		and not exists (select 1 from record o where o.person_id = r.person_id and o.type_id = ? and o.key = r.key)
		group by day order by day`, person, s.kinds[typ].id, int64(from), int64(to), s.kinds[other].id)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanDayCount)
}
