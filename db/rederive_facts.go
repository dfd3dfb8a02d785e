package db

import (
	"database/sql"
	"slices"

	"garner/health"
)

type factRow struct {
	sum                                           []byte
	class, source                                 int
	reach, uploadEnd, delivery, element, from, to int64
	received                                      int64
	summaryID                                     string
	weighed                                       bool
}

// takeOut deletes a record and returns the facts of its versions.
func (a *applier) takeOut(rec *health.Record, k kind) ([]factRow, error) {
	rows, err := a.t.query(`select sum, class, source, reach_s, upload_end_s, delivery_id, element, start_s, end_s,
		received_ms, summary_id, weighed from version where record_id = ?`, rec.ID)
	if err != nil {
		return nil, err
	}
	facts, err := collect(rows, func(rows *sql.Rows) (f factRow, err error) {
		return f, rows.Scan(&f.sum, &f.class, &f.source, &f.reach, &f.uploadEnd, &f.delivery, &f.element, &f.from, &f.to,
			&f.received, &f.summaryID, &f.weighed)
	})
	if err != nil {
		return nil, err
	}
	if err := a.t.exec(
		`delete from reading where person_id = ? and type_id = ? and day = ? and record_id = ?`,
		rec.Person,
		k.id,
		int64(rec.Day),
		rec.ID,
	); err != nil {
		return nil, err
	}
	a.touch(rec.Person, k, rec.Day)
	return facts, a.t.exec(`delete from record where id = ?`, rec.ID)
}

// putFacts restores the facts of a record's other versions, and the span that
// they all cover: a late version must find it by any of them.
func (a *applier) putFacts(v *health.Version, k kind, facts []factRow, kept []*candidate) error {
	found, err := a.find(v, k)
	if err != nil || len(found) == 0 {
		return err
	}
	into := &found[0]
	for _, f := range facts {
		if err := a.t.exec(
			`insert into version (record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s, end_s,
			received_ms, summary_id, weighed, source)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
			into.id,
			f.sum,
			f.class,
			f.reach,
			f.uploadEnd,
			f.delivery,
			f.element,
			f.from,
			f.to,
			f.received,
			f.summaryID,
			f.weighed,
			f.source,
		); err != nil {
			return err
		}
	}
	if k.Overlap {
		if into, err = a.widen(v, k, into, facts); err != nil {
			return err
		}
	}
	if err := a.t.exec(`update record set versions = (select count(*) from version where record_id = ?1) where id = ?1`,
		into.id); err != nil {
		return err
	}
	if err := a.putKept(v, k, into, kept); err != nil {
		return err
	}
	return a.askForGreater(into.id)
}

// putKept restores the bodies that were kept with a record that was removed.
func (a *applier) putKept(v *health.Version, k kind, into *recordRow, kept []*candidate) error {
	if len(kept) == 0 {
		return nil
	}
	list, err := a.candidates(into.id)
	if err != nil {
		return err
	}
	for _, c := range kept {
		c.stored = false // it was deleted with the record
		if !slices.ContainsFunc(list, func(have *candidate) bool { return have.Sum == c.Sum }) {
			list = append(list, c)
		}
	}
	return a.blendKept(v, k, into, list)
}

// widen makes a record's span reach over the facts too, and joins it with what
// that touches.
func (a *applier) widen(v *health.Version, k kind, s *recordRow, facts []factRow) (*recordRow, error) {
	from, to := s.spanStart, s.spanEnd
	for _, f := range facts {
		if string(f.sum) != string(v.Sum[:]) { // its own was decoded again
			from, to = min(from, f.from), max(to, f.to, f.from+1)
		}
	}
	list, err := a.overlapping(v, k, from, to)
	if err != nil {
		return nil, err
	}
	into, err := a.join(v, k, list)
	if err != nil {
		return nil, err
	}
	return into, a.t.exec(`update record set span_start_s = ?, span_end_s = ? where id = ?`,
		min(from, into.spanStart), max(to, into.spanEnd), into.id)
}
