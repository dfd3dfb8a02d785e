package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"garner/health"
)

// Role is what an account may do.
type Role string

// The roles.
const (
	RoleAdmin  Role = "admin"  // runs the installation
	RoleMember Role = "member" // sees their own person, and people who share with them
)

// Account is who signs in.
type Account struct {
	ID     int64
	Name   string
	Role   Role
	Person int64 // their own; 0 for none
	// Slug is the slug of Person, empty for none.
	Slug        string
	Disabled    bool
	HasPassword bool
	Preferences
	Created     time.Time
	PasswordSet time.Time // zero while there is no password
}

// Administers reports whether it is an admin who can sign in. One of them always stays.
func (a *Account) Administers() bool { return a.Role == RoleAdmin && !a.Disabled && a.HasPassword }

// Preferences are how an account reads pages and where it is written to. An
// empty field means the default of the household.
type Preferences struct {
	Units     health.Units
	Clock     string // 12 or 24
	WeekStart string // monday, saturday or sunday
	Zone      string // IANA name
	Mail      string // where incidents about their own person are mailed; see CheckMail
}

// FoldName is a name as names are compared: accounts with the same FoldName
// are the same account.
func FoldName(name string) string { return fold(tidy(name)) }

// AddAccount adds an account of the given name, role and person. hash is the
// hash of its password, empty if it is to choose one by a link. ErrTaken means
// that another account has the name, ErrLinked that one has the person.
// Admins do not see the values of a person whose account is a member until
// that account allows it.
func (s *Store) AddAccount(ctx context.Context, now time.Time, a Account, hash string) (*Account, error) {
	var id int64
	err := s.w.do(ctx, func(t *tx) (err error) {
		id, err = t.addAccount(now, a, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.Account(ctx, id)
}

func (t *tx) addAccount(now time.Time, a Account, hash string) (int64, error) {
	if a.Name = tidy(a.Name); a.Name == "" {
		return 0, errors.New("an account needs a name")
	}
	if err := checkMail(a.Preferences); err != nil {
		return 0, err
	}
	res, err := t.result(`insert into account (name, name_fold, role, password, units, weight_unit, temperature_unit,
		energy_unit, clock, week_start, zone, mail, created_ms, password_ms)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.Name, fold(a.Name), a.Role, hash, a.Units.System,
		a.Units.Weight, a.Units.Temperature, a.Units.Energy, a.Clock, a.WeekStart, a.Zone, a.Mail,
		now.UnixMilli(), passwordSet(now, hash))
	if err != nil {
		return 0, fmt.Errorf("name %q: %w", a.Name, inUse(err, ErrTaken))
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, err
	}
	if a.Person != 0 {
		if err := t.setAccountPerson(id, a.Person); err != nil {
			return 0, err
		}
	}
	return id, t.bumpPeople()
}

func passwordSet(now time.Time, hash string) int64 {
	if hash == "" {
		return 0
	}
	return now.UnixMilli()
}

// setAccountPerson gives an account its own person. From then on a member
// decides whether admins see values.
func (t *tx) setAccountPerson(account, person int64) error {
	if err := t.changeOne(`update account set person_id = ? where id = ?`, ref(person), account); err != nil {
		return fmt.Errorf("person of the account: %w", inUse(err, ErrLinked))
	}
	return t.exec(`update person set admins_read = 0 where id = ? and
		(select role from account where id = ?) = 'member'`, person, account)
}

// changeOne runs a statement that changes a row; ErrNotFound if it changed none.
func (t *tx) changeOne(text string, args ...any) error {
	res, err := t.result(text, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrNotFound
}

const accountColumns = `select a.id, a.name, a.role, coalesce(a.person_id, 0), coalesce(p.slug, ''), a.disabled,
	a.password <> '', a.units, a.weight_unit, a.temperature_unit, a.energy_unit, a.clock, a.week_start, a.zone, a.mail,
	a.created_ms, a.password_ms
	from account a left join person p on p.id = a.person_id `

func scanAccount(rows *sql.Rows) (*Account, error) {
	var a Account
	var created, set int64
	if err := rows.Scan(&a.ID, &a.Name, &a.Role, &a.Person, &a.Slug, &a.Disabled, &a.HasPassword,
		&a.Units.System, &a.Units.Weight, &a.Units.Temperature, &a.Units.Energy, &a.Clock, &a.WeekStart,
		&a.Zone, &a.Mail, &created, &set); err != nil {
		return nil, err
	}
	a.Created = time.UnixMilli(created)
	if set != 0 {
		a.PasswordSet = time.UnixMilli(set)
	}
	return &a, nil
}

func (s *Store) accounts(ctx context.Context, where string, args ...any) ([]*Account, error) {
	rows, err := s.f.query(ctx, accountColumns+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanAccount)
}

// Accounts returns all accounts by name.
func (s *Store) Accounts(ctx context.Context) ([]*Account, error) {
	return s.accounts(ctx, `order by a.name_fold`)
}

// Account returns one account, or ErrNotFound.
func (s *Store) Account(ctx context.Context, id int64) (*Account, error) {
	return s.oneAccount(ctx, `where a.id = ?`, id)
}

// AccountByName returns one account by its name, ignoring case, or ErrNotFound.
func (s *Store) AccountByName(ctx context.Context, name string) (*Account, error) {
	return s.oneAccount(ctx, `where a.name_fold = ?`, FoldName(name))
}

func (s *Store) oneAccount(ctx context.Context, where string, args ...any) (*Account, error) {
	list, err := s.accounts(ctx, where, args...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return list[0], nil
}

// PasswordHash returns the hash of an account's password, empty while it has
// none, or ErrNotFound.
func (s *Store) PasswordHash(ctx context.Context, account int64) (hash string, err error) {
	err = s.f.queryRow(ctx, `select password from account where id = ?`, account).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	return hash, fault(err)
}

// HasAdmin reports whether there is an admin who can sign in.
func (s *Store) HasAdmin(ctx context.Context) (has bool, err error) {
	err = s.f.queryRow(ctx, `select exists (select 1 from account where `+canAdminister+`)`).Scan(&has)
	return has, fault(err)
}
