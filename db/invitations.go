package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"
)

// Invitation is a one-time link with which a person connects.
type Invitation struct {
	Person     int64
	Name, Slug string // the person's
	Expires    time.Time
}

// AddInvitation adds an invitation by the hash of its token. Earlier ones of the
// person no longer work.
func (s *Store) AddInvitation(ctx context.Context, now time.Time, hash []byte, person int64, expires time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		return cmp.Or(t.exec(`delete from invitation where person_id = ? and used_ms = 0`, person),
			t.exec(`insert into invitation (token, person_id, created_ms, expires_ms) values (?, ?, ?, ?)`, hash, person,
				now.UnixMilli(), expires.UnixMilli()))
	})
}

// validInvitation is the condition, with ?1 the time, that an invitation i works.
const validInvitation = `i.used_ms = 0 and i.expires_ms > ?1`

// Invitation returns one that would work now, or ErrNotFound.
func (s *Store) Invitation(ctx context.Context, now time.Time, hash []byte) (*Invitation, error) {
	var i Invitation
	var expires int64
	err := s.f.queryRow(ctx, `select p.id, p.name, p.slug, i.expires_ms from invitation i
		join person p on p.id = i.person_id where `+validInvitation+` and p.erasing_ms = 0 and i.token = ?2`,
		now.UnixMilli(), hash).Scan(&i.Person, &i.Name, &i.Slug, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	i.Expires = instant(expires)
	return &i, fault(err)
}

// InvitationsOf returns until when each of some people has an invitation that was
// not used yet.
func (s *Store) InvitationsOf(ctx context.Context, now time.Time, people []int64) (map[int64]time.Time, error) {
	out := map[int64]time.Time{}
	err := s.scan(ctx, func(rows *sql.Rows) error {
		var person, expires int64
		err := rows.Scan(&person, &expires)
		out[person] = instant(expires)
		return err
	}, `select i.person_id, i.expires_ms from invitation i where `+validInvitation+`
		and i.person_id in (select value from json_each(?2))`, now.UnixMilli(), list(people))
	return out, err
}
