package db

import (
	"context"
	"database/sql"
	"iter"

	"garner/health"
)

// Unmatched yields the current records of a person, type and day whose natural
// key no record of the other type has, whatever its day, in the order of their
// starts. Both types have rows. Few are read at a time, since they may be large;
// a damaged one is yielded as its error, followed by the others.
func (s *Store) Unmatched(ctx context.Context, person int64, typ, other string,
	day health.Day) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		const few = 4
		for after := (Cursor{Start: -1 << 62}); ; {
			page, err := s.unmatched(ctx, person, typ, other, day, after, few)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range page {
				if after = r.place; r.err != nil && !yield(nil, r.err) || r.err == nil && !yield(r.rec, nil) {
					return
				}
			}
			if len(page) < few {
				return
			}
		}
	}
}

// unmatchedQuery uses an index: sorting would read every body of the day
// for each page.
const unmatchedQuery = `select ` + recordColumns + ` from record r
	where person_id = ? and type_id = ? and day = ? and (start_s, id) > (?, ?) and hidden = 0
	and not exists (select 1 from record o where o.person_id = r.person_id and o.type_id = ? and o.key = r.key)
	order by start_s, id limit ?`

func (s *Store) unmatched(ctx context.Context, person int64, typ, other string, day health.Day, after Cursor,
	limit int) ([]read, error) {
	rows, err := s.f.query(ctx, unmatchedQuery,
		person, s.kinds[typ].id, int64(day), after.Start, after.ID, s.kinds[other].id, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (read, error) { return s.scanRecord(rows, person, typ) })
}
