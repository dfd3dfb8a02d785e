package db

import (
	"context"
	"time"
)

// canAdminister is Account.Administers in SQL.
const canAdminister = `role = 'admin' and disabled = 0 and password <> ''`

// ofAccount runs a change of one account and marks that people changed.
func (s *Store) ofAccount(ctx context.Context, change func(*tx) error) error {
	return s.w.do(ctx, func(t *tx) error {
		if err := change(t); err != nil {
			return err
		}
		return t.bumpPeople()
	})
}

// SetPassword sets the hash of an account's password. All sessions and unused
// links of the account end.
func (s *Store) SetPassword(ctx context.Context, now time.Time, account int64, hash string) error {
	return s.ofAccount(ctx, func(t *tx) error { return t.setPassword(now, account, hash) })
}

func (t *tx) setPassword(now time.Time, account int64, hash string) error {
	if err := t.changeOne(`update account set password = ?, password_ms = ? where id = ?`, hash,
		passwordSet(now, hash), account); err != nil {
		return err
	}
	if err := t.endSessions(account); err != nil {
		return err
	}
	return t.exec(`delete from link where account_id = ? and used_ms = 0`, account)
}

// UpgradeHash replaces the hash of an unchanged password by one of other
// parameters. Nothing happens if the password has changed in the meantime.
func (s *Store) UpgradeHash(ctx context.Context, account int64, from, to string) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update account set password = ? where id = ? and password = ?`, to, account, from)
	})
}

// SetDisabled disables or enables an account. The sessions and unused links of
// one that is disabled end. ErrLastAdmin if it is the last admin.
func (s *Store) SetDisabled(ctx context.Context, account int64, disabled bool) error {
	return s.ofAccount(ctx, func(t *tx) error {
		if !disabled {
			return t.changeOne(`update account set disabled = 0 where id = ?`, account)
		}
		if err := t.notLastAdmin(account); err != nil {
			return err
		}
		if err := t.changeOne(`update account set disabled = 1 where id = ?`, account); err != nil {
			return err
		}
		if err := t.endSessions(account); err != nil {
			return err
		}
		return t.exec(`delete from link where account_id = ? and used_ms = 0`, account)
	})
}

// SetRole sets the role of an account. ErrLastAdmin if it is the last admin.
func (s *Store) SetRole(ctx context.Context, account int64, role Role) error {
	return s.ofAccount(ctx, func(t *tx) error {
		if role != RoleAdmin {
			if err := t.notLastAdmin(account); err != nil {
				return err
			}
		}
		return t.changeOne(`update account set role = ? where id = ?`, role, account)
	})
}

// RemoveAccount removes an account with its sessions and links, and what others
// share with it. Its person stays, and what it allowed admins to see of them.
// ErrLastAdmin if it is the last admin.
func (s *Store) RemoveAccount(ctx context.Context, account int64) error {
	return s.ofAccount(ctx, func(t *tx) error {
		if err := t.notLastAdmin(account); err != nil {
			return err
		}
		return t.changeOne(`delete from account where id = ?`, account)
	})
}

// notLastAdmin returns ErrLastAdmin for the only admin who can sign in.
func (t *tx) notLastAdmin(account int64) error {
	var last bool
	if err := t.row(`select exists (select 1 from account where id = ?1 and `+canAdminister+`)
		and not exists (select 1 from account where id <> ?1 and `+canAdminister+`)`, []any{account}, &last); err != nil {
		return err
	}
	if last {
		return ErrLastAdmin
	}
	return nil
}

// SetPreferences sets how an account reads pages and where it is written to. ErrMail
// means that its mail is not an address; see CheckMail.
func (s *Store) SetPreferences(ctx context.Context, account int64, p Preferences) error {
	if err := checkMail(p); err != nil {
		return err
	}
	return s.ofAccount(ctx, func(t *tx) error {
		return t.changeOne(`update account set units = ?, weight_unit = ?, temperature_unit = ?, energy_unit = ?,
			clock = ?, week_start = ?, zone = ?, mail = ? where id = ?`, p.Units.System, p.Units.Weight,
			p.Units.Temperature, p.Units.Energy, p.Clock, p.WeekStart, p.Zone, p.Mail, account)
	})
}

// SetAccountPerson gives an account its own person, or none for 0. ErrLinked
// means that another account has them. As with AddAccount, a member decides
// from then on whether admins see values.
func (s *Store) SetAccountPerson(ctx context.Context, account, person int64) error {
	return s.ofAccount(ctx, func(t *tx) error { return t.setAccountPerson(account, person) })
}
