package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// LinkKind is what a one-time link is for.
type LinkKind string

// The kinds of one-time links.
const (
	LinkSetup      LinkKind = "setup"      // creates the first admin
	LinkInvitation LinkKind = "invitation" // a new account chooses its password
	LinkReset      LinkKind = "reset"      // an account chooses another one
)

// OneTimeLink is a link that works once.
type OneTimeLink struct {
	Kind    LinkKind
	Account int64 // 0 for LinkSetup
	Name    string
	// AsksAdminsRead is set if a member accepts an invitation for their own
	// person, and so decides whether admins see values.
	AsksAdminsRead bool
	Expires        time.Time
}

// AddLink adds a link by the hash of its token. Earlier links of the account,
// and earlier LinkSetup links, no longer work. ErrHasAdmin refuses a LinkSetup
// once an admin can sign in; ErrNotFound means that the account is disabled or
// does not exist.
func (s *Store) AddLink(ctx context.Context, now time.Time, hash []byte, kind LinkKind, account int64,
	expires time.Time) error {
	return s.w.do(ctx, func(t *tx) error {
		if kind == LinkSetup {
			account = 0
			if err := t.noAdmin(); err != nil {
				return err
			}
		} else {
			var one int
			err := t.row(`select 1 from account where id = ? and disabled = 0`, []any{account}, &one)
			if errors.Is(err, sql.ErrNoRows) {
				return ErrNotFound
			}
			if err != nil {
				return err
			}
		}
		if err := t.exec(`delete from link where account_id is ? and used_ms = 0`, ref(account)); err != nil {
			return err
		}
		return t.exec(`insert into link (token, kind, account_id, created_ms, expires_ms) values (?, ?, ?, ?, ?)`, hash,
			kind, ref(account), now.UnixMilli(), expires.UnixMilli())
	})
}

// noAdmin returns ErrHasAdmin once an admin can sign in.
func (t *tx) noAdmin() error {
	var has bool
	if err := t.row(`select exists (select 1 from account where `+canAdminister+`)`, nil, &has); err != nil {
		return err
	}
	if has {
		return ErrHasAdmin
	}
	return nil
}

// LinkByHash returns a link that would work now, or ErrNotFound.
func (s *Store) LinkByHash(ctx context.Context, now time.Time, hash []byte) (*OneTimeLink, error) {
	var l OneTimeLink
	var expires int64
	err := s.f.queryRow(ctx, `select l.kind, coalesce(a.id, 0), coalesce(a.name, ''),
		l.kind = 'invitation' and a.role = 'member' and a.person_id is not null, l.expires_ms
		from link l left join account a on a.id = l.account_id
		where l.token = ? and l.used_ms = 0 and l.expires_ms > ? and (l.account_id is null or a.disabled = 0)`, hash,
		now.UnixMilli()).Scan(&l.Kind, &l.Account, &l.Name, &l.AsksAdminsRead, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	l.Expires = time.UnixMilli(expires)
	return &l, fault(err)
}

// CreateFirstAdmin adds the first admin by a LinkSetup, which is used up.
// ErrNotFound means that the link does not work, ErrHasAdmin that there is an
// admin, ErrTaken that another account has the name.
func (s *Store) CreateFirstAdmin(ctx context.Context, now time.Time, link []byte, a Account,
	password string) (*Account, error) {
	a.Role = RoleAdmin
	var id int64
	err := s.w.do(ctx, func(t *tx) (err error) {
		if err := t.noAdmin(); err != nil {
			return err
		}
		if err := t.useLink(now, link, `kind = 'setup'`); err != nil {
			return err
		}
		id, err = t.addAccount(now, a, password)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.Account(ctx, id)
}

// AcceptLink sets the hash of the password of the account that a LinkInvitation
// or LinkReset belongs to. The link is used up, and all sessions of the account
// end. adminsRead is the decision on whether admins see the values of the
// account's person, where a member accepts an invitation; nil leaves it.
// ErrNotFound means that the link does not work.
func (s *Store) AcceptLink(ctx context.Context, now time.Time, link []byte, password string,
	adminsRead *bool) (*Account, error) {
	var account int64
	err := s.ofAccount(ctx, func(t *tx) error {
		if err := t.useLink(now, link, `account_id in (select id from account where disabled = 0)`); err != nil {
			return err
		}
		if err := t.row(`select account_id from link where token = ?`, []any{link}, &account); err != nil {
			return err
		}
		if err := t.setPassword(now, account, password); err != nil {
			return err
		}
		if adminsRead == nil {
			return nil
		}
		return t.exec(`update person set admins_read = ? where id = (select a.person_id from account a join link l
			on l.account_id = a.id where l.token = ? and l.kind = 'invitation' and a.role = 'member')`, *adminsRead, link)
	})
	if err != nil {
		return nil, err
	}
	return s.Account(ctx, account)
}

// useLink uses up a link of which also holds.
func (t *tx) useLink(now time.Time, hash []byte, also string) error {
	return t.changeOne(`update link set used_ms = ?1 where token = ?2 and used_ms = 0 and expires_ms > ?1 and `+also,
		now.UnixMilli(), hash)
}
