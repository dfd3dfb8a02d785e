package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"

	"garner/health"
)

// Change says that the records of a person, type and day are not what they were before.
// There is one of each, the newest: a program that reads the day's records after it misses
// none.
type Change struct {
	// ID grows with each change, in the order of commits.
	ID     int64
	Person int64
	// Type is empty if the metrics of the day changed.
	Type string
	Day  health.Day
	// Erased means that the person and all their records are gone. Type and Day are
	// empty then.
	Erased bool
}

// Numbers in place of a type's id.
const (
	changedMetrics = 0
	changedPerson  = -1
)

// ErrLostCursor is the error of reading changes after one that this database never had:
// it was replaced by an older one.
var ErrLostCursor = errors.New("the database was replaced since; begin again")

// ChangeCursor is a place in the changes of a database. The zero ChangeCursor is the
// beginning.
type ChangeCursor struct {
	Epoch, After int64
}

// changed notes that a day has changed.
func (t *tx) changed(person, typ int64, day health.Day) error {
	return t.exec(`insert or replace into change (person_id, type_id, day) values (?, ?, ?)`, person, typ, int64(day))
}

// writeChanges notes the days whose records were touched, and that their metrics may have
// changed with them.
func (a *applier) writeChanges() error {
	type personDay struct {
		person int64
		day    health.Day
	}
	metrics := map[personDay]struct{}{}
	for key := range a.cover {
		if err := a.t.changed(key.person, a.s.kinds[key.typ].id, key.day); err != nil {
			return err
		}
		metrics[personDay{key.person, key.day}] = struct{}{}
	}
	for key := range metrics {
		if err := a.t.changed(key.person, changedMetrics, key.day); err != nil {
			return err
		}
	}
	return nil
}

// Changes returns changes after a place, in order, at most limit, and the place after them.
// people limits them to some people; nil stands for all. erased adds all people who were
// erased. ErrLostCursor means that the place is one of another database.
func (s *Store) Changes(ctx context.Context, after ChangeCursor, people []int64, erased bool,
	limit int) (out []Change, next ChangeCursor, err error) {
	var head int64
	if err := s.f.queryRow(ctx, `select coalesce((select value from meta where name = 'epoch'), 0),
		coalesce((select seq from sqlite_sequence where name = 'change'), 0)`).Scan(&next.Epoch, &head); err != nil {
		return nil, next, fault(err)
	}
	if after != (ChangeCursor{}) && (after.Epoch != next.Epoch || after.After > head) {
		return nil, next, ErrLostCursor
	}
	var only any
	if people != nil {
		only = list(people)
	}
	next.After = after.After
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var c Change
		var typ int64
		if err := rows.Scan(&c.ID, &c.Person, &typ, &c.Day); err != nil {
			return err
		}
		c.Type, c.Erased = s.types[typ], typ == changedPerson
		out, next.After = append(out, c), c.ID
		return nil
	}, changesQuery, after.After, only, erased, limit)
	if len(out) < limit {
		next.After = max(next.After, head) // changes of others need not be passed again
	}
	return out, next, err
}

const changesQuery = `select id, person_id, type_id, day from change where id > ?1
	and iif(type_id < 0, ?3, (?2 is null or person_id in (select value from json_each(?2)))
	and not exists (select 1 from person p where p.id = person_id and p.erasing_ms > 0)) order by id limit ?4`

// newEpoch is a number that tells this database from others in cursors.
func newEpoch() int64 { return rand.Int64N(1 << 50) }

// ensureEpoch gives a new database its epoch.
func (s *Store) ensureEpoch(ctx context.Context) error {
	var has bool
	err := s.f.queryRow(ctx, `select exists (select 1 from meta where name = 'epoch')`).Scan(&has)
	if err != nil || has {
		return fault(err)
	}
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`insert into meta (name, value) values ('epoch', ?) on conflict do nothing`, newEpoch())
	})
}
