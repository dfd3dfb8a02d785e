package db

import (
	"context"
	"database/sql"

	"garner/health"
)

// PersonType is one type of one person.
type PersonType struct {
	Person int64
	Type   string
}

// The functions of this file read the data of several people with one statement.
// Lists are passed to SQL as JSON; the cross joins keep them outermost, so that
// each person and type is one index search.

// DaySet is a set of days, from the first that was asked for on.
type DaySet struct {
	from health.Day
	// words have a bit for each day, wordDays in each.
	words []int64
}

// wordDays is how many days a word of a DaySet has: SQL counts with a sign.
const wordDays = 63

// Has reports whether a day is in the set.
func (s DaySet) Has(day health.Day) bool {
	at := int(day - s.from)
	return at >= 0 && at/wordDays < len(s.words) && s.words[at/wordDays]>>(at%wordDays)&1 == 1
}

// A row for each day would take most of the time of a page about many people, so that SQL
// folds the days of a word (see wordDays) into bits.
const coveredQuery = `select p.value, t.id, w.key, (select sum(1 << (day - w.value)) from coverage
	where person_id = p.value and type_id = t.id and day between w.value and min(w.value + 62, ?2))
	from json_each(?1) p cross join type t cross join json_each(?3) w`

// Covered returns the days from from to to, both included, on which there are
// records of each of these people's types.
func (s *Store) Covered(ctx context.Context, people []int64, from, to health.Day) (map[PersonType]DaySet, error) {
	var words []int64
	for day := from; day <= to; day += wordDays {
		words = append(words, int64(day))
	}
	out := map[PersonType]DaySet{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var person, typ, word int64
		var days sql.NullInt64
		if err := rows.Scan(&person, &typ, &word, &days); err != nil || !days.Valid {
			return err
		}
		key := PersonType{person, s.types[typ]}
		if _, ok := out[key]; !ok {
			out[key] = DaySet{from, make([]int64, len(words))}
		}
		out[key].words[word] = days.Int64
		return nil
	}, coveredQuery, list(people), int64(to), list(words))
	return out, err
}

// Days is a span of days, both included.
type Days struct{ First, Last health.Day }

const daysQuery = `select p.value, t.id,
	(select min(day) from coverage where person_id = p.value and type_id = t.id),
	(select max(day) from coverage where person_id = p.value and type_id = t.id)
	from json_each(?1) p cross join type t`

// TypesDays returns the first and last day with records of each of these people's
// types.
func (s *Store) TypesDays(ctx context.Context, people []int64) (map[PersonType]Days, error) {
	out := map[PersonType]Days{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var person, typ int64
		var first, last sql.NullInt64
		err := rows.Scan(&person, &typ, &first, &last)
		if first.Valid {
			out[PersonType{person, s.types[typ]}] = Days{health.Day(first.Int64), health.Day(last.Int64)}
		}
		return err
	}, daysQuery, list(people))
	return out, err
}

// Since names a person's type and the day from which on it is asked for.
type Since struct {
	PersonType
	From health.Day
}

const firstQuery = `select a.key,
	(select min(day) from coverage where person_id = a.value ->> 0 and type_id = a.value ->> 1
	and day >= a.value ->> 2) as day from json_each(?1) a where day is not null`

// FirstDays returns, by index in asked, the first day with records. Those
// without any are missing.
func (s *Store) FirstDays(ctx context.Context, asked []Since) (map[int]health.Day, error) {
	if len(asked) == 0 {
		return nil, nil
	}
	ask := make([][3]int64, 0, len(asked))
	for _, a := range asked {
		ask = append(ask, [3]int64{a.Person, s.kinds[a.Type].id, int64(a.From)})
	}
	out := map[int]health.Day{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var at int
		var day health.Day
		err := rows.Scan(&at, &day)
		out[at] = day
		return err
	}, firstQuery, list(ask))
	return out, err
}

const offsetsQuery = `select p.value, coalesce(
	(select offset_s from freshness where person_id = p.value and type_id = ?2),
	(select offset_s from record where person_id = p.value and type_id = ?2 and hidden = 0
		order by day desc, start_s desc, id desc limit 1)) as seconds
	from json_each(?1) p where seconds is not null`

// Offsets returns the newest UTC offset of each of these people's watches, in
// seconds, from the newest record of a type. People without one are left out.
func (s *Store) Offsets(ctx context.Context, people []int64, typ string) (map[int64]int32, error) {
	out := map[int64]int32{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var person int64
		var seconds int32
		err := rows.Scan(&person, &seconds)
		out[person] = seconds
		return err
	}, offsetsQuery, list(people), s.kinds[typ].id)
	return out, err
}

// RecordDay sums up the current records of a person's type on one day: the best
// class, and the time that they span in unix seconds.
type RecordDay struct {
	Class      health.Class
	Start, End int64
}

// Most days have one record: adding up those of a day here spares SQL to sort all.
const recordDaysQuery = `select r.person_id, r.type_id, r.day, r.class, r.start_s, r.end_s
	from json_each(?1) p cross join json_each(?2) t cross join record r on r.person_id = p.value and r.type_id = t.value
	where r.day between ?3 and ?4 and r.hidden = 0`

// RecordDays returns them for days from from to to, both included; for types
// whose records have rows of their own.
func (s *Store) RecordDays(ctx context.Context, people []int64, types []string,
	from, to health.Day) (map[PersonType]map[health.Day]RecordDay, error) {
	ids := make([]int64, 0, len(types))
	for _, typ := range types {
		ids = append(ids, s.kinds[typ].id)
	}
	out := map[PersonType]map[health.Day]RecordDay{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var person, typ int64
		var day health.Day
		var d RecordDay
		err := rows.Scan(&person, &typ, &day, &d.Class, &d.Start, &d.End)
		key := PersonType{person, s.types[typ]}
		if out[key] == nil {
			out[key] = map[health.Day]RecordDay{}
		}
		if of, ok := out[key][day]; ok {
			d = RecordDay{max(of.Class, d.Class), min(of.Start, d.Start), max(of.End, d.End)}
		}
		out[key][day] = d
		return err
	}, recordDaysQuery, list(people), list(ids), int64(from), int64(to))
	return out, err
}

// ParkedDay is a UTC day on which elements of a person's type came that could
// not be processed.
type ParkedDay struct {
	PersonType
	Day health.Day
}

// ParkedDays returns them for these people, as far as the elements named them.
func (s *Store) ParkedDays(ctx context.Context, people []int64) ([]ParkedDay, error) {
	rows, err := s.f.query(ctx, `select distinct n.person_id, i.type_key, d.received_ms / 86400000
		from identity n join issue i on
		i.user_id = cast(n.value as text) and i.kind = 1
		join delivery d on d.id = i.delivery_id where n.person_id in (select value from json_each(?)) and n.kind = 'user_id'
		and d.set_aside = 0`, list(people))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (p ParkedDay, err error) {
		return p, rows.Scan(&p.Person, &p.Type, &p.Day)
	})
}
