package db

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"garner/health"
)

// Cover is what arrived for a person, type and day.
type Cover struct {
	Type        string
	Day         health.Day
	Records     int
	First, Last time.Time // received
	// Simulated means that all records come from Garmin's Data Generator;
	// there are none of the person's own.
	Simulated bool
}

// Coverage returns what arrived for a person on days from from to to, both included,
// by type and day.
func (s *Store) Coverage(ctx context.Context, person int64, from, to health.Day) ([]Cover, error) {
	rows, err := s.f.query(ctx, `select type_id, day, records, first_ms, last_ms, simulated from coverage
		where person_id = ? and day between ? and ? order by type_id, day`, person, int64(from), int64(to))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (c Cover, err error) {
		var typ, first, last int64
		err = rows.Scan(&typ, &c.Day, &c.Records, &first, &last, &c.Simulated)
		c.Type, c.First, c.Last = s.types[typ], time.UnixMilli(first), time.UnixMilli(last)
		return c, err
	})
}

// Extent is the amount and time span of a person's records of a type.
type Extent struct {
	Type           string
	Days, Records  int
	Oldest, Newest health.Day
}

// Extents returns the extent of each type of which a person has records.
func (s *Store) Extents(ctx context.Context, person int64) ([]Extent, error) {
	rows, err := s.f.query(ctx, `select type_id, count(*), sum(records), min(day), max(day) from coverage
		where person_id = ? group by type_id`, person)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (e Extent, err error) {
		var id int64
		err = rows.Scan(&id, &e.Days, &e.Records, &e.Oldest, &e.Newest)
		e.Type = s.types[id]
		return e, err
	})
}

// Fresh is how new a person's data of a type are, by three times:
// sample, received, processed.
type Fresh struct {
	Person                      int64
	Type                        string
	Sample, Received, Processed time.Time
	// News is when live data came that reached further than any before, which
	// shows that the person syncs. Late, older data do not change it.
	News time.Time
	// Reach is how far into the person's life live data reach.
	Reach time.Time
}

// reachedColumn is how far data reach: a record of a whole day may end after it came.
const reachedColumn = `min(sample_s, received_ms / 1000)`

const freshColumns = `select person_id, type_id, ` + reachedColumn + `, received_ms, processed_ms, news_ms, live_s from freshness `

func (s *Store) scanFresh(rows *sql.Rows) (f Fresh, err error) {
	var typ, sample, received, processed, news, live int64
	err = rows.Scan(&f.Person, &typ, &sample, &received, &processed, &news, &live)
	f.Type, f.Sample, f.Received, f.Processed, f.News = s.types[typ], time.Unix(sample, 0), time.UnixMilli(received),
		time.UnixMilli(processed), instant(news)
	f.Reach = instant(live * 1000)
	return f, err
}

// Freshness returns it for all people, person by person.
func (s *Store) Freshness(ctx context.Context) ([]Fresh, error) {
	rows, err := s.f.query(ctx, freshColumns+`order by person_id, type_id`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, s.scanFresh)
}

// DirtyDay is a day whose metrics must be derived again.
type DirtyDay struct {
	Person int64
	Day    health.Day
	Family health.Derivation
	// Mark shows whether the day has changed again since it was listed.
	Mark int64
}

// Dirty returns some days that wait to be derived again, newest first, since
// people look at these first.
func (s *Store) Dirty(ctx context.Context, limit int) ([]DirtyDay, error) {
	rows, err := s.f.query(ctx, `select person_id, day, family, mark from dirty where `+notErasing+`
		order by day desc limit ?`, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (d DirtyDay, err error) {
		return d, rows.Scan(&d.Person, &d.Day, &d.Family, &d.Mark)
	})
}

// Derived is the result of deriving a dirty day.
type Derived struct {
	DirtyDay
	Readings []health.Reading
	// Failed means that the day could not be derived; it keeps its old readings.
	Failed bool
}

// PutDerived stores derived readings and takes their days off the list, except
// those that have changed again since they were listed.
func (s *Store) PutDerived(ctx context.Context, list []Derived) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, d := range list {
			living, err := t.living(d.Person)
			if err != nil {
				return err
			}
			if living && !d.Failed {
				if err := t.putDerived(s, d); err != nil {
					return err
				}
			}
			if err := t.exec(`delete from dirty where family = ? and person_id = ? and day = ? and mark = ?`, int(d.Family),
				d.Person, int64(d.Day), d.Mark); err != nil {
				return err
			}
		}
		return nil
	})
}

// putDerived stores the readings of a day, and notes a change if they differ from those
// that are stored: most days are derived again without one.
func (t *tx) putDerived(s *Store, d Derived) error {
	const stored = `select coalesce((select vals from reading where person_id = ? and type_id = 0 and day = ?
		and record_id = ?), x'')`
	at := []any{d.Person, int64(d.Day), int64(d.Family)}
	var before, after []byte
	if err := t.row(stored, at, &before); err != nil {
		return err
	}
	if err := t.putReadings(s, d.Person, 0, d.Day, int64(d.Family), d.Readings); err != nil {
		return err
	}
	if err := t.row(stored, at, &after); err != nil || bytes.Equal(before, after) {
		return err
	}
	return t.changed(d.Person, changedMetrics, d.Day)
}

// NewestDay is the newest day with any record of a person; ErrNotFound if
// there is none.
func (s *Store) NewestDay(ctx context.Context, person int64) (health.Day, error) {
	var day sql.NullInt64
	if err := s.f.queryRow(ctx, `select max(newest)
		from (select (select max(day) from coverage where person_id = ? and type_id = t.id) as newest from type t)`,
		person).Scan(&day); err != nil {
		return 0, fault(err)
	}
	if !day.Valid {
		return 0, ErrNotFound
	}
	return health.Day(day.Int64), nil
}

// TypeDays returns the first and last day of a person's type, or ErrNotFound.
func (s *Store) TypeDays(ctx context.Context, person int64, typ string) (first, last health.Day, err error) {
	var lo, hi sql.NullInt64
	err = s.f.queryRow(ctx, `select (select min(day) from coverage where person_id = ?1 and type_id = ?2),
		(select max(day) from coverage where person_id = ?1 and type_id = ?2)`,
		person, s.kinds[typ].id).Scan(&lo, &hi)
	if err != nil {
		return 0, 0, fault(err)
	}
	if !lo.Valid {
		return 0, 0, ErrNotFound
	}
	return health.Day(lo.Int64), health.Day(hi.Int64), nil
}

// FreshnessOf returns how new a person's data of each type are.
func (s *Store) FreshnessOf(ctx context.Context, person int64) (map[string]Fresh, error) {
	rows, err := s.f.query(ctx, freshColumns+`where person_id = ?`, person)
	if err != nil {
		return nil, fault(err)
	}
	list, err := collect(rows, s.scanFresh)
	out := map[string]Fresh{}
	for _, f := range list {
		out[f.Type] = f
	}
	return out, err
}
