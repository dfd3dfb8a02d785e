package db

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"garner/health"
)

// The functions of this file read the data of many people at once: the number of
// statements does not depend on the number of people.

// PersonDay is one day of one person.
type PersonDay struct {
	Person int64
	Day    health.Day
}

// listDays writes days as pairs for json_each.
func listDays(days []PersonDay) string {
	pairs := make([][2]int64, 0, len(days))
	for _, d := range days {
		pairs = append(pairs, [2]int64{d.Person, int64(d.Day)})
	}
	return list(pairs)
}

// PersonReading is a reading of one of several people.
type PersonReading struct {
	health.Reading
	Person int64
	// Simulated means that Garmin's Data Generator made up the records of its type
	// and day.
	Simulated bool
}

const lastReadingsQuery = `select r.person_id, r.type_id, r.day, r.vals, coalesce(c.simulated, 0)
	from json_each(?1) p cross join json_each(?2) t cross join reading r
	on r.person_id = p.value ->> 0 and r.type_id = t.value
	and r.day between (p.value ->> 1) - ?3 + 1 and p.value ->> 1 and r.hidden = 0
	left join coverage c on c.person_id = r.person_id and c.type_id = r.type_id and c.day = r.day
	order by r.person_id, r.type_id, r.day, r.record_id`

// LastReadings returns the readings of some types over the given number of days up to a day of
// each person, by person and type, in order of days. The empty type means
// metrics derived across records.
func (s *Store) LastReadings(ctx context.Context, upTo []PersonDay, days int,
	types ...string) ([]PersonReading, error) {
	ids := make([]int64, 0, len(types))
	for _, typ := range types {
		ids = append(ids, s.kinds[typ].id) // 0 for the empty type
	}
	var out []PersonReading
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var typ int64
		var r PersonReading
		var vals sql.RawBytes
		if err := rows.Scan(&r.Person, &typ, &r.Day, &vals, &r.Simulated); err != nil {
			return err
		}
		readings, err := s.unpackReadings(readingKey{r.Person, typ, r.Day}, vals, nil)
		for _, r.Reading = range readings {
			out = append(out, r)
		}
		return err
	}, lastReadingsQuery, listDays(upTo), list(ids), days)
	return out, err
}

// The query finds the records by an index, without their bodies, and reads only
// the few bodies that are needed.
const (
	ofDays = `select of_person, ` + recordColumns + ` from (select p.value ->> 0 as of_person, p.value ->> 1 as of_day
		from json_each(?1) p) cross join record on id in (select r.id from record r where r.person_id = of_person
		and r.type_id = ?2 and r.day = of_day and r.hidden = 0 `
	lastFirst        = `order by r.start_s desc, r.id desc limit ?3)`
	recordsOnQuery   = ofDays + lastFirst
	unmatchedOnQuery = ofDays + unmatchedByOther + lastFirst
	unmatchedByOther = `and not exists (select 1 from record o where o.person_id = r.person_id and o.type_id = ?4
		and o.key = r.key) `
)

// RecordsOn returns the current records of a type on one day of each person, by
// person in order of start, at most the last most of each. The type must have
// rows. Damaged records are left out and noted.
func (s *Store) RecordsOn(ctx context.Context, typ string, days []PersonDay,
	most int) (map[int64][]*health.Record, error) {
	return s.recordsOn(ctx, recordsOnQuery, typ, days, most)
}

// UnmatchedOn returns those of them whose natural key no record of the other
// type has, on any day; see Unmatched.
func (s *Store) UnmatchedOn(ctx context.Context, typ, other string, days []PersonDay,
	most int) (map[int64][]*health.Record, error) {
	return s.recordsOn(ctx, unmatchedOnQuery, typ, days, most, s.kinds[other].id)
}

func (s *Store) recordsOn(ctx context.Context, text, typ string, days []PersonDay, most int,
	more ...any) (map[int64][]*health.Record, error) {
	rows, err := s.f.query(ctx, text, append([]any{listDays(days), s.kinds[typ].id, most}, more...)...)
	if err != nil {
		return nil, fault(err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (read, error) {
		rec := &health.Record{}
		rec.Type = typ
		return s.scanInto(rows, rec, &rec.Person)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b read) int {
		return cmp.Or(cmp.Compare(a.place.Start, b.place.Start), cmp.Compare(a.place.ID, b.place.ID))
	})
	out := make(map[int64][]*health.Record, len(days))
	for _, r := range all {
		if r.err == nil {
			out[r.rec.Person] = append(out[r.rec.Person], r.rec)
		}
	}
	return out, nil
}
