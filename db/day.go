package db

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"garner/health"
)

// DayReading is a reading with its source. Type is empty for metrics derived
// across records; Received and Delivery are then zero.
type DayReading struct {
	health.Reading
	Device   string
	Origin   health.Origin
	Received time.Time
	Delivery int64
}

// DayReadings returns all readings of a person's day with their sources.
func (s *Store) DayReadings(ctx context.Context, person int64, day health.Day) ([]DayReading, error) {
	types := s.readingTypes()
	rows, err := s.f.query(ctx, dayReadingsQuery(len(types)), slices.Concat([]any{person}, anys(types),
		[]any{int64(day)})...)
	if err != nil {
		return nil, fault(err)
	}
	return s.scanDay(rows, day)
}

func dayReadingsQuery(types int) string {
	return `select r.type_id, r.vals, coalesce(c.device, ''), coalesce(c.origin, 0), coalesce(c.received_ms, 0),
		coalesce(c.delivery_id, 0)
		from reading r left join record c on r.type_id <> 0 and c.id = r.record_id
		where r.person_id = ? and r.type_id in (` + marks(types) + `) and r.day = ? and r.hidden = 0
		order by r.type_id, r.record_id`
}

func (s *Store) scanDay(rows *sql.Rows, day health.Day) (out []DayReading, err error) {
	defer rows.Close()
	for rows.Next() {
		var typ int64
		var vals sql.RawBytes
		var from DayReading
		var received int64
		if err := rows.Scan(&typ, &vals, &from.Device, &from.Origin, &received, &from.Delivery); err != nil {
			return nil, fault(err)
		}
		if received > 0 {
			from.Received = time.UnixMilli(received)
		}
		readings, err := s.unpackReadings(s.types[typ], day, vals, nil)
		if err != nil {
			return nil, err
		}
		for _, r := range readings {
			from.Reading = r
			out = append(out, from)
		}
	}
	return out, fault(rows.Err())
}

// Seen is how new a person's data are over all types.
type Seen struct{ Sample, Received time.Time }

// LastSeen returns it for all people with data.
func (s *Store) LastSeen(ctx context.Context) (map[int64]Seen, error) {
	rows, err := s.f.query(ctx, `select person_id, max(sample_s), max(received_ms) from freshness group by person_id`)
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	out := map[int64]Seen{}
	for rows.Next() {
		var person, sample, received int64
		if err := rows.Scan(&person, &sample, &received); err != nil {
			return nil, fault(err)
		}
		out[person] = Seen{time.Unix(sample, 0), time.UnixMilli(received)}
	}
	return out, fault(rows.Err())
}

// Newest returns the newest current record of a person's type, or ErrNotFound.
func (s *Store) Newest(ctx context.Context, person int64, typ string) (*health.Record, error) {
	_, last, err := s.TypeDays(ctx, person, typ)
	if err != nil {
		return nil, err
	}
	recs, err := s.Records(ctx, person, typ, last, last, Cursor{}, 500)
	if err != nil {
		return nil, err
	}
	if len(recs) == 0 {
		return nil, ErrNotFound
	}
	return recs[len(recs)-1], nil
}
