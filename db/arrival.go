package db

import (
	"context"
	"database/sql"
	"math/bits"
	"time"
)

const (
	hourMS = 3_600_000
	dayMS  = 24 * hourMS
)

// arrivalKey names a row of arrivals: person 0 means all people (in a
// table of its own), type 0 all types.
type arrivalKey struct {
	freshKey
	uday int64
}

type volumeKey struct{ typ, uday int64 }

// writeArrivals marks the hours in which something new came. Bits are
// never cleared, so repeats change nothing.
func (a *applier) writeArrivals() error {
	for key, hours := range a.arrived {
		if err := a.writeArrival(key, hours); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) writeArrival(key arrivalKey, hours int64) error {
	const add = ` on conflict do update set hours = hours | excluded.hours where hours | excluded.hours <> hours`
	if key.person == 0 {
		return a.t.exec(`insert into arrival_all (type_id, uday, hours) values (?, ?, ?)`+add, key.typ, key.uday, hours)
	}
	return a.t.exec(`insert into arrival (person_id, type_id, uday, hours) values (?, ?, ?, ?)`+add,
		key.person, key.typ, key.uday, hours)
}

func (a *applier) writeVolume() error {
	for key, n := range a.volume {
		if err := a.t.exec(`insert into volume (type_id, uday, n) values (?, ?, ?) on conflict do update set n = n +
			excluded.n`,
			key.typ, key.uday, n); err != nil {
			return err
		}
	}
	return nil
}

// Arrivals returns the unix hours, rising, in which something new came since an
// instant. Person 0 means all people, the empty type all types.
func (s *Store) Arrivals(ctx context.Context, person int64, typ string, since time.Time) ([]int64, error) {
	query, args := `select uday, hours from arrival where type_id = ? and uday >= ? and person_id = ? order by uday`,
		[]any{s.kinds[typ].id, since.UnixMilli() / dayMS, person}
	if person == 0 {
		query, args = `select uday, hours from arrival_all where type_id = ? and uday >= ? order by uday`, args[:2]
	}
	var out []int64
	from := since.UnixMilli() / hourMS
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var day int64
		var hours uint64
		err := rows.Scan(&day, &hours)
		for ; hours != 0; hours &= hours - 1 {
			if h := day*24 + int64(bits.TrailingZeros64(hours)); h >= from {
				out = append(out, h)
			}
		}
		return err
	}, query, args...)
	return out, err
}

// Volumes returns how many elements of each type came on each of the days before
// the UTC day of now, oldest first, and those of today so far.
func (s *Store) Volumes(ctx context.Context, now time.Time, days int) (map[string][]int, error) {
	today := now.UnixMilli() / dayMS
	out := map[string][]int{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var typ, day int64
		var n int
		if err := rows.Scan(&typ, &day, &n); err != nil {
			return err
		}
		key := s.types[typ]
		if out[key] == nil {
			out[key] = make([]int, days+1)
		}
		out[key][day-today+int64(days)] = n
		return nil
	}, `select type_id, uday, n from volume where uday between ? and ?`, today-int64(days), today)
	return out, err
}

// Learnt is the rhythm of a person's type as it was learned on a day. Gap and
// By are those of alert.Rhythm.
type Learnt struct {
	Person int64
	Type   string
	Gap    time.Duration
	Days   int
	By     int
	Day    int64 // UTC day
}

// Rhythms returns all learned rhythms.
func (s *Store) Rhythms(ctx context.Context) ([]Learnt, error) {
	rows, err := s.f.query(ctx, `select coalesce(person_id, 0), coalesce(type_id, 0), gap_s, days, by_min, uday
		from rhythm`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (l Learnt, err error) {
		var typ, gap int64
		err = rows.Scan(&l.Person, &typ, &gap, &l.Days, &l.By, &l.Day)
		l.Type, l.Gap = s.types[typ], time.Duration(gap)*time.Second
		return l, err
	})
}

// PutRhythms stores the learned rhythms of some people.
func (s *Store) PutRhythms(ctx context.Context, list []Learnt) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, l := range list {
			living, err := t.living(l.Person)
			if err != nil {
				return err
			}
			if !living {
				continue // was erased since it was learned
			}
			typ, err := s.typeRef(l.Type)
			if err != nil {
				return err
			}
			if err := t.exec(`insert into rhythm (person_id, type_id, gap_s, days, by_min, uday) values (?, ?, ?, ?, ?, ?)
				on conflict do update set gap_s = excluded.gap_s, days = excluded.days, by_min = excluded.by_min, uday =
				excluded.uday`,
				ref(l.Person), typ, int64(l.Gap/time.Second), l.Days, l.By, l.Day); err != nil {
				return err
			}
		}
		return nil
	})
}

// PruneArrivals drops a person's arrivals before an instant. For person
// 0 it also drops volumes.
func (s *Store) PruneArrivals(ctx context.Context, person int64, before time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		day := before.UnixMilli() / dayMS
		if person != 0 {
			return t.exec(`delete from arrival where person_id = ? and uday < ?`, person, day)
		}
		if err := t.exec(`delete from arrival_all where uday < ?`, day); err != nil {
			return err
		}
		return t.exec(`delete from volume where uday < ?`, day)
	})
}
