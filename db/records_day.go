package db

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"garner/health"
)

// DayRecords returns the current records of a person's day, by type and in order
// of start, at most limit of each type. It reads all types with
// rows in one query, and all small types in another. Damaged records are left
// out and noted (see SaveDamage).
func (s *Store) DayRecords(ctx context.Context, person int64, types []string, day health.Day,
	limit int) (map[string][]*health.Record, error) {
	var whole, small []int64
	for _, typ := range types {
		switch k, ok := s.kinds[typ]; {
		case !ok:
			return nil, ErrNotFound
		case k.Packed:
			small = append(small, k.id)
		default:
			whole = append(whole, k.id)
		}
	}
	out := map[string][]*health.Record{}
	if err := s.dayRows(ctx, person, whole, day, limit, out); err != nil {
		return nil, err
	}
	if len(small) == 0 {
		return out, nil
	}
	blocks, err := s.blocksOf(ctx, person, small, day, day)
	for typ, list := range blocks {
		for _, r := range withoutHidden(list) {
			if name := s.types[typ]; r.err == nil && len(out[name]) < limit {
				out[name] = append(out[name], r.rec)
			}
		}
	}
	return out, err
}

// dayRows adds the records of types that have rows.
func (s *Store) dayRows(ctx context.Context, person int64, types []int64, day health.Day, limit int,
	out map[string][]*health.Record) error {
	if len(types) == 0 {
		return nil
	}
	rows, err := s.f.query(ctx, dayQuery(len(types)), slices.Concat([]any{person}, anys(types), []any{int64(day)})...)
	if err != nil {
		return fault(err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (none struct{}, err error) {
		rec := &health.Record{}
		rec.Person = person
		var typ int64
		body, crc, err := scanRow(rows, rec, &typ)
		if err != nil {
			return none, err
		}
		rec.Type = s.types[typ]
		if len(out[rec.Type]) == limit {
			return none, nil
		}
		r := read{rec: rec}
		if s.unpack(&r, body, crc); r.err == nil {
			out[rec.Type] = append(out[rec.Type], rec)
		}
		return none, nil
	})
	return err
}

// dayQuery uses an index, type by type.
func dayQuery(types int) string {
	return `select type_id, ` + recordColumns + ` from record where person_id = ? and type_id in (` + marks(types) + `)
		and day = ? and hidden = 0 order by type_id, start_s, id`
}

// marks returns n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
	}
	return out
}
