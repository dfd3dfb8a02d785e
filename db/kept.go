package db

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"

	"garner/health"
)

// candidate is a version of a record whose body is available.
type candidate struct {
	health.Version
	stored  bool // has a row in kept
	damaged bool // differs from what was stored
}

const candidateColumns = `sum, class, source, reach_s, upload_end_s, delivery_id, element, start_s, end_s, origin, body`

// candidates returns the versions of a record whose bodies are available, with
// the current one. If that one's kept body is damaged, the body that the record
// shows replaces it: it has the same samples.
func (a *applier) candidates(record int64) ([]*candidate, error) {
	list, whole, err := a.keptOf(record)
	if err != nil {
		return nil, err
	}
	rows, err := a.t.query(`select `+candidateColumns+`, 0 from record where id = ?`, record)
	if err != nil {
		return nil, err
	}
	own, err := collect(rows, a.scanCandidate)
	if err != nil || len(own) == 0 {
		return list, err
	}
	at := slices.IndexFunc(list, func(c *candidate) bool { return c.Sum == own[0].Sum })
	switch {
	case at < 0:
		list = append(list, own[0])
	case !whole:
		list[at].Body = own[0].Body
	}
	return list, nil
}

// keptOf returns the kept versions of a record. Damaged ones are left
// out and noted.
func (a *applier) keptOf(record int64) (list []*candidate, whole bool, err error) {
	rows, err := a.t.query(`select `+candidateColumns+`, crc from kept where record_id = ?`, record)
	if err != nil {
		return nil, false, err
	}
	all, err := collect(rows, a.scanCandidate)
	for _, c := range all {
		if c.stored = true; !c.damaged {
			list = append(list, c)
		} else if err = a.dropDamaged(record, c); err != nil {
			break
		}
	}
	return list, len(list) == len(all), err
}

func (a *applier) scanCandidate(rows *sql.Rows) (*candidate, error) {
	c := &candidate{}
	var sum, body []byte
	var crc int64
	o := &c.Order
	if err := rows.Scan(&sum, &o.Class, &o.Source, &o.Reach, &o.UploadEnd, &o.Arrival.Delivery, &o.Arrival.Element,
		&c.Start, &c.End, &c.Origin, &body, &crc); err != nil {
		return nil, err
	}
	copy(c.Sum[:], sum)
	if crc != 0 && crc != keptChecksum(&c.Version, body) {
		c.damaged = true
		return c, nil
	}
	if blendable(body) {
		var err error
		c.Body, err = a.s.dec.DecodeAll(body, nil)
		c.damaged = err != nil
	}
	return c, nil
}

// blendable reports whether a packed body is small enough to be blended. Larger
// ones are not even unpacked.
func blendable(body []byte) bool {
	var head zstd.Header
	if err := head.Decode(body); err != nil {
		return true // unpacking it reports what is wrong
	}
	return !head.HasFCS || head.FrameContentSize <= health.MostSampleBytes
}

// dropDamaged deletes a damaged kept body and requeues its delivery, except
// that of the current version: what the record shows is better.
func (a *applier) dropDamaged(record int64, c *candidate) error {
	damage := &DamagedError{Why: "a body kept for its denser samples is damaged"}
	var typ, delivery int64
	err := a.t.row(`select person_id, type_id, day from record where id = ?`,
		[]any{record}, &damage.Person, &typ, &damage.Day)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	damage.Type = a.s.types[typ]
	a.s.damage.found(damage)
	err = a.t.row(`update version set weighed = 0
		where record_id = ?1 and sum = ?2 and sum <> (select sum from record where id = ?1) returning delivery_id`,
		[]any{record, c.Sum[:]}, &delivery)
	if err == nil {
		a.requeue[delivery] = struct{}{}
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return a.t.exec(`delete from kept where record_id = ? and sum = ?`, record, c.Sum[:])
}

// shown is what a record is to show: a version and when it was received.
type shown struct {
	*health.Version
	received int64
}

// blend compares a version that is new to a record, or now current, with the
// others, and stores the bodies that are still needed. It returns what the
// record must show, or no version if nothing changes.
func (a *applier) blend(v *health.Version, k kind, s *recordRow, received int64, wins bool) (shown, error) {
	list, err := a.candidates(s.id)
	if err != nil {
		return shown{}, err
	}
	mine := &candidate{Version: *v}
	list = slices.DeleteFunc(list, func(c *candidate) bool {
		if c.Sum != v.Sum {
			return false
		}
		mine.stored = c.stored
		return true
	})
	list = append(list, mine)
	top, needed := blendOf(k, list)
	if err := a.keep(s.id, list, needed); err != nil {
		return shown{}, err
	}
	switch {
	case wins && top.Sum == v.Sum:
		return shown{top, received}, nil
	case wins: // a greater one was requested, see askForGreater
		return shown{v, received}, nil
	case [16]byte(s.sum) != top.Sum:
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

// reshow returns what a record shows with the body and the readings of top.
func (a *applier) reshow(person int64, k kind, record int64, top *health.Version) (shown, error) {
	rows, err := a.t.query(`select `+recordColumns+` from record where id = ?`, record)
	if err != nil {
		return shown{}, err
	}
	recs, err := collect(rows, func(rows *sql.Rows) (read, error) { return a.s.scanRecord(rows, person, k.Type) })
	if err != nil || len(recs) == 0 || recs[0].err != nil || shows(&recs[0].rec.Version, top) {
		return shown{}, err
	}
	v := recs[0].rec.Version
	v.Body, v.Blended, v.Others, v.Readings = top.Body, top.Blended, top.Others, top.Readings
	return shown{&v, recs[0].rec.Received}, nil
}

// shows reports whether a record already shows top.
func shows(v, top *health.Version) bool {
	return v.Blended == top.Blended && v.Others == top.Others && bytes.Equal(v.Body, top.Body)
}

// keep stores the bodies that are needed and deletes others: none if only the
// current version is left.
func (a *applier) keep(record int64, list []*candidate, needed []bool) error {
	alone := !slices.Contains(needed[1:], true)
	for i, c := range list {
		switch want := needed[i] && !alone; {
		case c.stored && !want:
			if err := a.t.exec(`delete from kept where record_id = ? and sum = ?`, record, c.Sum[:]); err != nil {
				return err
			}
		case want:
			if err := a.putKeptBody(record, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applier) putKeptBody(record int64, c *candidate) error {
	o, body := c.Order, a.pack(c.Body)
	return a.t.exec(`insert or replace into kept (record_id, `+candidateColumns+`, crc)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		record, c.Sum[:], int(o.Class), int(o.Source), o.Reach, o.UploadEnd, o.Arrival.Delivery, o.Arrival.Element, c.Start,
		c.End, int(c.Origin), body,
		keptChecksum(&c.Version, body))
}

// keepAll stores the current bodies of records that are about to be joined,
// as far as they may be blended.
func (a *applier) keepAll(list []recordRow) error {
	list = slices.SortedFunc(slices.Values(list), func(a, b recordRow) int { return b.order.Compare(a.order) })
	of := map[health.Source]int{}
	for i := range list {
		if of[list[i].order.Source] > health.MostBlended {
			continue
		}
		var head []byte
		var have bool
		if err := a.t.row(`select substr(body, 1, 32), exists (select 1 from kept where record_id = id and sum = r.sum) from
			record r where id = ?`,
			[]any{list[i].id}, &head, &have); err != nil {
			return err
		}
		if !blendable(head) {
			continue
		}
		if of[list[i].order.Source]++; have {
			continue
		}
		if err := a.keepStanding(list[i].id); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) keepStanding(record int64) error {
	rows, err := a.t.query(`select `+candidateColumns+`, 0 from record where id = ?`, record)
	if err != nil {
		return err
	}
	list, err := collect(rows, a.scanCandidate)
	for _, c := range list {
		if c.damaged {
			continue // reading the record reports it
		}
		if err := a.putKeptBody(record, c); err != nil {
			return err
		}
	}
	return err
}

// keepFew drops the kept bodies of records that are about to be joined, except
// those that may be blended.
func (a *applier) keepFew(records string, args []any) error {
	return a.t.exec(`delete from kept where (record_id, sum) in (select record_id, sum from (
		select record_id, sum, row_number() over (partition by source order by class desc, reach_s desc, upload_end_s desc,
		delivery_id desc, element desc) as place from kept where record_id in `+records+`)
		where place > `+fmt.Sprint(1+health.MostBlended)+`)`, args...)
}
