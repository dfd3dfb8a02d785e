package db

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"garner/health"
)

// Cursor is the position after a record in a list of records. The zero Cursor
// is the beginning.
type Cursor struct {
	Day   health.Day
	Start int64
	ID    int64  // types with rows
	Key   string // small types
	set   bool
}

// CursorOf is the position right after rec.
func CursorOf(rec *health.Record) Cursor {
	return Cursor{Day: rec.Day, Start: rec.Start, ID: rec.ID, Key: rec.Key, set: true}
}

const recordColumns = `id, key, day, start_s, end_s, offset_s, class, reach_s, upload_end_s, delivery_id,
	element, sum,
	summary_id, device, origin,
	received_ms, processed_ms, versions, blended, source, others, body, crc`

// Records returns the current records of a person and type on days from to to,
// both included, in order of day and start, at most limit of those after
// place. Each call is one short read. Damaged records are left out and noted
// (see SaveDamage).
func (s *Store) Records(ctx context.Context, person int64, typ string, from, to health.Day, after Cursor,
	limit int) ([]*health.Record, error) {
	page, err := s.page(ctx, person, typ, from, to, after, limit, false)
	if err != nil {
		return nil, err
	}
	var out []*health.Record
	for _, r := range page {
		if r.err == nil {
			out = append(out, r.rec)
		}
	}
	return out, nil
}

// read is a record as it was read, or why it cannot be. place is set even
// then.
type read struct {
	rec   *health.Record
	place Cursor
	err   error
}

// page returns the records of Records, with damaged ones in their place and, if
// hidden is set, with simulated records that real ones hide.
func (s *Store) page(ctx context.Context, person int64, typ string, from, to health.Day, after Cursor, limit int,
	hidden bool) ([]read, error) {
	k, ok := s.kinds[typ]
	if !ok {
		return nil, ErrNotFound
	}
	if k.Packed {
		return s.smallRecords(ctx, person, k, from, to, after, limit, hidden)
	}
	if !after.set {
		after = Cursor{Day: from, Start: -1 << 62}
	}
	rows, err := s.f.query(ctx, `select `+recordColumns+` from record where person_id = ? and type_id = ?
		and (day, start_s, id) > (?, ?, ?) and day <= ? and hidden <= ? order by day, start_s, id limit ?`,
		person, k.id, int64(after.Day), after.Start, after.ID, int64(to), hidden, limit)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (read, error) { return s.scanRecord(rows, person, typ) })
}

// scanRecord scans the columns of recordColumns.
func (s *Store) scanRecord(rows *sql.Rows, person int64, typ string) (read, error) {
	rec := &health.Record{}
	rec.Person, rec.Type = person, typ
	return s.scanInto(rows, rec)
}

// scanInto scans the columns of recordColumns, after those of before. The
// record's person and type are known by then.
func (s *Store) scanInto(rows *sql.Rows, rec *health.Record, before ...any) (read, error) {
	body, crc, err := scanRow(rows, rec, before...)
	if err != nil {
		return read{}, err
	}
	out := read{rec: rec, place: CursorOf(rec)}
	s.unpack(&out, body, crc)
	return out, nil
}

// scanRow scans the columns of recordColumns, after those of before. The body is
// valid until the next row.
func scanRow(rows *sql.Rows, rec *health.Record, before ...any) (body sql.RawBytes, crc int64, err error) {
	var offset sql.NullInt32
	var sum []byte
	if err := rows.Scan(append(before, &rec.ID, &rec.Key, &rec.Day, &rec.Start, &rec.End, &offset, &rec.Order.Class,
		&rec.Order.Reach, &rec.Order.UploadEnd,
		&rec.Order.Arrival.Delivery, &rec.Order.Arrival.Element, &sum, &rec.SummaryID, &rec.Device, &rec.Origin,
		&rec.Received, &rec.Processed, &rec.Versions, &rec.Blended, &rec.Order.Source, &rec.Others, &body,
		&crc)...); err != nil {
		return nil, 0, err
	}
	if offset.Valid {
		rec.Offset = &offset.Int32
	}
	copy(rec.Sum[:], sum)
	return body, crc, nil
}

// unpack reads the body, or records why it cannot be read.
func (s *Store) unpack(r *read, body []byte, crc int64) {
	rec := r.rec
	why := ""
	if crc != 0 && crc != checksum(&rec.Version, rec.Received, body) {
		why = "its checksum does not match"
	} else {
		var err error
		if rec.Body, err = s.dec.DecodeAll(body, nil); err != nil {
			why = err.Error()
		}
	}
	if why != "" {
		r.err = &DamagedError{Person: rec.Person, Type: rec.Type, Day: rec.Day, Why: why}
		s.damage.found(r.err)
	}
}

// smallRecords reads blocks until limit is reached. A day's records lie in the
// blocks of up to three UTC days, so days are completed before they are given.
func (s *Store) smallRecords(ctx context.Context, person int64, k kind, from, to health.Day, after Cursor, limit int,
	hidden bool) ([]read, error) {
	if after.set {
		from = max(from, after.Day)
	}
	var out []read
	for lo := from; lo <= to && len(out) < limit; {
		next, ok, err := s.nextBlock(ctx, person, k, lo-1)
		if err != nil || !ok || next > to+1 {
			return out, err
		}
		lo = max(lo, next-1)
		hi := min(to, lo+6)
		recs, err := s.blockRecords(ctx, person, k, lo, hi)
		if err != nil {
			return nil, err
		}
		if !hidden {
			recs = withoutHidden(recs)
		}
		for _, r := range recs {
			if after.set && comparePlace(r.place, after) <= 0 {
				continue
			}
			if out = append(out, r); len(out) == limit {
				break
			}
		}
		lo = hi + 1
	}
	return out, nil
}

// withoutHidden leaves out the small records of days that have some of a family that
// comes first. The list holds whole days.
func withoutHidden(list []read) []read {
	first := map[health.Day]int{}
	for _, r := range list {
		if r.rec == nil {
			continue
		}
		if best, ok := first[r.rec.Day]; !ok || r.rec.Family() < best {
			first[r.rec.Day] = r.rec.Family()
		}
	}
	return slices.DeleteFunc(list, func(r read) bool { return r.rec != nil && r.rec.Family() > first[r.rec.Day] })
}

func comparePlace(a, b Cursor) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Key, b.Key))
}

// nextBlock is the first UTC day from uday on that has a block.
func (s *Store) nextBlock(ctx context.Context, person int64, k kind, uday health.Day) (health.Day, bool, error) {
	var next sql.NullInt64
	err := s.f.queryRow(ctx, `select min(uday) from block where person_id = ? and type_id = ? and uday >= ?`, person, k.id,
		int64(uday)).Scan(&next)
	return health.Day(next.Int64), next.Valid, fault(err)
}

// blockRecords returns all small records of days from to to in order. A damaged
// block comes at the beginning of its day.
func (s *Store) blockRecords(ctx context.Context, person int64, k kind, from, to health.Day) ([]read, error) {
	byType, err := s.blocksOf(ctx, person, []int64{k.id}, from, to)
	return byType[k.id], err
}

// blocksOf does so for several small types at once, by the number of the type.
func (s *Store) blocksOf(ctx context.Context, person int64, types []int64,
	from, to health.Day) (map[int64][]read, error) {
	type row struct {
		key    blockKey
		sealed []byte
		crc    int64
	}
	rows, err := s.f.query(ctx, `select type_id, uday, body, crc from block where person_id = ? and type_id in (`+
		marks(len(types))+`) and uday between ? and ? order by type_id, uday`,
		slices.Concat([]any{person}, anys(types), []any{int64(from) - 1, int64(to) + 1})...)
	if err != nil {
		return nil, fault(err)
	}
	blocks, err := collect(rows, func(rows *sql.Rows) (row, error) {
		r := row{key: blockKey{person: person}}
		return r, rows.Scan(&r.key.typ, &r.key.uday, &r.sealed, &r.crc)
	})
	if err != nil {
		return nil, err
	}
	out := map[int64][]read{}
	for _, r := range blocks {
		out[r.key.typ] = append(out[r.key.typ], s.readBlock(r.key, r.sealed, r.crc, from, to)...)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b read) int { return comparePlace(a.place, b.place) })
	}
	return out, nil
}

// readBlock returns the records of a block that belong to days from to to.
func (s *Store) readBlock(key blockKey, sealed []byte, crc int64, from, to health.Day) (out []read) {
	b, err := s.openBlock(key, sealed, crc)
	if err != nil {
		s.damage.found(err)
		if day := health.Day(key.uday); day >= from && day <= to {
			out = append(out, read{place: Cursor{Day: day, Start: int64(day)*86400 - 86400, set: true}, err: err})
		}
		return out
	}
	for _, e := range b.entries {
		if e.Day >= from && e.Day <= to {
			rec := &health.Record{Version: e.Version, Received: e.received, Processed: e.processed, Versions: 1 + len(e.others)}
			out = append(out, read{rec: rec, place: CursorOf(rec)})
		}
	}
	return out
}
