package db

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"garner/health"
)

// days is a span of days, both included.
type days struct{ from, to health.Day }

// touchPlaced marks the days of measurements without an offset whose day may
// follow from a version with one. A transaction looks at each day once:
// what is added later marks its day itself.
func (a *applier) touchPlaced(v *health.Version) error {
	if v.Offset == nil || v.Start == 0 {
		return nil
	}
	around := days{v.Day - health.ClockDays - 1, v.Day + health.ClockDays + 1}
	seen, ok := a.placed[v.Person]
	switch {
	case !ok || around.from > seen.to+1 || around.to < seen.from-1:
		a.placed[v.Person] = around
		return a.notePlaced(v.Person, around)
	case around.from < seen.from:
		a.placed[v.Person] = days{around.from, max(seen.to, around.to)}
		if err := a.notePlaced(v.Person, days{around.from, seen.from - 1}); err != nil {
			return err
		}
	}
	if around.to <= seen.to {
		return nil
	}
	a.placed[v.Person] = days{min(seen.from, around.from), around.to}
	return a.notePlaced(v.Person, days{seen.to + 1, around.to})
}

func (a *applier) notePlaced(person int64, in days) error {
	for _, k := range a.s.kinds {
		if !feeds(k, health.Placement) {
			continue
		}
		rows, err := a.t.query(`select distinct day from record
			where person_id = ? and type_id = ? and day between ? and ? and offset_s is null`, person, k.id, int64(in.from),
			int64(in.to))
		if err != nil {
			return err
		}
		list, err := collect(rows, func(rows *sql.Rows) (d health.Day, err error) { return d, rows.Scan(&d) })
		if err != nil {
			return err
		}
		for _, day := range list {
			a.dirty[dirtyKey{person, day, health.Placement}] = struct{}{}
		}
	}
	return nil
}

// Clocks returns the offsets of a person's records of some days: of small types
// only if no other has one, and of simulated records only if no real one
// has one.
func (s *Store) Clocks(ctx context.Context, person int64, from, to health.Day) ([]health.Sighting, error) {
	var real, simulated []health.Sighting
	add := func(made bool, seen health.Sighting) {
		if made {
			simulated = append(simulated, seen)
		} else {
			real = append(real, seen)
		}
	}
	for _, k := range s.kinds {
		if k.Packed {
			continue
		}
		if err := s.eachClock(ctx, person, k, from, to, add); err != nil {
			return nil, err
		}
	}
	if len(real) > 0 {
		return real, nil
	}
	for _, k := range s.kinds {
		if !k.Packed {
			continue
		}
		recs, err := s.blockRecords(ctx, person, k, from, to)
		if err != nil {
			return nil, err
		}
		for _, r := range recs {
			if r.err == nil && r.rec.Offset != nil {
				add(r.rec.Simulated(), health.Sighting{At: r.rec.Start, Offset: *r.rec.Offset})
			}
		}
	}
	if len(real) > 0 {
		return real, nil
	}
	return simulated, nil
}

// eachClock yields the offset of each record of a type with rows, and whether it
// is simulated.
func (s *Store) eachClock(ctx context.Context, person int64, k kind, from, to health.Day,
	tell func(bool, health.Sighting)) error {
	return s.scan(ctx, func(rows *sql.Rows) error {
		var made bool
		var seen health.Sighting
		err := rows.Scan(&made, &seen.At, &seen.Offset)
		tell(made, seen)
		return err
	}, `select `+family+`, start_s, offset_s from record
		where person_id = ? and type_id = ? and day between ? and ? and offset_s is not null and start_s <> 0`,
		person, k.id, int64(from), int64(to))
}

// refiledAtOnce is how many records are moved to another day in one transaction.
const refiledAtOnce = 100

// Refile moves current records to the day of their version, with the same
// content. A record that another version has replaced in the meantime, or that
// is already there, stays as it is.
func (s *Store) Refile(ctx context.Context, now time.Time, recs []*health.Record) error {
	for few := range slices.Chunk(recs, refiledAtOnce) {
		err := s.w.do(ctx, func(t *tx) error {
			a := newApplier(s, t, now)
			for _, rec := range few {
				if err := a.refile(rec); err != nil {
					return err
				}
			}
			return a.finish()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) refile(rec *health.Record) error {
	rows, err := a.t.query(`select `+standingColumns+` from record where id = ? and sum = ? and day <> ?`,
		rec.ID, rec.Sum[:], int64(rec.Day))
	if err != nil {
		return err
	}
	found, err := collect(rows, scanStanding)
	for i := range found {
		if err := a.stand(&rec.Version, a.s.kinds[rec.Type], &found[i], rec.Received); err != nil {
			return err
		}
	}
	return err
}
