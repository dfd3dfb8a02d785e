package db

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"slices"

	"garner/health"
)

// putReadings stores the metrics of a record as one row.
func (a *applier) putReadings(v *health.Version, k kind, record int64) error {
	return a.t.putReadings(a.s, v.Person, k.id, v.Day, record, v.Readings)
}

func (t *tx) putReadings(s *Store, person, typ int64, day health.Day, record int64, readings []health.Reading) error {
	if len(readings) == 0 {
		return t.exec(`delete from reading where person_id = ? and type_id = ? and day = ? and record_id = ?`,
			person, typ, int64(day), record)
	}
	vals, err := s.packReadings(readingKey{person, typ, day}, readings)
	if err != nil {
		return err
	}
	return t.exec(`insert into reading (person_id, type_id, day, record_id, vals) values (?, ?, ?, ?, ?)
		on conflict do update set vals = excluded.vals`,
		person, typ, int64(day), record, vals)
}

// packReadings: 0 and a checksum, see readingsSum; then per value the metric's number,
// which is never 0, the distance of At from the day's midnight (0 for none, else +1),
// and the float's bits. Rows of earlier versions begin with the first value.
func (s *Store) packReadings(key readingKey, readings []health.Reading) ([]byte, error) {
	b := make([]byte, sumBytes, sumBytes+12*len(readings))
	for _, r := range readings {
		id, ok := s.metricIDs[r.Metric]
		if !ok {
			return nil, errors.New("reading of an undeclared metric: " + r.Metric)
		}
		b = binary.AppendUvarint(b, id)
		if r.At == 0 {
			b = append(b, 0)
		} else {
			at := r.At - int64(key.day)*86400
			b = binary.AppendVarint(b, at+sign(at))
		}
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(r.Value))
	}
	binary.LittleEndian.PutUint32(b[1:], readingsSum(key, b[sumBytes:]))
	return b, nil
}

// sumBytes is how long a 0 and a checksum are.
const sumBytes = 5

// readingKey is whose metrics a row has; typ is 0 for those across records.
type readingKey struct {
	person, typ int64
	day         health.Day
}

// readingsSum covers the values of a row and whose they are.
func readingsSum(key readingKey, values []byte) uint32 {
	b := binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(nil, key.person), key.typ), int64(key.day))
	return crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, values)
}

// checkedValues returns the values of a row after checking its sum.
func (s *Store) checkedValues(key readingKey, b []byte) ([]byte, error) {
	has := len(b) > 0 && b[0] == 0
	right := len(b) >= sumBytes && binary.LittleEndian.Uint32(b[1:]) == readingsSum(key, b[sumBytes:])
	switch {
	case has && right:
		return b[sumBytes:], nil
	case has || right: // or what says that there is a sum is damaged
		return nil, s.damagedReadings(key)
	}
	return b, nil
}

// sign makes room for 0, which stands for "no time".
func sign(at int64) int64 {
	if at < 0 {
		return 0
	}
	return 1
}

func (s *Store) damagedReadings(key readingKey) error {
	err := &DamagedError{Person: key.person, Type: s.types[key.typ], Day: key.day,
		Why: "its metrics do not match their checksum; garner rederive builds them again"}
	s.damage.found(err)
	return err
}

func (s *Store) unpackReadings(key readingKey, b []byte, out []health.Reading) ([]health.Reading, error) {
	b, err := s.checkedValues(key, b)
	if err != nil {
		return out, err
	}
	for len(b) > 0 {
		id, n := binary.Uvarint(b)
		if n <= 0 {
			return out, s.damagedReadings(key)
		}
		at, m := binary.Varint(b[n:])
		if m <= 0 || len(b) < n+m+8 {
			return out, s.damagedReadings(key)
		}
		b = b[n+m:]
		r := health.Reading{Metric: s.metricNames[id], Type: s.types[key.typ], Day: key.day}
		r.Value = math.Float64frombits(binary.LittleEndian.Uint64(b))
		if at > 0 {
			at--
			r.At = at + int64(key.day)*86400
		} else if at < 0 {
			r.At = at + int64(key.day)*86400
		}
		b = b[8:]
		out = append(out, r)
	}
	return out, nil
}

// ReadingsOf returns the readings of a person's records of one type over days
// from to to, both included, in order of days. The empty type means
// metrics derived across records.
func (s *Store) ReadingsOf(ctx context.Context, person int64, typ string,
	from, to health.Day) ([]health.Reading, error) {
	var id int64
	if typ != "" {
		id = s.kinds[typ].id
	}
	return s.readingsOf(ctx, []int64{id}, person, from, to)
}

// Readings returns all readings of a person over days from to to, both
// included.
func (s *Store) Readings(ctx context.Context, person int64, from, to health.Day) ([]health.Reading, error) {
	return s.readingsOf(ctx, s.readingTypes(), person, from, to)
}

// readingTypes are the types that have readings; 0 means metrics derived
// across records.
func (s *Store) readingTypes() []int64 { return append([]int64{0}, keysOf(s.types)...) }

func readingsQuery(types int) string {
	return `select type_id, day, vals from reading where person_id = ? and type_id in (` + marks(types) + `)
		and day between ? and ? and hidden = 0 order by type_id, day, record_id`
}

func (s *Store) readingsOf(ctx context.Context, types []int64, person int64,
	from, to health.Day) (out []health.Reading, err error) {
	args := slices.Concat([]any{person}, anys(types), []any{int64(from), int64(to)})
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var typ, day int64
		var vals sql.RawBytes
		err := rows.Scan(&typ, &day, &vals)
		if err == nil {
			out, err = s.unpackReadings(readingKey{person, typ, health.Day(day)}, vals, out)
		}
		return err
	}, readingsQuery(len(types)), args...)
	return out, err
}

func keysOf(m map[int64]string) []int64 {
	out := make([]int64, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	return out
}
