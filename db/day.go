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
	args := slices.Concat([]any{person}, anys(types), []any{int64(day)})
	var out []DayReading
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var typ, received int64
		var vals sql.RawBytes
		var from DayReading
		if err := rows.Scan(&typ, &vals, &from.Device, &from.Origin, &received, &from.Delivery); err != nil {
			return err
		}
		if received > 0 {
			from.Received = time.UnixMilli(received)
		}
		readings, err := s.unpackReadings(readingKey{person, typ, day}, vals, nil)
		for _, from.Reading = range readings {
			out = append(out, from)
		}
		return err
	}, dayReadingsQuery(len(types)), args...)
	return out, err
}

func dayReadingsQuery(types int) string {
	return `select r.type_id, r.vals, coalesce(c.device, ''), coalesce(c.origin, 0), coalesce(c.received_ms, 0),
		coalesce(c.delivery_id, 0)
		from reading r left join record c on r.type_id <> 0 and c.id = r.record_id
		where r.person_id = ? and r.type_id in (` + marks(types) + `) and r.day = ? and r.hidden = 0
		order by r.type_id, r.record_id`
}

// Seen is how new a person's data are over all types.
type Seen struct{ Sample, Received time.Time }

// LastSeen returns it for all people with data.
func (s *Store) LastSeen(ctx context.Context) (map[int64]Seen, error) {
	out := map[int64]Seen{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var person, sample, received int64
		err := rows.Scan(&person, &sample, &received)
		out[person] = Seen{time.Unix(sample, 0), time.UnixMilli(received)}
		return err
	}, `select person_id, max(`+reachedColumn+`), max(received_ms) from freshness group by person_id`)
	return out, err
}
