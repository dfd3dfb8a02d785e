package db

import (
	"bytes"
	"database/sql"
	"errors"

	"garner/health"
)

// standing is what a record's row says, without its body.
type standing struct {
	id                 int64
	day                health.Day
	sum                []byte
	versions           int
	spanStart, spanEnd int64
}

// record puts a version of a type with rows into its record: it finds the
// record or, for nights, all records that the version overlaps, makes them
// one, adds the version's facts, and lets the greatest version stand.
func (a *applier) record(v *health.Version, k kind, received int64) error {
	found, err := a.find(v, k)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return a.first(v, k, received)
	}
	into := &found[0]
	for i := 1; i < len(found); i++ {
		if into, err = a.merge(v, k, into, &found[i]); err != nil {
			return err
		}
	}
	changed, err := a.addFacts(into, v, received)
	if err != nil {
		return err
	}
	return a.settle(v, k, into, received, changed)
}

func span(v *health.Version) (from, to int64) { return v.Start, max(v.End, v.Start+1) }

func (a *applier) find(v *health.Version, k kind) ([]standing, error) {
	const columns = `select id, day, sum, versions, coalesce(span_start, 0), coalesce(span_end, 0) from record `
	scan := func(rows *sql.Rows) (s standing, err error) {
		return s, rows.Scan(&s.id, &s.day, &s.sum, &s.versions, &s.spanStart, &s.spanEnd)
	}
	if !k.Overlap {
		rows, err := a.t.query(columns+`where person = ? and type = ? and key = ?`, v.Person, k.id, v.Key)
		if err != nil {
			return nil, err
		}
		return collect(rows, scan)
	}
	from, to := span(v)
	// Groups do not overlap each other, so going down by start ends at the
	// first group that ends before the version begins.
	rows, err := a.t.query(columns+`where person = ? and type = ? and span_start < ? order by span_start desc`, v.Person, k.id, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []standing
	for rows.Next() {
		s, err := scan(rows)
		if err != nil {
			return nil, err
		}
		if s.spanEnd <= from {
			break
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// first makes the record of a version that is alone.
func (a *applier) first(v *health.Version, k kind, received int64) error {
	var from, to *int64
	if k.Overlap {
		f, t := span(v)
		from, to = &f, &t
	}
	res, err := a.t.result(`insert into record (person, type, key, day, start_s, end_s, offset_s, class, reach, upload_end, delivery, element,
		sum, summary_id, device, origin, received_ms, processed_ms, versions, span_start, span_end, body)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
		v.Person, k.id, v.Key, int64(v.Day), v.Start, v.End, v.Offset, int(v.Order.Class), v.Order.Reach, v.Order.UploadEnd,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, v.Sum[:], v.SummaryID, v.Device, int(v.Origin), received, a.nowMS, from, to, a.pack(v.Body))
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	if err := a.insertFacts(id, v, received); err != nil {
		return err
	}
	a.touch(v.Person, k, v.Day)
	return a.putReadings(v, k, id)
}

func (a *applier) pack(body []byte) []byte { return a.s.enc.EncodeAll(body, nil) }

// merge makes two records one, since v connects them. The one whose version
// is greater goes on, so that no body need be moved.
func (a *applier) merge(v *health.Version, k kind, x, y *standing) (*standing, error) {
	xo, err := a.orderOf(x)
	if err != nil {
		return nil, err
	}
	yo, err := a.orderOf(y)
	if err != nil {
		return nil, err
	}
	if xo.Compare(yo) < 0 {
		x, y = y, x
	}
	// The same content cannot be in both: its span would have joined them.
	if err := a.t.exec(`update version set record = ? where record = ?`, x.id, y.id); err != nil {
		return nil, err
	}
	if err := a.t.exec(`delete from reading where person = ? and type = ? and day = ? and record = ?`, v.Person, k.id, int64(y.day), y.id); err != nil {
		return nil, err
	}
	if err := a.t.exec(`delete from record where id = ?`, y.id); err != nil {
		return nil, err
	}
	a.touch(v.Person, k, y.day)
	x.versions += y.versions
	x.spanStart, x.spanEnd = min(x.spanStart, y.spanStart), max(x.spanEnd, y.spanEnd)
	return x, nil
}

func (a *applier) orderOf(s *standing) (o health.Order, err error) {
	err = a.t.row(`select class, reach, upload_end, delivery, element from version where record = ? and sum = ?`, []any{s.id, s.sum},
		&o.Class, &o.Reach, &o.UploadEnd, &o.Arrival.Delivery, &o.Arrival.Element)
	return o, err
}

// addFacts records the version among its record's. A repeat keeps the facts of
// its first arrival; changed says whether anything is new.
func (a *applier) addFacts(s *standing, v *health.Version, received int64) (changed bool, err error) {
	var known health.Arrival
	err = a.t.row(`select delivery, element from version where record = ? and sum = ?`, []any{s.id, v.Sum[:]}, &known.Delivery, &known.Element)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		s.versions++
		return true, a.insertFacts(s.id, v, received)
	case err != nil:
		return false, err
	case v.Order.Arrival.Compare(known) >= 0:
		v.Order.Arrival = known
		return false, nil
	}
	return true, a.t.exec(`update version set delivery = ?, element = ?, received_ms = ?, upload_end = ? where record = ? and sum = ?`,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, received, v.Order.UploadEnd, s.id, v.Sum[:])
}

func (a *applier) insertFacts(record int64, v *health.Version, received int64) error {
	return a.t.exec(`insert into version (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, received_ms, summary_id)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, record, v.Sum[:], int(v.Order.Class), v.Order.Reach, v.Order.UploadEnd,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, v.Start, v.End, received, v.SummaryID)
}

// settle lets the greatest of a record's versions stand.
func (a *applier) settle(v *health.Version, k kind, s *standing, received int64, changed bool) error {
	var top struct {
		sum      []byte
		delivery int64
	}
	if err := a.t.row(`select sum, delivery from version where record = ?
		order by class desc, reach desc, upload_end desc, delivery desc, element desc limit 1`, []any{s.id}, &top.sum, &top.delivery); err != nil {
		return err
	}
	mine := bytes.Equal(top.sum, v.Sum[:])
	if mine && (changed || !bytes.Equal(s.sum, top.sum)) {
		if err := a.stand(v, k, s, received); err != nil {
			return err
		}
	}
	if !mine && !bytes.Equal(top.sum, s.sum) {
		// A repeat showed that the standing version had come earlier than
		// thought, so another one stands whose body was let go. Its delivery
		// still has it.
		a.requeue[top.delivery] = struct{}{}
	}
	return a.keepSpan(v, k, s)
}

// stand makes v the record's standing version.
func (a *applier) stand(v *health.Version, k kind, s *standing, received int64) error {
	if err := a.t.exec(`update record set key = ?, day = ?, start_s = ?, end_s = ?, offset_s = ?, class = ?, reach = ?, upload_end = ?,
		delivery = ?, element = ?, sum = ?, summary_id = ?, device = ?, origin = ?, received_ms = ?, processed_ms = ?, body = ? where id = ?`,
		v.Key, int64(v.Day), v.Start, v.End, v.Offset, int(v.Order.Class), v.Order.Reach, v.Order.UploadEnd,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, v.Sum[:], v.SummaryID, v.Device, int(v.Origin), received, a.nowMS, a.pack(v.Body), s.id); err != nil {
		return err
	}
	if s.day != v.Day {
		if err := a.t.exec(`delete from reading where person = ? and type = ? and day = ? and record = ?`, v.Person, k.id, int64(s.day), s.id); err != nil {
			return err
		}
		a.touch(v.Person, k, s.day)
	}
	a.touch(v.Person, k, v.Day)
	return a.putReadings(v, k, s.id)
}

func (a *applier) keepSpan(v *health.Version, k kind, s *standing) error {
	if !k.Overlap {
		return a.t.exec(`update record set versions = ? where id = ?`, s.versions, s.id)
	}
	from, to := span(v)
	return a.t.exec(`update record set versions = ?, span_start = ?, span_end = ? where id = ?`,
		s.versions, min(s.spanStart, from), max(s.spanEnd, to), s.id)
}
