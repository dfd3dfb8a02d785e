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

// arrivalKey names a row of arrivals: person 0 is everyone, type 0 all types.
type arrivalKey struct {
	freshKey
	uday int64
}

type volumeKey struct{ typ, uday int64 }

// writeArrivals marks the hours in which something new came. A bit that is set
// stays so: repeats change nothing.
func (a *applier) writeArrivals() error {
	for key, hours := range a.arrived {
		if err := a.t.exec(`insert into arrival (person, type, uday, hours) values (?, ?, ?, ?)
			on conflict do update set hours = hours | excluded.hours where hours | excluded.hours <> hours`,
			key.person, key.typ, key.uday, hours); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) writeVolume() error {
	for key, n := range a.volume {
		if err := a.t.exec(`insert into volume (type, uday, n) values (?, ?, ?) on conflict do update set n = n + excluded.n`,
			key.typ, key.uday, n); err != nil {
			return err
		}
	}
	return nil
}

// Arrivals gives the unix hours, rising, in which something new came since an
// instant. Person 0 stands for everyone, the empty type for all types.
func (s *Store) Arrivals(ctx context.Context, person int64, typ string, since time.Time) ([]int64, error) {
	rows, err := s.f.query(ctx, `select uday, hours from arrival where person = ? and type = ? and uday >= ? order by
		uday`,
		person, s.kinds[typ].id, since.UnixMilli()/dayMS)
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	var out []int64
	from := since.UnixMilli() / hourMS
	for rows.Next() {
		var day int64
		var hours uint64
		if err := rows.Scan(&day, &hours); err != nil {
			return nil, fault(err)
		}
		for ; hours != 0; hours &= hours - 1 {
			if h := day*24 + int64(bits.TrailingZeros64(hours)); h >= from {
				out = append(out, h)
			}
		}
	}
	return out, fault(rows.Err())
}

// Volumes gives how many elements of each type came on each of the days before
// the UTC day of now, oldest first, and today's so far as the last.
func (s *Store) Volumes(ctx context.Context, now time.Time, days int) (map[string][]int, error) {
	today := now.UnixMilli() / dayMS
	rows, err := s.f.query(ctx, `select type, uday, n from volume where uday between ? and ?`, today-int64(days), today)
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	out := map[string][]int{}
	for rows.Next() {
		var typ, day int64
		var n int
		if err := rows.Scan(&typ, &day, &n); err != nil {
			return nil, fault(err)
		}
		key := s.types[typ]
		if out[key] == nil {
			out[key] = make([]int, days+1)
		}
		out[key][day-today+int64(days)] = n
	}
	return out, fault(rows.Err())
}

// Learnt is the rhythm of a person's type as it was learnt on a day: Gap and By
// as alert.Rhythm has them.
type Learnt struct {
	Person int64
	Type   string
	Gap    time.Duration
	Days   int
	By     int
	Day    int64 // UTC day
}

// Rhythms gives all that was learnt.
func (s *Store) Rhythms(ctx context.Context) ([]Learnt, error) {
	rows, err := s.f.query(ctx, `select person, type, gap_s, days, by_min, uday from rhythm`)
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

// PutRhythms stores what was learnt of some people.
func (s *Store) PutRhythms(ctx context.Context, list []Learnt) error {
	return s.w.do(ctx, func(t *tx) error {
		for _, l := range list {
			if err := t.exec(`insert into rhythm (person, type, gap_s, days, by_min, uday) values (?, ?, ?, ?, ?, ?)
				on conflict do update set gap_s = excluded.gap_s, days = excluded.days, by_min = excluded.by_min, uday =
				excluded.uday`,
				l.Person, s.kinds[l.Type].id, int64(l.Gap/time.Second), l.Days, l.By, l.Day); err != nil {
				return err
			}
		}
		return nil
	})
}

// PruneArrivals drops a person's arrivals before an instant; of 0, of
// volumes too.
func (s *Store) PruneArrivals(ctx context.Context, person int64, before time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		day := before.UnixMilli() / dayMS
		if err := t.exec(`delete from arrival where person = ? and uday < ?`, person, day); err != nil || person != 0 {
			return err
		}
		return t.exec(`delete from volume where uday < ?`, day)
	})
}
