package db

import (
	"database/sql"
	"errors"
	"time"

	"garner/health"
)

type (
	coverKey struct {
		person int64
		typ    string
		day    health.Day
	}
	freshKey struct {
		person int64
		typ    int64
	}
	// freshness is how new a person's data of a type are: sample and live in
	// unix seconds, received and news in unix milliseconds.
	freshness struct {
		sample, received int64
		live, news       int64
		// offset is that of the latest record with an offset, which reaches to offsetAt.
		offset   sql.NullInt32
		offsetAt int64
	}
	dirtyKey struct {
		person int64
		day    health.Day
		family health.Derivation
	}
)

// note collects what a version means for freshness, current or not.
func (a *applier) note(v *health.Version, k kind, received int64) error {
	key := freshKey{v.Person, k.id}
	f := a.fresh[key]
	if f == nil {
		f = &freshness{}
		err := a.t.row(`select live_s, news_ms, offset_s, offset_at_s from freshness where person_id = ? and type_id = ?`,
			[]any{key.person, key.typ}, &f.live, &f.news, &f.offset, &f.offsetAt)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		a.fresh[key] = f
	}
	f.sample = max(f.sample, v.End, v.Start)
	f.received = max(f.received, received)
	f.clock(v)
	if v.Origin != health.Backfill && v.Origin != health.Import {
		a.news(key, f, v, received)
	}
	return nil
}

// clock keeps the offset of the record that reaches furthest; of two that reach
// equally far the greater offset, in any order of arrival.
func (f *freshness) clock(v *health.Version) {
	reach := max(v.End, v.Start)
	if v.Offset == nil || reach < f.offsetAt || reach == f.offsetAt && f.offset.Valid && f.offset.Int32 >= *v.Offset {
		return
	}
	f.offset, f.offsetAt = sql.NullInt32{Int32: *v.Offset, Valid: true}, reach
}

// news notes data that reach further than any before. A reach in the
// future is ignored, or a watch with a wrong clock would be silent forever
// after. Of deliveries that reach equally far the first one counts, in any order
// of processing.
func (a *applier) news(key freshKey, f *freshness, v *health.Version, received int64) {
	reach := max(v.End, v.Start)
	if reach == 0 {
		reach = (int64(v.Day) + 1) * 86400
	}
	reach = min(reach, received/1000)
	switch {
	case reach > f.live:
		f.live = reach
		if received/1000-reach > int64(health.NewsWithin/time.Second) {
			return // history
		}
		f.news = received
		for _, slot := range []freshKey{key, {key.person, 0}, {0, key.typ}, {0, 0}} {
			a.arrived[arrivalKey{slot, received / dayMS}] |= 1 << (received % dayMS / hourMS)
		}
	case reach == f.live:
		f.news = min(f.news, received)
	}
}

// touch collects what a change of a record of this day means for derived
// data.
func (a *applier) touch(person int64, k kind, day health.Day) {
	a.cover[coverKey{person, k.Type, day}] = struct{}{}
	for _, feed := range k.Feeds {
		for d := -feed.Before; d < feed.Days; d++ {
			a.dirty[dirtyKey{person, day + health.Day(d), feed.Family}] = struct{}{}
		}
	}
}

// count is of records: how many, and when the first and the last were received.
type count struct{ n, first, last int64 }

func (c *count) add(received int64) {
	if c.n == 0 || received < c.first {
		c.first = received
	}
	c.last = max(c.last, received)
	c.n++
}

// tally counts the current records of a person, type and day: those that count, which
// may be simulated, and those that they hide.
type tally struct {
	shown     count
	hidden    int64
	simulated bool
}

// writeCoverage counts the current records again: it depends only on them, not on
// history. Simulated records count only if there are no real ones, which hide them.
func (a *applier) writeCoverage() error {
	for key := range a.cover {
		k := a.s.kinds[key.typ]
		count := a.countRecords
		if k.Packed {
			count = a.countBlocks
		}
		of, err := count(key, k)
		if err != nil {
			return err
		}
		if err := a.putCover(key, k, of); err != nil {
			return err
		}
	}
	return nil
}

// putCover writes the coverage of a person, type and day.
func (a *applier) putCover(key coverKey, k kind, of tally) error {
	if of.shown.n == 0 {
		return a.t.exec(`delete from coverage where person_id = ? and type_id = ? and day = ?`,
			key.person, k.id, int64(key.day))
	}
	return a.t.exec(`insert into coverage (person_id, type_id, day, records, first_ms, last_ms, hidden, simulated)
		values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update
		set records = excluded.records, first_ms = excluded.first_ms, last_ms = excluded.last_ms, hidden = excluded.hidden,
		simulated = excluded.simulated`,
		key.person, k.id, int64(key.day), of.shown.n, of.shown.first, of.shown.last, of.hidden, of.simulated)
}

// countRecords counts records with rows, and hides the simulated ones beside real ones.
func (a *applier) countRecords(key coverKey, k kind) (tally, error) {
	real, simulated, err := a.countRows(key, k)
	switch {
	case err != nil || simulated.n == 0:
		return tally{shown: real}, err
	case real.n == 0:
		return tally{shown: simulated, simulated: true}, a.hide(key, k, false)
	}
	return tally{shown: real, hidden: simulated.n}, a.hide(key, k, true)
}

func (a *applier) countRows(key coverKey, k kind) (real, simulated count, err error) {
	rows, err := a.t.query(`select `+family+`, count(*), min(received_ms), max(received_ms) from record
		where person_id = ? and type_id = ? and day = ? group by 1`, key.person, k.id, int64(key.day))
	if err != nil {
		return real, simulated, err
	}
	defer rows.Close()
	for rows.Next() {
		var c count
		var made bool
		if err := rows.Scan(&made, &c.n, &c.first, &c.last); err != nil {
			return real, simulated, fault(err)
		}
		if made {
			simulated = c
		} else {
			real = c
		}
	}
	return real, simulated, fault(rows.Err())
}

// hide hides the simulated records of a day and their readings, or shows them.
func (a *applier) hide(key coverKey, k kind, hidden bool) error {
	args := []any{key.person, k.id, int64(key.day), hidden}
	if err := a.t.exec(`update record set hidden = ?4
		where person_id = ?1 and type_id = ?2 and day = ?3 and hidden <> ?4 and `+family, args...); err != nil {
		return err
	}
	return a.t.exec(`update reading set hidden = ?4
		where person_id = ?1 and type_id = ?2 and day = ?3 and hidden <> ?4
		and record_id in (select id from record where person_id = ?1 and type_id = ?2 and day = ?3 and `+family+`)`, args...)
}

func (a *applier) writeFreshness() error {
	for key, f := range a.fresh {
		if err := a.t.exec(`insert into freshness (person_id, type_id, sample_s, received_ms, processed_ms, live_s, news_ms,
			offset_s, offset_at_s) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
			on conflict do update set sample_s = max(sample_s, excluded.sample_s),
			received_ms = max(received_ms, excluded.received_ms), processed_ms = max(processed_ms, excluded.processed_ms),
			live_s = excluded.live_s, news_ms = excluded.news_ms,
			offset_s = excluded.offset_s, offset_at_s = excluded.offset_at_s`,
			key.person, key.typ, f.sample, f.received, a.nowMS, f.live, f.news, f.offset, f.offsetAt); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) writeDirty() error {
	for key := range a.dirty {
		if err := a.t.exec(`insert into dirty (person_id, day, family) values (?, ?, ?)
			on conflict do update set mark = mark + 1`,
			key.person, int64(key.day), int(key.family)); err != nil {
			return err
		}
	}
	return nil
}
