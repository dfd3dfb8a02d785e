package db

import (
	"bytes"
	"database/sql"
	"slices"

	"garner/health"
)

// candidate is a version of a record whose body is at hand.
type candidate struct {
	health.Version
	stored bool // has a row in kept
}

// candidates gives the versions of a record whose bodies are at hand, the
// standing one among them.
func (a *applier) candidates(record int64) ([]*candidate, error) {
	list, err := a.keptOf(record)
	if err != nil || len(list) > 0 {
		return list, err
	}
	rows, err := a.t.query(`select sum, class, reach, upload_end, delivery, element, start_s, end_s, body from record where id = ?`, record)
	if err != nil {
		return nil, err
	}
	return collect(rows, a.scanCandidate)
}

func (a *applier) keptOf(record int64) ([]*candidate, error) {
	rows, err := a.t.query(`select sum, class, reach, upload_end, delivery, element, start_s, end_s, body from kept where record = ?`, record)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, a.scanCandidate)
	for _, c := range list {
		c.stored = true
	}
	return list, err
}

func (a *applier) scanCandidate(rows *sql.Rows) (*candidate, error) {
	c := &candidate{}
	var sum, body []byte
	o := &c.Order
	if err := rows.Scan(&sum, &o.Class, &o.Reach, &o.UploadEnd, &o.Arrival.Delivery, &o.Arrival.Element, &c.Start, &c.End, &body); err != nil {
		return nil, err
	}
	copy(c.Sum[:], sum)
	// A body that cannot be read has no samples; reading the record tells of it.
	c.Body, _ = a.s.dec.DecodeAll(body, nil) //nolint:errcheck // see above
	return c, nil
}

// shown is what a record is to show: a version and when it was received.
type shown struct {
	*health.Version
	received int64
}

// blend weighs a version that is new to a record, or stands from now on,
// against the others, and stores those bodies that are still needed. It gives
// what the record is to show, no version where nothing changes.
func (a *applier) blend(v *health.Version, k kind, s *standing, received int64, wins bool) (shown, error) {
	list, err := a.candidates(s.id)
	if err != nil {
		return shown{}, err
	}
	list = slices.DeleteFunc(list, func(c *candidate) bool { return c.Sum == v.Sum })
	list = append(list, &candidate{Version: *v})
	top, needed := blendOf(k, list)
	if err := a.keep(s.id, list, needed); err != nil {
		return shown{}, err
	}
	switch {
	case wins && top.Sum == v.Sum:
		return shown{top, received}, nil
	case wins: // a greater one was asked for, see askForGreater
		return shown{v, received}, nil
	case !top.Blended || [16]byte(s.sum) != top.Sum:
		return shown{}, nil
	}
	return a.reshow(v.Person, k, s.id, top)
}

// blendOf sorts candidates, greatest first, and blends them.
func blendOf(k kind, list []*candidate) (top *health.Version, needed []bool) {
	slices.SortFunc(list, func(a, b *candidate) int { return b.Order.Compare(a.Order) })
	versions := make([]*health.Version, len(list))
	for i, c := range list {
		versions[i] = &c.Version
	}
	return k.Blend(versions)
}

// reshow is what a record shows with the body and the readings of top.
func (a *applier) reshow(person int64, k kind, record int64, top *health.Version) (shown, error) {
	rows, err := a.t.query(`select `+recordColumns+` from record where id = ?`, record)
	if err != nil {
		return shown{}, err
	}
	recs, err := collect(rows, func(rows *sql.Rows) (read, error) { return a.s.scanRecord(rows, person, k.Type) })
	if err != nil || len(recs) == 0 || recs[0].err != nil || bytes.Equal(recs[0].rec.Body, top.Body) {
		return shown{}, err
	}
	v := recs[0].rec.Version
	v.Body, v.Blended, v.Readings = top.Body, top.Blended, top.Readings
	return shown{&v, recs[0].rec.Received}, nil
}

// keep stores the bodies that are needed, and no others: none where the
// standing version is all that is.
func (a *applier) keep(record int64, list []*candidate, needed []bool) error {
	alone := !slices.Contains(needed[1:], true)
	for i, c := range list {
		switch want := needed[i] && !alone; {
		case c.stored && !want:
			if err := a.t.exec(`delete from kept where record = ? and sum = ?`, record, c.Sum[:]); err != nil {
				return err
			}
		case want:
			o := c.Order
			if err := a.t.exec(`insert or replace into kept (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, body)
				values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, record, c.Sum[:], int(o.Class), o.Reach, o.UploadEnd, o.Arrival.Delivery, o.Arrival.Element,
				c.Start, c.End, a.pack(c.Body)); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepAll stores the standing bodies of records that are about to become one,
// as far as they may be blended.
func (a *applier) keepAll(list []standing) error {
	list = slices.SortedFunc(slices.Values(list), func(a, b standing) int { return b.order.Compare(a.order) })
	list = list[:min(len(list), 1+health.MostBlended)]
	for i := range list {
		if err := a.t.exec(`insert into kept (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, body)
			select id, sum, class, reach, upload_end, delivery, element, start_s, end_s, body from record r
			where r.id = ? and not exists (select 1 from kept k where k.record = r.id)`, list[i].id); err != nil {
			return err
		}
	}
	return nil
}
