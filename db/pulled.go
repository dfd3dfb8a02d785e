package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"garner/health"
)

// callsKept is how many calls of each person are kept.
const callsKept = 1000

// BeginPull records that the Personal API is about to be called. ErrNotFound means that
// the person has no key in use.
func (s *Store) BeginPull(ctx context.Context, now time.Time, c PullCall) (id int64, err error) {
	err = s.w.do(ctx, func(t *tx) error {
		err := t.row(`insert into pull_call (person_id, endpoint, item, days, began_ms) select person_id, ?2, ?3, ?4, ?5
			from personal_key where person_id = ?1 and state = 0 and `+notErasing+` returning id`,
			[]any{c.Person, c.Endpoint, c.Item, c.Days, now.UnixMilli()}, &id)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return t.exec(`delete from pull_call where person_id = ?1 and id <= (select id from pull_call where person_id = ?1
			order by id desc limit 1 offset ?2)`, c.Person, callsKept)
	})
	return id, err
}

// EndPull records the answer to a call, and what it says of items, in place of what was
// known of them. found are items that it names: those that are not known yet are added.
func (s *Store) EndPull(ctx context.Context, now time.Time, c PullCall, items, found []Pulled) error {
	return s.w.do(ctx, func(t *tx) error {
		if living, err := t.living(c.Person); err != nil || !living {
			return err
		}
		if err := t.exec(`update pull_call set ended_ms = ?, status = ?, state = ?, bytes = ?, delivery_id = ?, fault = ?
			where id = ?`, now.UnixMilli(), c.Status, int(c.State), c.Bytes, c.Delivery, c.Fault, c.ID); err != nil {
			return err
		}
		for _, p := range items {
			if err := t.putPulled(p, `update set day = excluded.day, state = excluded.state, asked_ms = excluded.asked_ms,
				tries = excluded.tries, due_ms = excluded.due_ms, final = excluded.final, answer = excluded.answer,
				kept_ms = excluded.kept_ms`); err != nil {
				return err
			}
		}
		for _, p := range found {
			if err := t.putPulled(p, `nothing`); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) putPulled(p Pulled, known string) error {
	return t.exec(`insert into pulled (person_id, endpoint, item, day, state, asked_ms, tries, due_ms, final,
		answer, kept_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do `+known, p.Person, p.Endpoint, p.Item,
		int64(p.Day), int(p.State), millis(p.Asked), p.Tries, millis(p.Due), p.Final, p.Answer, millis(p.Kept))
}

// PulledOf returns what is known of a person's items of some days, both included, the
// newest first.
func (s *Store) PulledOf(ctx context.Context, person int64, from, to health.Day) ([]Pulled, error) {
	rows, err := s.f.query(ctx, `select person_id, endpoint, item, day, state, asked_ms, tries, due_ms, final, answer,
		kept_ms from pulled where person_id = ? and day between ? and ? order by day desc`, person, int64(from), int64(to))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (p Pulled, err error) {
		var asked, due, kept int64
		err = rows.Scan(&p.Person, &p.Endpoint, &p.Item, &p.Day, &p.State, &asked, &p.Tries, &due, &p.Final, &p.Answer,
			&kept)
		p.Asked, p.Due, p.Kept = instant(asked), instant(due), instant(kept)
		return p, err
	})
}

// PullTally counts the items of a person's endpoint with the same state.
type PullTally struct {
	Person   int64
	Endpoint string
	State    PulledState
	// Items is their number, Final how many of them will not change any more.
	Items, Final int
	// First and Last are their oldest and newest day.
	First, Last health.Day
}

// PullTallies counts the items of some people, by person and endpoint.
func (s *Store) PullTallies(ctx context.Context, people []int64) ([]PullTally, error) {
	rows, err := s.f.query(ctx, `select person_id, endpoint, state, count(*), sum(final), min(day), max(day) from pulled
		where person_id in (select value from json_each(?)) group by 1, 2, 3 order by 1, 2, 3`, list(people))
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, func(rows *sql.Rows) (p PullTally, err error) {
		return p, rows.Scan(&p.Person, &p.Endpoint, &p.State, &p.Items, &p.Final, &p.First, &p.Last)
	})
}

const pullCallColumns = `select id, person_id, endpoint, item, days, began_ms, ended_ms, status, state, bytes,
	delivery_id, fault from pull_call c `

func scanPullCall(rows *sql.Rows) (c PullCall, err error) {
	var began, ended int64
	err = rows.Scan(&c.ID, &c.Person, &c.Endpoint, &c.Item, &c.Days, &began, &ended, &c.Status, &c.State, &c.Bytes,
		&c.Delivery, &c.Fault)
	c.Began, c.Ended = instant(began), instant(ended)
	return c, err
}

// PullCallsOf returns the newest n calls of a person, the newest first.
func (s *Store) PullCallsOf(ctx context.Context, person int64, n int) ([]PullCall, error) {
	rows, err := s.f.query(ctx, pullCallColumns+`where person_id = ? order by id desc limit ?`, person, n)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanPullCall)
}

// PullHealth is how the calls of a person went of late.
type PullHealth struct {
	// Answered is when the newest call that Garmin answered as it should ended; zero for
	// none among those that are kept.
	Answered time.Time
	// Failing is since when every call has failed; zero if the newest one did not. Status
	// and Fault are those of the newest: 0 if no answer came.
	Failing time.Time
	Status  int
	Fault   string
}

// PullHealths returns how the calls of people with a key went of late.
func (s *Store) PullHealths(ctx context.Context) (map[int64]PullHealth, error) {
	out := map[int64]PullHealth{}
	return out, s.scan(ctx, func(rows *sql.Rows) error {
		var person, answered, failing int64
		var h PullHealth
		err := rows.Scan(&person, &answered, &failing, &h.Status, &h.Fault)
		h.Answered, h.Failing = instant(answered), instant(failing)
		out[person] = h
		return err
	}, `select k.person_id, coalesce((select ended_ms from pull_call where id = k.good), 0),
		coalesce((select min(ended_ms) from pull_call c where c.person_id = k.person_id and c.id > coalesce(k.good, 0)
			and c.state = 4), 0), coalesce(b.status, 0), coalesce(b.fault, '')
		from (select person_id, (select max(id) from pull_call c where c.person_id = k.person_id and c.state between 1 and 3)
			as good from personal_key k where `+notErasing+`) k
		left join pull_call b on b.id = (select max(id) from pull_call c where c.person_id = k.person_id
			and c.id > coalesce(k.good, 0) and c.state = 4)`)
}
