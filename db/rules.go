package db

import (
	"context"
	"database/sql"
	"time"
)

// Pause is a time without notifications of silence. Person 0 means all people,
// the empty type all types.
type Pause struct {
	ID       int64
	Person   int64
	Type     string
	From, To time.Time
	Reason   string
}

// PutPause adds a pause.
func (s *Store) PutPause(ctx context.Context, p Pause) (id int64, err error) {
	typ, err := s.typeRef(p.Type)
	if err != nil {
		return 0, err
	}
	err = s.w.do(ctx, func(t *tx) error {
		res, err := t.result(`insert into pause (person_id, type_id, from_ms, to_ms, reason) values (?, ?, ?, ?, ?)`,
			ref(p.Person), typ, p.From.UnixMilli(), p.To.UnixMilli(), p.Reason)
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

// EndPause ends a pause now; one that has not begun is deleted.
func (s *Store) EndPause(ctx context.Context, now time.Time, id int64) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`delete from pause where id = ? and from_ms >= ?`, id, now.UnixMilli()); err != nil {
			return err
		}
		return t.exec(`update pause set to_ms = ? where id = ? and to_ms > ?`, now.UnixMilli(), id, now.UnixMilli())
	})
}

const pauseColumns = `select id, coalesce(person_id, 0), coalesce(type_id, 0), from_ms, to_ms, reason from pause `

// Pauses returns those that end after an instant, by their end.
func (s *Store) Pauses(ctx context.Context, endingAfter time.Time) ([]Pause, error) {
	return s.pauses(ctx, pauseColumns+`where to_ms > ? order by to_ms`, endingAfter.UnixMilli())
}

// PausesOf returns all pauses, past ones too, of some people and those of all
// people, by their end.
func (s *Store) PausesOf(ctx context.Context, people []int64) ([]Pause, error) {
	return s.pauses(ctx, pauseColumns+`where person_id is null
		or person_id in (select value from json_each(?)) order by to_ms`,
		list(people))
}

func (s *Store) pauses(ctx context.Context, text string, args ...any) ([]Pause, error) {
	rows, err := s.f.query(ctx, text, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (p Pause, err error) {
		var typ, from, to int64
		err = rows.Scan(&p.ID, &p.Person, &typ, &from, &to, &p.Reason)
		p.Type = s.types[typ]
		p.From, p.To = time.UnixMilli(from), time.UnixMilli(to)
		return p, err
	})
}

// Rule is the setting for a person, or for one type of a person.
type Rule struct {
	ID     int64
	Person int64
	Type   string
	// Limit is how long the silence may last; 0 for none of its own.
	Limit time.Duration
	// Off means that the type does not apply to the person.
	Off bool
}

// PutRule sets a rule; an empty one is deleted.
func (s *Store) PutRule(ctx context.Context, r Rule) error {
	typ, err := s.typeRef(r.Type)
	if err != nil {
		return err
	}
	return s.w.do(ctx, func(t *tx) error {
		if r.Limit == 0 && !r.Off {
			return t.exec(`delete from rule where person_id is ? and type_id is ?`, ref(r.Person), typ)
		}
		return t.exec(`insert into rule (person_id, type_id, limit_s, off) values (?, ?, ?, ?)
			on conflict do update set limit_s = excluded.limit_s, off = excluded.off`, ref(r.Person), typ,
			int64(r.Limit/time.Second), r.Off)
	})
}

// DeleteRule deletes a rule.
func (s *Store) DeleteRule(ctx context.Context, id int64) error {
	return s.w.do(ctx, func(t *tx) error { return t.exec(`delete from rule where id = ?`, id) })
}

// AlertRules returns all rules.
func (s *Store) AlertRules(ctx context.Context) ([]Rule, error) {
	rows, err := s.f.query(ctx, `select id, coalesce(person_id, 0), coalesce(type_id, 0), limit_s, off from rule
		order by person_id, type_id`)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (r Rule, err error) {
		var typ, limit int64
		err = rows.Scan(&r.ID, &r.Person, &typ, &limit, &r.Off)
		r.Type = s.types[typ]
		r.Limit = time.Duration(limit) * time.Second
		return r, err
	})
}
