package db

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"garner/health"
)

// Redecode decodes a record's body again and returns the resulting version.
type Redecode func(*health.Record) (*health.Version, error)

// Checkpoint is where a rederivation continues. The zero Checkpoint is the
// beginning; Done means that all was visited.
type Checkpoint struct {
	Record int64
	Block  int64
	// Person and Type are the position of the final sweep, which removes derived
	// data without a record.
	Person, Type int64
	Done         bool
}

// Total counts the steps of a rederivation: records and blocks.
func (s *Store) Total(ctx context.Context) (n int64, err error) {
	err = s.f.queryRow(ctx, `select (select count(*) from record) + (select count(*) from block)`).Scan(&n)
	return n, fault(err)
}

// Rederive rebuilds the data derived from the bodies of up to limit records or
// blocks from spot on, in place: keys, days, order, readings and coverage are
// those of redecode. It returns the checkpoint to continue from and how many
// were visited.
func (s *Store) Rederive(ctx context.Context, now time.Time, spot Checkpoint, limit int,
	redecode Redecode) (Checkpoint, int, error) {
	n := 0
	err := s.w.do(ctx, func(t *tx) error {
		a := newApplier(s, t, now)
		var err error
		switch {
		case spot.Record >= 0:
			n, err = a.redecodeRecords(&spot, limit, redecode)
		case spot.Block >= 0:
			n, err = a.redecodeBlocks(&spot, limit, redecode)
		default:
			err = a.sweep(&spot)
		}
		if err != nil {
			return err
		}
		return a.finish()
	})
	return spot, n, err
}

func (a *applier) redecodeRecords(spot *Checkpoint, limit int, redecode Redecode) (int, error) {
	rows, err := a.t.query(`select person_id, type_id, `+recordColumns+` from record where id > ? order by id limit ?`,
		spot.Record, limit)
	if err != nil {
		return 0, err
	}
	recs, err := collect(rows, a.s.scanAnyRecord)
	if err != nil {
		return 0, err
	}
	if len(recs) == 0 {
		spot.Record = -1
		return 0, nil
	}
	for i, r := range recs {
		if a.enough() {
			return i, nil
		}
		a.versions++
		if r.err == nil {
			if err := a.redecodeRecord(r.rec, redecode); err != nil {
				return 0, err
			}
		}
		spot.Record = r.rec.ID
	}
	return len(recs), nil
}

// scanAnyRecord scans a row that begins with person and type.
func (s *Store) scanAnyRecord(rows *sql.Rows) (read, error) {
	r := read{rec: &health.Record{}}
	rec := r.rec
	var typ, crc int64
	var offset sql.NullInt32
	var sum, body []byte
	if err := rows.Scan(&rec.Person, &typ, &rec.ID, &rec.Key, &rec.Day, &rec.Start, &rec.End, &offset, &rec.Order.Class,
		&rec.Order.Reach, &rec.Order.UploadEnd, &rec.Order.Arrival.Delivery, &rec.Order.Arrival.Element, &sum,
		&rec.SummaryID, &rec.Device, &rec.Origin, &rec.Received, &rec.Processed, &rec.Versions, &rec.Blended,
		&rec.Order.Source, &rec.Others, &body, &crc); err != nil {
		return r, err
	}
	if offset.Valid {
		rec.Offset = &offset.Int32
	}
	rec.Type = s.types[typ]
	copy(rec.Sum[:], sum)
	s.unpack(&r, body, crc)
	return r, nil
}

// redecodeRecord puts the record's version in again. If its key or span has
// changed, the record is removed first, and its facts move with it.
func (a *applier) redecodeRecord(rec *health.Record, redecode Redecode) error {
	k := a.s.kinds[rec.Type]
	kept, whole, err := a.keptOf(rec.ID)
	if err != nil {
		return err
	}
	for _, c := range kept {
		if c.Sum == rec.Sum && whole {
			rec.Body, rec.Blended, rec.Others = c.Body, false, 0
		}
	}
	v, err := redecode(rec)
	if err != nil || v == nil {
		return err
	}
	if err := a.askForUnweighed(rec.ID, v); err != nil {
		return err
	}
	if in, err := a.inPlace(rec, v, k); err != nil {
		return err
	} else if in {
		return a.redecodeInPlace(rec, v, k, kept)
	}
	facts, err := a.takeOut(rec, k)
	if err != nil {
		return err
	}
	if err := a.record(v, k, rec.Received); err != nil {
		return err
	}
	return a.putFacts(v, k, facts, kept)
}

// inPlace reports whether a version that was decoded again belongs where it was.
func (a *applier) inPlace(rec *health.Record, v *health.Version, k kind) (bool, error) {
	if v.Key != rec.Key || v.Start != rec.Start || v.End != rec.End {
		return false, nil
	}
	if !k.Overlap {
		return true, nil
	}
	found, err := a.find(v, k)
	return len(found) == 1, err
}

func (a *applier) redecodeInPlace(rec *health.Record, v *health.Version, k kind, kept []*candidate) error {
	if err := a.refreshFacts(rec.ID, v); err != nil {
		return err
	}
	s := &recordRow{id: rec.ID, day: rec.Day, sum: v.Sum[:]}
	if err := a.stand(v, k, s, rec.Received); err != nil {
		return err
	}
	if err := a.blendKept(v, k, s, kept); err != nil {
		return err
	}
	return a.askForGreater(rec.ID)
}

// blendKept blends the current version with bodies that were kept before.
func (a *applier) blendKept(v *health.Version, k kind, s *recordRow, kept []*candidate) error {
	if k.Blend == nil || len(kept) == 0 {
		return nil
	}
	at := slices.IndexFunc(kept, func(c *candidate) bool { return c.Sum == v.Sum })
	if at < 0 { // its own was not kept, or is damaged
		at, kept = len(kept), append(kept, &candidate{})
	}
	kept[at].Version = *v
	top, needed := blendOf(k, kept)
	if err := a.keep(s.id, kept, needed); err != nil {
		return err
	}
	show, err := a.reshow(v.Person, k, s.id, top)
	if err != nil || show.Version == nil || top.Sum != [16]byte(s.sum) {
		return err
	}
	return a.stand(show.Version, k, s, show.received)
}

// generatorMark begins the summary ids of Garmin's Data Generator.
const generatorMark = `'sd%'`

// askForUnweighed requeues the deliveries of versions that are not current and
// whose samples have not been compared. Those of another family than v, which
// were once kept with it, are dropped: they make records of their
// own.
func (a *applier) askForUnweighed(record int64, v *health.Version) error {
	rows, err := a.t.query(
		`select delivery_id from version where record_id = ? and weighed = 0 and sum <> ?`,
		record,
		v.Sum[:],
	)
	if err != nil {
		return err
	}
	list, err := collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
	if err != nil || len(list) == 0 {
		return err
	}
	for _, id := range list {
		a.requeue[id] = struct{}{}
	}
	if err := a.t.exec(`delete from version where record_id = ?1 and weighed = 0 and sum <> ?2
		and (not ?3 and summary_id like `+generatorMark+` or ?3 and ?4 like `+generatorMark+` and summary_id not like
		`+generatorMark+`)`,
		record, v.Sum[:], v.Simulated(), v.SummaryID); err != nil {
		return err
	}
	return a.t.exec(
		`update record set versions = (select count(*) from version where record_id = ?1) where id = ?1`,
		record,
	)
}

// askForGreater requeues the deliveries of all versions that are greater than
// the current one: its order was decoded again, and their bodies are not stored.
// One of them becomes current, perhaps not the one that is greatest now, since
// an earlier arrival of it may show too.
func (a *applier) askForGreater(record int64) error {
	rows, err := a.t.query(`select distinct delivery_id from version
		where record_id = ?1 and `+greaterThan(`(select sum from record where id = ?1)`), record)
	if err != nil {
		return err
	}
	return a.requeueAll(rows)
}

// askForDropped requeues the deliveries of the versions of v's source that are greater
// than v, of which an earlier arrival showed: while v was the greatest of its source,
// their bodies were not kept.
func (a *applier) askForDropped(record int64, v *health.Version) error {
	rows, err := a.t.query(`update version set weighed = 0 where record_id = ?1 and source = ?3 and `+greaterThan(`?2`)+`
		returning delivery_id`, record, v.Sum[:], int(v.Order.Source))
	if err != nil {
		return err
	}
	return a.requeueAll(rows)
}

// greaterThan selects the versions of record ?1 that are greater than the one with a sum.
func greaterThan(sum string) string {
	return `(` + greatness + `) > (select ` + greatness + ` from version where record_id = ?1 and sum = ` + sum + `)`
}

// requeueAll requeues the deliveries whose ids are the rows.
func (a *applier) requeueAll(rows *sql.Rows) error {
	list, err := collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
	for _, id := range list {
		a.requeue[id] = struct{}{}
	}
	return err
}

func (a *applier) refreshFacts(record int64, v *health.Version) error {
	return a.t.exec(`update version set class = ?, source = ?, reach_s = ?, upload_end_s = ?
		where record_id = ? and sum = ?`,
		int(v.Order.Class), int(v.Order.Source), v.Order.Reach, v.Order.UploadEnd, record, v.Sum[:])
}

// sweep removes the readings and the coverage of one person and type that
// belong to no record, and counts the remaining coverage again.
func (a *applier) sweep(spot *Checkpoint) error {
	err := a.t.row(`select person_id, type_id from (select distinct person_id, type_id from coverage
		union select distinct person_id, type_id from reading where type_id <> 0)
		where (person_id, type_id) > (?, ?) order by 1, 2 limit 1`,
		[]any{spot.Person, spot.Type}, &spot.Person, &spot.Type)
	if errors.Is(err, sql.ErrNoRows) {
		spot.Done = true
		return nil
	}
	if err != nil {
		return err
	}
	if err := a.t.exec(`delete from reading
		where person_id = ? and type_id = ?
		and not exists (select 1 from record r where r.id = reading.record_id and r.day = reading.day)`,
		spot.Person, spot.Type); err != nil {
		return err
	}
	rows, err := a.t.query(`select day from coverage where person_id = ? and type_id = ?`, spot.Person, spot.Type)
	if err != nil {
		return err
	}
	days, err := collect(rows, func(rows *sql.Rows) (d health.Day, err error) { return d, rows.Scan(&d) })
	if err != nil {
		return err
	}
	for _, day := range days {
		a.cover[coverKey{spot.Person, a.s.types[spot.Type], day}] = struct{}{}
	}
	return nil
}
