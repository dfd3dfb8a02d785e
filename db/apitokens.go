package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// APIToken lets a program read through the API. The token itself is not stored, only its
// SHA-256.
type APIToken struct {
	ID   int64
	Name string
	// Account made it, and it reads no more than that account; 0 for the command line,
	// which reads everyone.
	Account int64
	// AccountName is empty for the command line.
	AccountName string
	// Person is the one person that it reads, 0 for all whom its maker reads. PersonName
	// is empty then.
	Person     int64
	PersonName string
	// Scopes are sorted.
	Scopes  []string
	Created time.Time
	// Expires is zero if it works until it is removed. Used is when it was last used, to
	// about a minute; zero for never.
	Expires, Used time.Time
}

// APITokenKept is how long tokens are listed after they have expired.
const APITokenKept = 90 * 24 * time.Hour

// Expired reports whether a token no longer works at an instant.
func (k *APIToken) Expired(now time.Time) bool { return !k.Expires.IsZero() && !k.Expires.After(now) }

// AddAPIToken adds a token by its hash and returns its id; ID and the names of t are not
// read. ErrTaken means that its account has another of that name, ErrNotFound that the
// account is disabled or does not exist.
func (s *Store) AddAPIToken(ctx context.Context, hash []byte, k APIToken) (id int64, err error) {
	if k.Name = tidy(k.Name); k.Name == "" {
		return 0, errors.New("a token needs a name")
	}
	err = s.w.do(ctx, func(t *tx) error {
		var may bool
		if err := t.row(`select ?1 = 0 or exists (select 1 from account where id = ?1 and disabled = 0)`, []any{k.Account},
			&may); err != nil {
			return err
		}
		if !may {
			return ErrNotFound
		}
		res, err := t.result(`insert into api_token (hash, name, account_id, person_id, scopes, created_ms, expires_ms)
			values (?, ?, ?, ?, ?, ?, ?)`, hash, k.Name, ref(k.Account), ref(k.Person), strings.Join(k.Scopes, " "),
			k.Created.UnixMilli(), millis(k.Expires))
		if err != nil {
			return inUse(err, ErrTaken)
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

const apiTokenColumns = `select k.id, k.name, coalesce(k.account_id, 0), coalesce(a.name, ''), coalesce(k.person_id, 0),
	coalesce(p.name, ''), k.scopes, k.created_ms, k.expires_ms, k.used_ms
	from api_token k left join account a on a.id = k.account_id left join person p on p.id = k.person_id `

func scanAPIToken(rows *sql.Rows) (k APIToken, err error) {
	var scopes string
	var created, expires, used int64
	err = rows.Scan(&k.ID, &k.Name, &k.Account, &k.AccountName, &k.Person, &k.PersonName, &scopes, &created, &expires,
		&used)
	k.Scopes, k.Created, k.Expires, k.Used = strings.Fields(scopes), instant(created), instant(expires), instant(used)
	return k, err
}

func (s *Store) apiTokens(ctx context.Context, where string, args ...any) ([]APIToken, error) {
	rows, err := s.f.query(ctx, apiTokenColumns+where, args...)
	if err != nil {
		return nil, fault(err)
	}
	return collect(rows, scanAPIToken)
}

// APITokens returns all tokens, by name.
func (s *Store) APITokens(ctx context.Context) ([]APIToken, error) {
	return s.apiTokens(ctx, `order by k.name, k.id`)
}

// APITokenByHash returns a token that works now. ErrNotFound stands for one that does not
// exist, has expired, or whose account is disabled or whose person is being erased.
func (s *Store) APITokenByHash(ctx context.Context, now time.Time, hash []byte) (APIToken, error) {
	list, err := s.apiTokens(ctx, `where k.hash = ? and (k.expires_ms = 0 or k.expires_ms > ?)
		and coalesce(a.disabled, 0) = 0 and coalesce(p.erasing_ms, 0) = 0`, hash, now.UnixMilli())
	if err != nil {
		return APIToken{}, err
	}
	if len(list) == 0 {
		return APIToken{}, ErrNotFound
	}
	return list[0], nil
}

// APITokenUsed notes that a token was used.
func (s *Store) APITokenUsed(ctx context.Context, now time.Time, id int64) error {
	return s.w.do(ctx, func(t *tx) error {
		return t.exec(`update api_token set used_ms = max(used_ms, ?) where id = ?`, now.UnixMilli(), id)
	})
}

// RemoveAPIToken removes a token, or returns ErrNotFound.
func (s *Store) RemoveAPIToken(ctx context.Context, id int64) error {
	return s.w.do(ctx, func(t *tx) error { return t.changeOne(`delete from api_token where id = ?`, id) })
}
