package db

import (
	"context"
	"database/sql"
	"time"
)

// SetAdminsRead sets whether admins see the values of a person.
func (s *Store) SetAdminsRead(ctx context.Context, person int64, read bool) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`update person set admins_read = ? where id = ?`, read, person); err != nil {
			return err
		}
		return t.bumpPeople()
	})
}

// AdminsRead reports whether admins see the values of a person.
func (s *Store) AdminsRead(ctx context.Context, person int64) (read bool, err error) {
	err = s.f.queryRow(ctx, `select coalesce((select admins_read from person where id = ?), 0)`, person).Scan(&read)
	return read, fault(err)
}

// Share lets an account see a person and their values.
func (s *Store) Share(ctx context.Context, now time.Time, person, account int64) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`insert into share (person_id, account_id, created_ms) values (?, ?, ?) on conflict do nothing`,
			person, account, now.UnixMilli()); err != nil {
			return err
		}
		return t.bumpPeople()
	})
}

// Unshare ends what Share began.
func (s *Store) Unshare(ctx context.Context, person, account int64) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := t.exec(`delete from share where person_id = ? and account_id = ?`, person, account); err != nil {
			return err
		}
		return t.bumpPeople()
	})
}

// SharesOf returns the accounts with which a person shares, by name.
func (s *Store) SharesOf(ctx context.Context, person int64) ([]*Account, error) {
	return s.accounts(ctx, `where a.id in (select account_id from share where person_id = ?) order by a.name_fold`, person)
}

// Sight is whom an account may see, as ids of people.
type Sight struct {
	Own        int64   // 0 for none
	Shared     []int64 // who share with it
	AdminsRead []int64 // whose values admins see; only of an admin
}

// Sight returns whom an account may see: no one, if it is disabled or there is
// no such account.
func (s *Store) Sight(ctx context.Context, account int64) (sight Sight, err error) {
	err = s.scan(ctx, func(rows *sql.Rows) error {
		var person int64
		var own, shared, adminsRead bool
		if err := rows.Scan(&person, &own, &shared, &adminsRead); err != nil {
			return err
		}
		if own {
			sight.Own = person
		}
		if shared {
			sight.Shared = append(sight.Shared, person)
		}
		if adminsRead {
			sight.AdminsRead = append(sight.AdminsRead, person)
		}
		return nil
	}, `select p.id, p.id is a.person_id, s.account_id is not null, a.role = 'admin' and p.admins_read
		from account a join person p left join share s on s.person_id = p.id and s.account_id = a.id
		where a.id = ? and a.disabled = 0 and p.erasing_ms = 0
		and (p.id is a.person_id or s.account_id is not null or a.role = 'admin' and p.admins_read = 1)
		order by p.id`, account)
	return sight, err
}
