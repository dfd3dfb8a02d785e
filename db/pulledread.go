package db

import (
	"context"
	"database/sql"

	"garner/health"
)

// Linked returns the people whom Garmin names in what it pushes: those with an identity
// that Garner did not give them.
func (s *Store) Linked(ctx context.Context) (map[int64]bool, error) {
	out := map[int64]bool{}
	return out, s.scan(ctx, func(rows *sql.Rows) error {
		var person int64
		err := rows.Scan(&person)
		out[person] = true
		return err
	}, `select distinct person_id from identity where kind <> 'user_id' or cast(value as text) not like ? || '%'`,
		personalPrefix)
}

// PulledDay is what the Personal API last answered about a day of a person.
type PulledDay struct {
	Person   int64
	Endpoint string
	Day      health.Day
	State    PulledState
}

// PulledDays returns it for some people, from one day to another, both included.
// Activities are not days.
func (s *Store) PulledDays(ctx context.Context, people []int64, from, to health.Day) (out []PulledDay, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	return out, s.scan(ctx, func(rows *sql.Rows) error {
		var d PulledDay
		err := rows.Scan(&d.Person, &d.Endpoint, &d.Day, &d.State)
		out = append(out, d)
		return err
	}, `select person_id, endpoint, day, state from pulled where person_id in (select value from json_each(?))
		and day between ? and ? and item = day`, list(people), int64(from), int64(to))
}

// PulledLate counts the days of a person that an endpoint answered for when they were at
// least so many days old.
func (s *Store) PulledLate(ctx context.Context, person int64, endpoint string, age int) (n int, err error) {
	err = s.f.queryRow(ctx, `select count(*) from pulled where person_id = ? and endpoint = ? and state between 1 and 3
		and asked_ms / 86400000 - day >= ?`, person, endpoint, age).Scan(&n)
	return n, fault(err)
}
